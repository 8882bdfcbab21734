/** The drawer with the handbook: opens beside any page and stays while one goes from page to page. */
import { showOnline } from './online.js';

const KEY = 'djdesk.help';
const TYPING = 150; // ms without a key before what is typed is searched for
const LONGEST = 50; // places that Back remembers

/**
 * A place is `topic`, `topic#anchor`, `?words searched for`, or empty for the list of topics.
 * `follows`: it shows what the page is about, and goes along to the next page.
 * @typedef {{open: boolean, places: string[], at: number, follows: boolean}} State
 */

const drawer = /** @type {HTMLElement | null} */ (document.getElementById('help'));
const content = /** @type {HTMLElement} */ (document.getElementById('help-content'));
const field = /** @type {HTMLInputElement} */ (document.getElementById('help-query'));
const state = restore();
/** @type {Element | null} */
let opener = null;
let asked = 0;
let timer = 0;

if (drawer) start(drawer);

/** @param {HTMLElement} aside */
function start(aside) {
  document.addEventListener('click', onClick);
  document.addEventListener('keydown', onKey);
  document.addEventListener('djdesk:help', (event) => open(/** @type {CustomEvent} */ (event).detail));
  document.addEventListener('djdesk:server-back', () => content.querySelector('[data-help-again]') && show(false));
  field.addEventListener('input', () => {
    clearTimeout(timer);
    timer = window.setTimeout(search, TYPING);
  });
  /** @type {HTMLFormElement} */ (field.form).addEventListener('submit', async (event) => {
    event.preventDefault();
    clearTimeout(timer);
    await search();
    const first = content.querySelector('.help-hits a');
    if (first instanceof HTMLElement) first.focus();
  });
  state.open = document.documentElement.classList.contains('help-open'); // see help-early.js
  if (!state.open) return;
  const topic = aside.dataset.pageTopic || '';
  if (state.follows && topic) state.places[state.at] = topic;
  show(false);
}

/** @returns {State} */
function restore() {
  /** @type {State} */
  const fresh = { open: false, places: [], at: -1, follows: false };
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY) || '{}');
    return Array.isArray(kept.places) && kept.places.length > kept.at && kept.at >= 0 ? { ...fresh, ...kept } : fresh;
  } catch (error) {
    return fresh;
  }
}

/** @param {MouseEvent} event */
function onClick(event) {
  const target = /** @type {Element} */ (event.target);
  const link = target.closest('[data-help]');
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey && event.button === 0) {
    event.preventDefault();
    open(link.getAttribute('data-help') || '');
  } else if (target.closest('[data-help-close]')) close();
  else if (target.closest('[data-help-back]')) step(-1);
  else if (target.closest('[data-help-forward]')) step(1);
  else if (target.closest('[data-help-again]')) show(true);
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  const inside = drawer && drawer.contains(document.activeElement);
  if (event.key === 'Escape' && inside && state.open && !event.isComposing) {
    event.preventDefault();
    close();
  } else if (event.key === 'F1' && !event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey) {
    event.preventDefault();
    if (document.querySelector('dialog[open]')) return;
    if (inside && state.open) close();
    else if (drawer) open(drawer.dataset.pageTopic || '');
  } else if (inside && event.altKey && (event.key === 'ArrowLeft' || event.key === 'ArrowRight')) {
    event.preventDefault();
    step(event.key === 'ArrowLeft' ? -1 : 1);
  }
}

/** @param {string} place */
function open(place) {
  if (!drawer) return;
  if (!drawer.contains(document.activeElement)) opener = document.activeElement;
  state.open = true;
  if (place !== state.places[state.at]) {
    state.places = [...state.places.slice(0, state.at + 1), place].slice(-LONGEST);
    state.at = state.places.length - 1;
  }
  return show(true);
}

function close() {
  state.open = false;
  asked += 1;
  keep();
  const place = opener instanceof HTMLElement && opener.isConnected && opener !== document.body ? opener : document.querySelector('.help-link');
  if (place instanceof HTMLElement) place.focus();
}

/** @param {number} by */
function step(by) {
  if (state.places[state.at + by] === undefined) return;
  state.at += by;
  show(true);
}

/** What is typed becomes one place, however often it changes. */
function search() {
  const words = field.value.trim();
  const searched = (state.places[state.at] || '').startsWith('?');
  if (!words && !searched) return undefined;
  if (searched) state.places[state.at] = words ? `?${words}` : '';
  else {
    state.places = [...state.places.slice(0, state.at + 1), `?${words}`].slice(-LONGEST);
    state.at = state.places.length - 1;
  }
  return show(false);
}

function keep() {
  document.documentElement.classList.toggle('help-open', state.open);
  state.follows = Boolean(drawer && state.places[state.at] === drawer.dataset.pageTopic);
  sessionStorage.setItem(KEY, JSON.stringify(state));
  for (const [name, by] of /** @type {[string, number][]} */ ([['back', -1], ['forward', 1]])) {
    const button = document.querySelector(`[data-help-${name}]`);
    if (button instanceof HTMLButtonElement) button.disabled = state.places[state.at + by] === undefined;
  }
}

/** Fetch the place that one is at and put it in. @param {boolean} focus */
async function show(focus) {
  if (!drawer) return;
  keep();
  const place = state.places[state.at] || '';
  const mine = (asked += 1);
  const [topic, anchor] = place.split('#');
  const url = new URL(drawer.dataset.url || '', location.href);
  if (place.startsWith('?')) url.searchParams.set('q', place.slice(1));
  else if (topic) url.pathname += `${encodeURIComponent(topic)}/`;
  url.searchParams.set('part', 'drawer');
  /** @type {Node[]} */
  let fresh;
  try {
    const response = await fetch(url.href, { headers: { Accept: 'text/html' } });
    // A topic that is gone is answered with the list of those that are there.
    if (!response.ok && response.status !== 404) throw new Error(String(response.status));
    fresh = Array.from(new DOMParser().parseFromString(await response.text(), 'text/html').body.childNodes);
  } catch (error) {
    const trouble = /** @type {HTMLTemplateElement} */ (document.getElementById('help-trouble'));
    fresh = [document.importNode(trouble.content, true)];
  }
  if (mine !== asked) return; // something else was asked for meanwhile
  content.textContent = '';
  content.append(...fresh);
  if (document.activeElement !== field) field.value = place.startsWith('?') ? place.slice(1) : '';
  const told = content.querySelector('[data-status]');
  const status = /** @type {HTMLElement} */ (document.getElementById('help-status'));
  status.textContent = told ? told.getAttribute('data-status') : '';
  const aim = anchor ? document.getElementById(`help-${anchor}`) : null;
  content.scrollTop = aim ? aim.getBoundingClientRect().top - content.getBoundingClientRect().top - 8 : 0;
  if (focus) content.focus({ preventScroll: true });
  showOnline();
}
