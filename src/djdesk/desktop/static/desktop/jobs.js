/** Job pages: update progress in place, and reload the rest when a state changes. */
import { follow } from './events.js';

const LOG_EVERY = 2000; // ms between refreshes of a running job's log

/** @typedef {{key: string, state: string, percent: number | null, text: string, left: string, worked: string}} News */

const root = /** @type {HTMLElement} */ (document.getElementById('jobs'));
const only = root.dataset.only || '';
let fetching = false;
let again = false;
let logged = 0;

/** Do not replace an open confirmation under the user's hands. */
const isBusy = () => root.querySelector('details.confirm[open]') !== null;

/** @returns {Promise<HTMLElement | null>} the same part of this page as it is now */
async function fresh() {
  const answer = await fetch(window.location.href, { cache: 'no-store' });
  if (!answer.ok) return null;
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  return page.getElementById('jobs');
}

/** Reload the content; selection and focus are kept. */
async function refresh() {
  again = true;
  if (fetching) return;
  fetching = true;
  while (again && !isBusy()) {
    again = false;
    const part = await fresh().catch(() => null);
    if (!part || isBusy()) continue;
    const chosen = Array.from(root.querySelectorAll('input:checked'), ({ id }) => id);
    const focus = document.activeElement && root.contains(document.activeElement) ? document.activeElement.id : '';
    root.replaceChildren(...part.childNodes);
    for (const id of chosen) {
      const box = /** @type {HTMLInputElement | null} */ (document.getElementById(id));
      if (box) box.checked = true;
    }
    if (focus) {
      const place = document.getElementById(focus) || root.querySelector('a, button');
      if (place) /** @type {HTMLElement} */ (place).focus();
    }
    scrollLog();
  }
  fetching = false;
}

root.addEventListener('toggle', () => { if (again) refresh(); }, true);

function scrollLog() {
  const log = document.getElementById('log');
  if (log) log.scrollTop = log.scrollHeight;
}

/** Show the end of the log unless the user has scrolled up. */
async function refreshLog() {
  if (!only || Date.now() - logged < LOG_EVERY) return;
  logged = Date.now();
  const part = await fresh().catch(() => null);
  const [now, before] = [part && part.querySelector('#log'), document.getElementById('log')];
  if (!now || !before || now.textContent === before.textContent) return;
  const atEnd = before.scrollTop + before.clientHeight >= before.scrollHeight - 4;
  if (before.tagName !== now.tagName) before.replaceWith(now);
  else before.textContent = now.textContent;
  if (atEnd) scrollLog();
}

/** @param {Element} card @param {News} news */
function show(card, news) {
  const bar = card.querySelector('progress');
  if (bar && news.percent !== null) bar.value = news.percent;
  const parts = { percent: news.percent === null ? '' : `${news.percent} %`, text: news.text, left: news.left, worked: news.worked };
  for (const [name, value] of Object.entries(parts)) {
    const place = card.querySelector(`[data-part="${name}"]`);
    if (place && place.textContent !== value) place.textContent = value;
  }
}

/** @param {News[]} all */
function receive(all) {
  const shown = new Map(Array.from(root.querySelectorAll('[data-job]'), (card) => [/** @type {HTMLElement} */ (card).dataset.job, /** @type {HTMLElement} */ (card)]));
  let changed = false;
  for (const news of all) {
    if (only && news.key !== only) continue;
    const card = shown.get(news.key);
    if (card && card.dataset.state === news.state) show(card, news);
    else if (card || !/^(done|failed|stopped) /.test(news.state)) changed = true;
  }
  // A job shown as running that is no longer reported has been deleted.
  if (!only) for (const key of shown.keys()) if (!all.some((news) => news.key === key)) changed = true;
  if (changed) refresh();
  else refreshLog();
}

const stream = follow(String(root.dataset.stream), {
  onEvent: (name, data) => { if (name === 'jobs') receive(data); },
  onConnection: () => {},
});
window.addEventListener('djdesk:resume', () => stream.reopen());
