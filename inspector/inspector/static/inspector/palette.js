/** The command palette: one field for pages, actions and everything that has a name, by keyboard alone. */
import { bridge } from './bridge.js';
import { gettext, ngettext, number, pgettext } from './i18n.js';
import { best } from './match.js';
import { expectOk, notice, Refused } from './notice.js';
import { showShortcuts } from './shortcuts.js';
import { applyTheme } from './theme.js';

/**
 * @typedef {object} Entry
 * @property {string} kind
 * @property {string} text
 * @property {string} [detail]
 * @property {string} [icon]
 * @property {string} [go] a URL
 * @property {string} [post] a URL to post to
 * @property {Record<string, string>} [values] values to post
 * @property {string} [theme] applied at once
 * @property {string} [help] help topic
 * @property {string} [do] a key of `DOINGS`
 * @property {string} search searched text, lower case
 */

const SHOWN = 60;
const RECENT = 6; // entries listed before anything is typed
// Among equal matches, likelier kinds rank higher.
const BONUS = /** @type {Record<string, number>} */ ({ page: 8, action: 7, project: 6, model: 5, finding: 4, URL: 3, setting: 3, migration: 1 });
const ICONS = /** @type {Record<string, string>} */ ({
  model: 'models', field: 'key', URL: 'urls', setting: 'settings', variable: 'settings', migration: 'migrations',
  template: 'templates', command: 'terminal', package: 'dependencies', task: 'wiring', language: 'translations',
});

const KINDS = /** @type {Record<string, string>} */ ({
  page: pgettext('kind', 'page'), action: pgettext('kind', 'action'), project: pgettext('kind', 'project'),
  model: pgettext('kind', 'model'), field: pgettext('kind', 'field'), URL: pgettext('kind', 'URL'),
  setting: pgettext('kind', 'setting'), variable: pgettext('kind', 'variable'), migration: pgettext('kind', 'migration'),
  template: pgettext('kind', 'template'), command: pgettext('kind', 'command'), package: pgettext('kind', 'package'),
  task: pgettext('kind', 'task'), finding: pgettext('kind', 'finding'), language: pgettext('kind', 'language'),
});

/** @type {Record<string, () => void>} */
const DOINGS = { 'open-folder': openFolder, 'toggle-rail': toggleRail, shortcuts: showShortcuts };

/** @type {Entry[]} */
let entries = [];
/** @type {Entry[]} */
let found = [];
let chosen = 0;

export function startPalette() {
  const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target && /^(why|preset)-/.test(target.id)) unfold(target);
  document.addEventListener('keydown', (event) => {
    if (event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      openPalette();
    }
  });
  document.addEventListener('click', (event) => {
    if (/** @type {Element} */ (event.target).closest('[data-palette]')) openPalette();
  });
  const { dialog, input, list } = parts();
  if (!dialog || !input || !list) return;
  input.addEventListener('input', () => show(input.value));
  input.addEventListener('keydown', onKey);
  // Clicking would take the focus from the field.
  list.addEventListener('mousedown', (event) => event.preventDefault());
  list.addEventListener('click', (event) => {
    const option = /** @type {Element} */ (event.target).closest('[role=option]');
    if (option) run(found[Number(option.getAttribute('data-at'))]);
  });
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) dialog.close();
  });
}

function parts() {
  const dialog = /** @type {HTMLDialogElement | null} */ (document.getElementById('palette'));
  const input = /** @type {HTMLInputElement | null} */ (document.getElementById('palette-input'));
  const list = document.getElementById('palette-list');
  return { dialog, input, list };
}

export async function openPalette() {
  const { dialog, input } = parts();
  if (!dialog || !input || dialog.open) return;
  dialog.showModal();
  input.value = '';
  input.focus();
  show('');
  try {
    const [first, index] = await Promise.all([
      load(dialog.dataset.entries || ''),
      dialog.dataset.index ? load(dialog.dataset.index) : { rows: [] },
    ]);
    entries = [...first.entries.map(withText), ...index.rows.map(fromRow)];
  } catch {
    notice(gettext('The list of pages and names could not be loaded. Try again.'));
  }
  if (dialog.open) show(input.value);
}

/** @param {string} url @returns {Promise<any>} */
async function load(url) {
  const response = await fetch(url);
  await expectOk(response);
  return response.json();
}

/** @param {Entry} entry @returns {Entry} */
function withText(entry) {
  return { ...entry, search: `${entry.text} ${entry.detail || ''}`.toLowerCase() };
}

/** @param {[string, string, string, string]} row @returns {Entry} */
function fromRow([kind, text, detail, go]) {
  return { kind, text, detail, go, icon: ICONS[kind], search: `${text} ${detail}`.toLowerCase() };
}

/** @param {string} query */
function show(query) {
  const { input, list } = parts();
  const nothing = document.getElementById('palette-nothing');
  if (!input || !list || !nothing) return;
  const typed = query.trim();
  // Before typing, list only recent choices and entries about the app: thousands
  // of fields help nobody.
  const last = typed ? [] : recent();
  const among = typed ? entries : [...last, ...entries.filter((entry) => ['page', 'action', 'project'].includes(entry.kind) && !last.includes(entry))];
  found = best(typed, among, (entry) => entry.search, (entry) => (typed ? BONUS[entry.kind] || 0 : 0), SHOWN);
  list.textContent = '';
  found.forEach((entry, at) => list.appendChild(option(entry, at)));
  nothing.hidden = found.length > 0 || !entries.length;
  const count = document.getElementById('palette-count');
  if (count) count.textContent = typed && found.length ? ngettext('{n} result', '{n} results', found.length, { n: number(found.length) }) : '';
  choose(0);
}

/** @param {Entry} entry @param {number} at */
function option(entry, at) {
  const element = document.createElement('div');
  element.id = `palette-${at}`;
  element.setAttribute('role', 'option');
  element.setAttribute('data-at', String(at));
  element.className = 'palette-option';
  element.appendChild(icon(entry.icon || 'right'));
  for (const [name, text] of [['palette-text', entry.text], ['palette-detail', entry.detail || ''], ['palette-kind', KINDS[entry.kind] || entry.kind]]) {
    const part = document.createElement('span');
    part.className = name;
    part.textContent = text;
    element.appendChild(part);
  }
  return element;
}

/** @param {string} name */
function icon(name) {
  const space = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(space, 'svg');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS(space, 'use');
  const { dialog } = parts();
  use.setAttribute('href', `${(dialog && dialog.dataset.icons) || ''}#${name}`);
  svg.appendChild(use);
  return svg;
}

/** @param {number} at */
function choose(at) {
  const { input, list } = parts();
  if (!input || !list) return;
  chosen = found.length ? (at + found.length) % found.length : 0;
  for (const element of Array.from(list.children)) {
    element.setAttribute('aria-selected', String(element.id === `palette-${chosen}`));
  }
  const current = document.getElementById(`palette-${chosen}`);
  if (current) {
    input.setAttribute('aria-activedescendant', current.id);
    current.scrollIntoView({ block: 'nearest' });
  } else input.removeAttribute('aria-activedescendant');
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  /** @type {Record<string, number>} */
  const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 };
  if (event.key in steps) {
    event.preventDefault();
    const last = found.length - 1;
    const step = steps[event.key];
    choose(Math.abs(step) === 1 ? chosen + step : Math.max(0, Math.min(last, chosen + step)));
  } else if (event.key === 'Enter' && !event.isComposing) {
    event.preventDefault();
    if (found[chosen]) run(found[chosen]);
  }
}

/** Storage key of recent choices, separate for each project. */
function recentKey() {
  return `djdesk-recent-${document.body.dataset.project || 'home'}`;
}

/** Recent choices that still exist, newest first. @returns {Entry[]} */
function recent() {
  /** @type {unknown} */
  let kept = [];
  try {
    kept = JSON.parse(localStorage.getItem(recentKey()) || '[]');
  } catch { /* what somebody else wrote there is no list of ours */ }
  const names = Array.isArray(kept) ? kept : [];
  return names.flatMap((name) => entries.find((entry) => nameOf(entry) === name) || []);
}

/** @param {Entry} entry */
function nameOf(entry) {
  return `${entry.kind} ${entry.text}`;
}

/** @param {Entry} entry */
function remember(entry) {
  const names = [entry, ...recent()].map(nameOf);
  localStorage.setItem(recentKey(), JSON.stringify([...new Set(names)].slice(0, RECENT)));
}

/** @param {Entry} entry */
function run(entry) {
  const { dialog } = parts();
  if (dialog) dialog.close();
  remember(entry);
  if (entry.theme) applyTheme(entry.theme);
  if (entry.do && DOINGS[entry.do]) DOINGS[entry.do]();
  else if (entry.help !== undefined) document.dispatchEvent(new CustomEvent('djdesk:help', { detail: entry.help }));
  else if (entry.post) post(entry.post, entry.values);
  else if (entry.go) go(entry.go);
}

/** @param {string} address */
function go(address) {
  const url = new URL(address, location.href);
  if (url.origin !== location.origin) return;
  const same = url.pathname === location.pathname && url.search === location.search;
  location.assign(url.href);
  // For the current URL with the same hash, the browser would do nothing.
  const target = same && url.hash ? document.getElementById(decodeURIComponent(url.hash.slice(1))) : null;
  if (target) unfold(target);
}

/** Open the closed sections around a link's target. @param {Element} target */
function unfold(target) {
  const fold = target instanceof HTMLDetailsElement ? target : target.querySelector(':scope > details');
  if (fold instanceof HTMLDetailsElement) fold.open = true;
  target.scrollIntoView({ block: 'center' });
}

/**
 * The result arrives through the event stream.
 * @param {string} address @param {Record<string, string>} [values]
 */
export async function post(address, values = {}) {
  const token = document.querySelector('input[name=csrfmiddlewaretoken]');
  const body = new FormData();
  body.set('csrfmiddlewaretoken', token instanceof HTMLInputElement ? token.value : '');
  for (const [name, value] of Object.entries(values)) body.set(name, value);
  try {
    const response = await fetch(address, { method: 'POST', body, headers: { 'X-Quiet': '1' } });
    await expectOk(response);
  } catch (error) {
    notice(error instanceof Refused ? error.message : gettext('That did not reach the server. Try again.'));
  }
}

function openFolder() {
  const button = document.querySelector('[data-choose-folder]');
  const field = document.getElementById('id_path');
  if (bridge && button instanceof HTMLElement) button.click();
  else if (field) field.focus();
  else location.assign(document.body.dataset.home || '/');
}

function toggleRail() {
  const button = document.querySelector('[data-toggle-rail]');
  if (button instanceof HTMLElement) button.click();
}
