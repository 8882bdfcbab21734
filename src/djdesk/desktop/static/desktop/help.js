/** The handbook drawer: opens beside any page and stays open from page to page. */
import * as places from './help-places.js';
import { showOnline } from './online.js';

const TYPING = 150; // ms after the last keystroke before searching

const drawer = /** @type {HTMLElement | null} */ (document.getElementById('help'));
const content = /** @type {HTMLElement} */ (document.getElementById('help-content'));
const field = /** @type {HTMLInputElement} */ (document.getElementById('help-query'));
const pageTopic = (drawer && drawer.dataset.pageTopic) || '';
/** @type {Element | null} */
let opener = null;
let asked = 0;
let timer = 0;

if (drawer) start();

function start() {
  document.addEventListener('click', onClick);
  document.addEventListener('keydown', onKey);
  document.addEventListener('djdesk:help', (event) => open(/** @type {CustomEvent} */ (event).detail));
  document.addEventListener('djdesk:server-back', () => {
    if (content.querySelector('[data-help-again]')) show(false);
  });
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
  if (!places.isOpen()) return;
  places.follow(pageTopic);
  show(false);
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
  const inside = places.isOpen() && drawer && drawer.contains(document.activeElement);
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey;
  if (event.key === 'Escape' && inside && !event.isComposing) {
    event.preventDefault();
    close();
  } else if (event.key === 'F1' && plain) {
    event.preventDefault();
    if (document.querySelector('dialog[open]')) return;
    if (inside) close();
    else open(pageTopic);
  } else if (inside && event.altKey && (event.key === 'ArrowLeft' || event.key === 'ArrowRight')) {
    event.preventDefault();
    step(event.key === 'ArrowLeft' ? -1 : 1);
  }
}

/** @param {string} place */
function open(place) {
  if (drawer && !drawer.contains(document.activeElement)) opener = document.activeElement;
  places.go(place);
  show(true);
}

function close() {
  places.shut();
  asked += 1; // ignore responses still under way
  settle();
  const known = opener instanceof HTMLElement && opener.isConnected && opener !== document.body;
  const back = known ? opener : document.querySelector('.help-link');
  if (back instanceof HTMLElement) back.focus();
}

/** @param {number} by */
function step(by) {
  if (!places.canStep(by)) return;
  places.step(by);
  show(true);
}

async function search() {
  const words = field.value.trim();
  if (!words && !places.place().startsWith('?')) return;
  places.search(words);
  await show(false);
}

/** Update the page from the state, and save the state for the next page. */
function settle() {
  document.documentElement.classList.toggle('help-open', places.isOpen());
  places.keep(pageTopic);
  for (const [name, by] of /** @type {[string, number][]} */ ([['back', -1], ['forward', 1]])) {
    const button = document.querySelector(`[data-help-${name}]`);
    if (button instanceof HTMLButtonElement) button.disabled = !places.canStep(by);
  }
}

/** Fetch and show the current place. @param {boolean} focus */
async function show(focus) {
  settle();
  const place = places.place();
  const mine = (asked += 1);
  const fresh = await load(place);
  if (mine !== asked) return; // something else was requested meanwhile
  content.textContent = '';
  content.append(...fresh);
  if (document.activeElement !== field) field.value = place.startsWith('?') ? place.slice(1) : '';
  const told = content.querySelector('[data-status]');
  const status = /** @type {HTMLElement} */ (document.getElementById('help-status'));
  status.textContent = told ? told.getAttribute('data-status') : '';
  const aim = document.getElementById(`help-${place.split('#')[1] || ''}`);
  content.scrollTop = aim && content.contains(aim) ? aim.getBoundingClientRect().top - content.getBoundingClientRect().top - 8 : 0;
  if (focus) content.focus({ preventScroll: true });
  showOnline();
}

/** @param {string} place @returns {Promise<Node[]>} */
async function load(place) {
  const [topic] = place.split('#');
  const url = new URL((drawer && drawer.dataset.url) || '', location.href);
  if (place.startsWith('?')) url.searchParams.set('q', place.slice(1));
  else if (topic) url.pathname += `${encodeURIComponent(topic)}/`;
  url.searchParams.set('part', 'drawer');
  try {
    const response = await fetch(url.href, { headers: { Accept: 'text/html' } });
    // A missing topic is answered with the list of existing ones.
    if (!response.ok && response.status !== 404) throw new Error(String(response.status));
    return Array.from(new DOMParser().parseFromString(await response.text(), 'text/html').body.childNodes);
  } catch (error) {
    const trouble = /** @type {HTMLTemplateElement} */ (document.getElementById('help-trouble'));
    return [document.importNode(trouble.content, true)];
  }
}
