/** Follows the page's event stream and fetches fragments that have changed. */
import { follow } from '../desktop/events.js';
import { doubtServer } from './connection.js';
import { gettext } from './i18n.js';
import { morph } from './morph.js';

/**
 * @typedef {object} ScanState
 * @property {number} id
 * @property {number} project
 * @property {string} name
 * @property {string} url
 * @property {string} status
 * @property {string} label
 * @property {boolean} active
 * @property {boolean} watched started by a changed file
 * @property {string} stage
 * @property {number | null} progress 0 to 1
 * @property {number} revision
 * @property {string | null} started ISO time
 * @property {string} findings numbers of errors and warnings of a finished scan, as text
 *
 * @typedef {object} CommandState
 * @property {number} id
 * @property {string} name of the project
 * @property {string} title
 * @property {string} url
 * @property {string} label
 * @property {boolean} active
 *
 * @typedef {object} ExportState
 * @property {number} id
 * @property {string} title
 * @property {string} label
 * @property {boolean} active
 * @property {string} stage
 *
 * @typedef {object} PageState
 * @property {Record<string, string>} versions
 * @property {ScanState[]} scans
 * @property {CommandState[]} [commands]
 * @property {ExportState[]} [exports]
 * @property {boolean} worker
 */

/** @type {Record<string, string>} */
let known = {};
/** @type {PageState | null} */
let latest = null;
let fetching = false;

export function startLive() {
  const { events, versions } = document.body.dataset;
  if (!events) return;
  known = JSON.parse(versions || '{}');
  const stream = follow(events, {
    onEvent: (name, data) => {
      if (name === 'change') receive(data);
      if (name === 'gone' || (name === 'refused' && data.status === 404)) {
        stream.end();
        location.assign(document.body.dataset.home || '/');
      }
    },
    onConnection: (open) => {
      showServer(open);
      if (!open) doubtServer();
    },
  });
  setInterval(tick, 500);
  // The desktop window sends this after sleep: the connection may look open but be dead.
  window.addEventListener('djdesk:resume', () => stream.reopen());
}

/** @param {PageState} state */
function receive(state) {
  const before = latest;
  latest = state;
  for (const scan of state.scans) {
    const earlier = before && before.scans.find((other) => other.id === scan.id);
    if (scan.active) {
      document.dispatchEvent(new CustomEvent('djdesk:scan-runs', { detail: { scan, began: !earlier } }));
    } else if (earlier && earlier.active) {
      document.dispatchEvent(new CustomEvent('djdesk:scan-ended', { detail: scan }));
    } else if (before && !earlier && scan.watched) {
      document.dispatchEvent(new CustomEvent('djdesk:scan-renewed', { detail: scan }));
    }
  }
  for (const command of state.commands || []) {
    const earlier = before && (before.commands || []).find((other) => other.id === command.id);
    if (earlier && earlier.active && !command.active) {
      document.dispatchEvent(new CustomEvent('djdesk:command-ended', { detail: command }));
    } else if (!earlier && command.active) {
      document.dispatchEvent(new CustomEvent('djdesk:command-runs', { detail: command }));
    }
  }
  for (const file of state.exports || []) {
    const earlier = before && (before.exports || []).find((other) => other.id === file.id);
    // It finished before its start was seen.
    if (file.active || earlier?.active || (before && !earlier)) {
      document.dispatchEvent(new CustomEvent('djdesk:export', { detail: { file, began: !earlier } }));
    }
  }
  showScans();
  showWorker(state.worker);
  refresh();
}

/** Fetch outdated fragments, one request at a time; repeat if more changed meanwhile. */
async function refresh() {
  if (fetching || !latest) return;
  const wanted = latest.versions;
  const changed = Object.keys({ ...known, ...wanted }).filter((k) => known[k] !== wanted[k]);
  if (!changed.length) return;
  const stale = Array.from(document.querySelectorAll('[data-fragment]')).filter((fragment) =>
    (fragment.getAttribute('data-depends') || '').split(' ').some((name) => changed.includes(name)),
  );
  fetching = true;
  let done = true;
  try {
    if (stale.length) await swap(stale.map((f) => f.getAttribute('data-fragment') || ''));
    known = wanted;
    document.dispatchEvent(new CustomEvent('djdesk:changed', { detail: changed }));
  } catch (error) {
    done = false;
    console.info('The page could not be brought up to date yet.', error);
  }
  fetching = false;
  if (done) refresh();
  else setTimeout(refresh, 1000);
}

/** @param {string[]} names of fragments */
async function swap(names) {
  const url = new URL(location.href);
  url.searchParams.set('fragment', names.join(','));
  url.hash = '';
  const response = await fetch(url.href, { headers: { Accept: 'text/html' } });
  // A client error would repeat, so stop; a server error may be temporary.
  if (response.status >= 400 && response.status < 500) return;
  if (!response.ok) throw new Error(`${response.status} for ${names.join(', ')}`);
  swapIn(await response.text());
}

/**
 * Replace fragments on the page with those in the HTML.
 * @param {string} html
 */
export function swapIn(html) {
  const parsed = new DOMParser().parseFromString(html, 'text/html');
  const place = document.activeElement?.closest('[data-keeps-focus]');
  for (const fresh of Array.from(parsed.querySelectorAll('[data-fragment]'))) {
    const here = document.querySelector(`[data-fragment="${fresh.getAttribute('data-fragment')}"]`);
    if (here) morph(here, fresh);
  }
  // The Scan button is replaced by Cancel and vice versa: move the focus to the new button.
  if (place && document.activeElement === document.body) /** @type {HTMLElement | null} */ (place.querySelector('button'))?.focus({ preventScroll: true });
  document.dispatchEvent(new CustomEvent('djdesk:swapped'));
  tick();
  showScans();
  if (latest) showWorker(latest.worker);
}

/** Stage, progress and elapsed time are part of the event, so no request is needed. */
function showScans() {
  if (!latest) return;
  for (const scan of latest.scans) {
    if (!scan.active) continue;
    for (const place of Array.from(document.querySelectorAll(`[data-scan-of="${scan.project}"]`))) {
      if (scan.started) place.setAttribute('data-started', scan.started);
      const stage = place.querySelector('[data-stage]');
      if (stage) setText(stage, scan.stage || gettext('Waiting for the worker'));
      const bar = place.querySelector('[data-progress]');
      if (bar instanceof HTMLProgressElement) {
        if (scan.progress === null) bar.removeAttribute('value');
        else bar.value = scan.progress;
      }
    }
  }
}

function tick() {
  for (const place of Array.from(document.querySelectorAll('[data-started]'))) {
    const shown = place.querySelector('[data-elapsed]');
    const started = Date.parse(place.getAttribute('data-started') || '');
    if (shown && started) setText(shown, seconds((Date.now() - started) / 1000));
  }
}

/** @param {number} total */
function seconds(total) {
  const whole = Math.max(0, Math.floor(total));
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** @param {boolean} on */
function showServer(on) {
  for (const mark of Array.from(document.querySelectorAll('[data-server]'))) {
    mark.setAttribute('data-on', on ? '1' : '');
  }
}

/** @param {boolean} on */
function showWorker(on) {
  for (const mark of Array.from(document.querySelectorAll('[data-worker]'))) {
    mark.setAttribute('data-on', on ? '1' : '');
  }
  for (const word of Array.from(document.querySelectorAll('[data-worker-word]'))) {
    setText(word, on ? '' : `, ${gettext('stopped')}`);
  }
}

/** @param {Element} element @param {string} text */
function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
