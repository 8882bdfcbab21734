/** Small enhancements of the runtime's own pages; all of them work without it. */

const RETRY = 400; // ms between checks for a restarting server
const LATE = 15000;

const shell = /** @type {any} */ (window).djdesk;
for (const button of document.querySelectorAll('button[data-shell]')) {
  const name = /** @type {HTMLElement} */ (button).dataset.shell;
  if (!shell || !name || typeof shell[name] !== 'function') continue;
  /** @type {HTMLElement} */ (button).hidden = false;
  button.addEventListener('click', () => shell[name]());
}

const badge = /** @type {HTMLElement | null} */ (document.querySelector('[data-update-badge]'));
if (badge && shell && shell.updates) {
  const show = (/** @type {{badge: boolean}} */ state) => { badge.hidden = !state.badge; };
  shell.updates.state().then(show);
  shell.updates.onChange(show);
}

for (const select of document.querySelectorAll('select[data-submit]')) {
  select.addEventListener('change', () => /** @type {HTMLSelectElement} */ (select).form?.submit());
}

for (const time of document.querySelectorAll('time[data-local]')) {
  const date = new Date(/** @type {HTMLTimeElement} */ (time).dateTime);
  time.textContent = date.toLocaleString(document.documentElement.lang, { dateStyle: 'medium', timeStyle: 'short' });
}

for (const log of document.querySelectorAll('[data-scroll-end]')) log.scrollTop = log.scrollHeight;

const waiting = document.querySelector('[data-until-back]');
if (waiting) waitUntilBack(/** @type {HTMLElement} */ (waiting).dataset.untilBack || '/');

/**
 * Wait until the server has stopped and restarted, then go to `target`. It still answers before it
 * stops.
 * @param {string} target
 */
async function waitUntilBack(target) {
  const begun = Date.now();
  let gone = false;
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, RETRY));
    let ok = false;
    try {
      ok = (await fetch('/health/', { cache: 'no-store' })).ok;
    } catch (error) {
      gone = true;
    }
    if (ok && (gone || Date.now() - begun > 5000)) break;
    if (Date.now() - begun > LATE) /** @type {HTMLElement} */ (document.querySelector('[data-late]')).hidden = false;
  }
  window.location.replace(target);
}
