/** The updates page: shows what the shell reports and sends it the user's choices. */

const bridge = /** @type {any} */ (window).djdesk?.updates;
const root = /** @type {HTMLElement | null} */ (document.querySelector('[data-updates]'));
const language = document.documentElement.lang;

/** @param {string} name @returns {HTMLElement} */
const one = (name) => /** @type {HTMLElement} */ (document.querySelector(`[data-${name}]`));
/** @param {number} bytes */
const size = (bytes) => (bytes < 1e6
  ? new Intl.NumberFormat(language, { style: 'unit', unit: 'kilobyte', maximumFractionDigits: 0 }).format(Math.ceil(bytes / 1e3))
  : new Intl.NumberFormat(language, { style: 'unit', unit: 'megabyte', maximumFractionDigits: bytes < 1e7 ? 1 : 0 }).format(bytes / 1e6));
/** @param {HTMLElement} time @param {string} iso @param {Intl.DateTimeFormatOptions} how */
function moment(time, iso, how) {
  /** @type {HTMLTimeElement} */ (time).dateTime = iso;
  time.textContent = iso ? new Date(iso).toLocaleString(language, how) : '';
}
/**
 * Write only changed text: a screen reader announces every write. @param {HTMLElement} element
 * @param {string} text
 */
function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** The conditions that `data-show` can name. @param {any} state @returns {Set<string>} */
function flags(state) {
  const { phase, offer, choices } = state;
  const asking = choices.ask && !state.off;
  const all = {
    [phase]: true,
    offer: offer && phase !== 'leaving',
    off: state.off && !state.text && phase === 'idle',
    on: !state.off,
    folder: state.folder,
    text: state.text,
    unknown: phase === 'idle' && !state.text && !state.off && !state.checked,
    nothing: phase === 'idle' && !state.text && !state.off && state.checked,
    checked: state.checked,
    'may-check': !state.off && (phase === 'idle' || phase === 'offered' || phase === 'ready'),
    badge: state.badge,
    ask: asking,
    'asked-before': !asking,
    'offered-now': phase === 'offered' && !state.text,
    paused: state.paused,
    managed: choices.managed.length,
    channels: choices.channels.length > 1,
    notes: offer && offer.notes,
    migrates: offer && offer.migrates && phase !== 'saved',
    warnings: state.warnings.length,
    measured: state.progress,
    'saved-by-package': phase === 'saved' && state.saved?.command,
    'saved-by-hand': phase === 'saved' && !state.saved?.command,
    back: state.back && phase !== 'leaving',
    work: work.length,
  };
  return new Set(Object.entries(all).filter(([, on]) => on).map(([name]) => name));
}

/** Titles of running tasks, and what happens to them. @type {string[]} */
let work = [];
/** The state shown last. @type {any} */
let now = null;

/** @param {any} state */
function show(state) {
  const entered = !now || now.phase !== state.phase;
  now = state;
  const on = flags(state);
  const active = /** @type {HTMLElement | null} */ (document.activeElement);
  for (const element of document.querySelectorAll('[data-show]')) {
    /** @type {HTMLElement} */ (element).hidden = !String(/** @type {HTMLElement} */ (element).dataset.show).split(' ').some((name) => on.has(name));
  }
  // The pressed button may be hidden now: keep keyboard users in the same place.
  if (active && root?.contains(active) && active.offsetParent === null) one('status').focus();
  write(one('off'), state.off);
  write(one('text'), state.text);
  one('text').classList.toggle('failed', state.failed);
  moment(one('checked'), state.checked, { dateStyle: 'medium', timeStyle: 'short' });
  one('warnings').replaceChildren(...state.warnings.map((/** @type {string} */ text) => item(text)));
  if (state.offer) {
    write(one('version'), state.offer.version);
    moment(one('released'), state.offer.released, { dateStyle: 'long' });
    write(one('size'), size(state.offer.size));
    write(one('notes'), state.offer.notes);
  }
  if (state.back) write(one('back'), state.back.version);
  if (state.saved) write(one('saved'), state.saved.command || state.saved.file);
  progress(state.progress);
  choices(state.choices);
  if (entered && state.phase === 'ready') lookForWork();
}

/** @param {{done: number, total: number} | null} state */
function progress(state) {
  const bar = /** @type {HTMLProgressElement} */ (one('progress'));
  if (!state) {
    bar.removeAttribute('value');
    write(one('percent'), '');
    return;
  }
  const percent = state.total ? (100 * state.done) / state.total : 0;
  bar.value = percent;
  write(one('done'), size(state.done));
  write(one('total'), size(state.total));
  // Not every step: a screen reader would announce a hundred of them.
  write(one('percent'), `${Math.floor(percent / 10) * 10} % ${one('percent').dataset.label}`);
}

/** @param {any} state */
function choices(state) {
  const boxes = /** @type {Record<string, [boolean, boolean]>} */ ({
    automatic: [state.automatic, state.managed.includes('updates')],
    'download-automatically': [state.download, false],
  });
  for (const [name, [checked, fixed]] of Object.entries(boxes)) {
    const box = /** @type {HTMLInputElement} */ (document.querySelector(`input[data-choice="${name}"]`));
    box.checked = checked;
    box.disabled = fixed;
  }
  const channel = /** @type {HTMLSelectElement} */ (document.querySelector('select[data-choice]'));
  if (Array.from(channel.options, ({ value }) => value).join() !== state.channels.join()) {
    channel.replaceChildren(...state.channels.map((/** @type {string} */ name) => new Option(name, name)));
  }
  channel.value = state.channel;
}

/** Ask what a restart would interrupt. */
async function lookForWork() {
  try {
    const answer = await fetch(String(root?.dataset.running), { cache: 'no-store' });
    const { goesOn, ends } = one('work').dataset;
    work = answer.ok ? (await answer.json()).running.map((/** @type {{title: string, resumable: boolean}} */ { title, resumable }) => `${title}: ${resumable ? goesOn : ends}`) : [];
  } catch {
    work = [];
  }
  one('work').replaceChildren(...work.map(item));
  if (now) show(now);
}

/** @param {string} text */
function item(text) {
  const element = document.createElement('li');
  element.textContent = text;
  return element;
}

if (bridge && root) {
  one('no-window').hidden = true;
  root.hidden = false;
  for (const button of document.querySelectorAll('button[data-act]')) {
    const { act, value } = /** @type {HTMLElement} */ (button).dataset;
    button.addEventListener('click', () => bridge.act(act, value));
  }
  for (const input of document.querySelectorAll('[data-choice]')) {
    const control = /** @type {HTMLInputElement} */ (input);
    control.addEventListener('change', () => bridge.act(control.dataset.choice, control.type === 'checkbox' ? (control.checked ? 'yes' : 'no') : control.value));
  }
  bridge.onChange(show);
  bridge.state().then(show);
}
