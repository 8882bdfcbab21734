/**
 * The migration graph: highlights related migrations, moves through rows by keyboard,
 * filters, opens the panel.
 */
import { copyText } from './copy.js';
import { enterDetail, showFragments } from './fragment.js';
import { closure, neighbours } from './migration-walk.js';

const TYPING = 150; // ms after the last key before filtering
const PAGE = 15; // rows

const split = document.querySelector('[data-migrations]');
/** @type {import('./migration-walk.js').Neighbours} */
let near = { up: new Map(), down: new Map() };
let typing = 0;

/** @param {Element} root */
function start(root) {
  refresh();
  document.addEventListener('djdesk:swapped', refresh);
  root.addEventListener('click', (event) => onClick(/** @type {MouseEvent} */ (event)));
  root.addEventListener('keydown', (event) => onKey(/** @type {KeyboardEvent} */ (event)));
  root.addEventListener('pointerover', (event) => lightFor(event.target));
  root.addEventListener('focusin', (event) => {
    rove(event.target);
    lightFor(event.target);
  });
  root.addEventListener('pointerleave', () => lightFor(null));
  root.addEventListener('focusout', () => lightFor(null));
  root.addEventListener('input', onInput);
  root.addEventListener('submit', (event) => {
    if (!(/** @type {Element} */ (event.target).matches('[data-mig-filter]'))) return;
    event.preventDefault();
    filter();
  });
  window.addEventListener('popstate', () => show(['main', 'detail'], false));
  // Navigating to the URL's fragment takes the focus, until the page has loaded.
  if (document.readyState === 'complete') arrive();
  else window.addEventListener('load', () => requestAnimationFrame(arrive));
}

const rows = () => /** @type {HTMLElement[]} */ (Array.from(document.querySelectorAll('.mig-row')));
/** @param {Element} row */
const linkOf = (row) => /** @type {HTMLElement} */ (row.querySelector('a[data-mig]'));

function refresh() {
  const lines = Array.from(document.querySelectorAll('.mig-line'), (line) => [
    Number(line.getAttribute('data-from')),
    Number(line.getAttribute('data-to')),
  ]);
  near = neighbours(lines);
  rove(null);
  lightFor(null);
}

/** A link into the list may name a row that is filtered out. */
function arrive() {
  const id = decodeURIComponent(location.hash.slice(1));
  const row = id && document.getElementById(id);
  if (row instanceof HTMLElement && row.classList.contains('mig-row')) linkOf(row).focus();
  else if (id.startsWith('mig-') && !row && new URL(location.href).searchParams.get('app') !== '*') {
    const url = new URL(location.href);
    url.search = '?view=graph&app=*';
    location.replace(url.href);
  } else {
    const chosen = document.querySelector('.mig-row.chosen');
    if (chosen) chosen.scrollIntoView({ block: 'center' });
  }
}

/** @param {MouseEvent} event */
function onClick(event) {
  const target = /** @type {Element} */ (event.target);
  const copy = target.closest('[data-copy-text]');
  if (copy) {
    const text = document.getElementById(copy.getAttribute('data-copy-text') || '');
    copyText((text && text.textContent) || '', 'Copied');
    return;
  }
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  const apps = target.closest('a[data-mig-apps]');
  const link = target.closest('a[data-mig], a[data-mig-close]');
  if (apps) {
    event.preventDefault();
    const url = new URL(location.href);
    url.searchParams.delete('app');
    if (apps.getAttribute('data-mig-apps')) url.searchParams.set('app', '*');
    history.pushState(null, '', url.href);
    show(['main'], false);
  } else if (link instanceof HTMLAnchorElement) {
    event.preventDefault();
    const wanted = new URL(link.href).searchParams.get('mig') || '';
    choose(wanted, !link.closest('.mig-row'));
  }
}

/**
 * @param {string} wanted key of a migration, or empty @param {boolean} move whether to move the focus to it
 */
function choose(wanted, move) {
  const url = new URL(location.href);
  const before = url.searchParams.get('mig') || '';
  if (wanted) url.searchParams.set('mig', wanted);
  else url.searchParams.delete('mig');
  url.hash = '';
  history.pushState(null, '', url.href);
  const shown = rows().some((row) => row.dataset.key === wanted);
  mark();
  const done = show(['detail'], move && Boolean(wanted));
  if (!wanted) {
    const row = rows().find((one) => one.dataset.key === before);
    if (row) linkOf(row).focus();
  } else if (shown && move) {
    const row = rows().find((one) => one.dataset.key === wanted);
    if (row) row.scrollIntoView({ block: 'nearest' });
  }
  return done;
}

function mark() {
  const wanted = new URL(location.href).searchParams.get('mig') || '';
  if (split) split.classList.toggle('has-detail', Boolean(wanted));
  for (const row of rows()) {
    const is = Boolean(wanted) && row.dataset.key === wanted;
    row.classList.toggle('chosen', is);
    if (is) linkOf(row).setAttribute('aria-current', 'true');
    else linkOf(row).removeAttribute('aria-current');
  }
}

/** Fetch parts of the page at its own URL. @param {string[]} names @param {boolean} move */
async function show(names, move) {
  const url = new URL(location.href);
  url.searchParams.set('view', 'graph');
  url.hash = '';
  if (!(await showFragments(url, names))) return;
  mark();
  if (names.includes('detail')) enterDetail(move);
}

/** @param {Event} event */
function onInput(event) {
  const target = /** @type {Element} */ (event.target);
  if (target.closest('[data-mig-filter]')) {
    clearTimeout(typing);
    typing = window.setTimeout(filter, target.matches('[type=search]') ? TYPING : 0);
  } else if (target.matches('[data-sql-engine]')) {
    const url = new URL(location.href);
    url.searchParams.set('engine', /** @type {HTMLSelectElement} */ (target).value);
    history.replaceState(null, '', url.href);
    show(['detail'], false);
  }
}

function filter() {
  const form = document.querySelector('[data-mig-filter]');
  if (!(form instanceof HTMLFormElement)) return;
  clearTimeout(typing);
  const url = new URL(location.href);
  for (const name of ['q', 'state', 'app']) url.searchParams.delete(name);
  for (const [name, value] of new FormData(form)) {
    if (value && name !== 'view') url.searchParams.append(name, String(value));
  }
  history.replaceState(null, '', url.href);
  show(['main'], false);
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  const target = /** @type {Element} */ (event.target);
  if (event.key === 'Escape' && split && split.classList.contains('has-detail') && !target.closest('details[open], form')) {
    event.preventDefault();
    choose('', false);
    return;
  }
  const row = target.closest('.mig-row');
  const all = rows();
  const at = row instanceof HTMLElement ? all.indexOf(row) : -1;
  if (at < 0) {
    if (event.key === 'ArrowDown' && target.id === 'mig-filter' && all.length) {
      event.preventDefault();
      linkOf(all[0]).focus();
    }
    return;
  }
  /** @type {Record<string, number>} */
  const steps = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1, PageDown: at + PAGE, PageUp: at - PAGE };
  if (!(event.key in steps) || event.ctrlKey || event.altKey || event.metaKey) return;
  event.preventDefault();
  linkOf(all[Math.max(0, Math.min(all.length - 1, steps[event.key]))]).focus();
}

/** Keep exactly one row in the tab order. @param {EventTarget | null} target */
function rove(target) {
  const all = rows();
  const focused = target instanceof Element ? target : document.activeElement;
  const row = (focused && focused.closest('.mig-row')) || all.find((one) => one.classList.contains('chosen')) || all[0];
  if (target && !(focused && focused.closest('.mig-row'))) return;
  for (const one of all) linkOf(one).tabIndex = one === row ? 0 : -1;
}

/** Highlight a row's dependencies and dependents. @param {EventTarget | null} target */
function lightFor(target) {
  const graph = document.getElementById('mig-graph');
  if (!graph) return;
  const all = rows();
  const pointed = target instanceof Element ? target.closest('.mig-row') : null;
  const focused = document.activeElement && document.activeElement.closest('.mig-row');
  const row = pointed || focused || all.find((one) => one.classList.contains('chosen'));
  const at = row instanceof HTMLElement ? all.indexOf(row) : -1;
  graph.classList.toggle('lit', at >= 0);
  const lit = at >= 0 ? closure(near, at) : new Set();
  all.forEach((one, index) => one.classList.toggle('near', lit.has(index)));
  for (const dot of Array.from(graph.querySelectorAll('.mig-dot'))) {
    dot.classList.toggle('near', lit.has(Number(dot.getAttribute('data-row'))));
  }
  for (const line of Array.from(graph.querySelectorAll('.mig-line'))) {
    const from = Number(line.getAttribute('data-from'));
    const to = Number(line.getAttribute('data-to'));
    line.classList.toggle('near', lit.has(from) && lit.has(to) && (to <= at || from >= at));
  }
}

if (split) start(split);
