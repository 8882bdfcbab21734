/** Notifies the user that a scan has ended if the window is not in front. */
import { bridge } from './bridge.js';
import { gettext } from './i18n.js';

const WANTED = 'djdesk.notify';

/** @typedef {import('./live.js').ScanState} ScanState */

export function startNotifications() {
  document.addEventListener('djdesk:scan-ended', (event) => {
    const scan = /** @type {CustomEvent<ScanState>} */ (event).detail;
    tell(scan, gettext('Scan: {outcome}', { outcome: scan.label }), `scan-${scan.id}`);
  });
  document.addEventListener('djdesk:command-ended', (event) => {
    const command = /** @type {CustomEvent<import('./live.js').CommandState>} */ (event).detail;
    tell(command, `${command.title}: ${command.label}`, `command-${command.id}`);
  });
  document.addEventListener('djdesk:swapped', offer);
  document.addEventListener('click', async (event) => {
    if (!/** @type {Element} */ (event.target).closest('[data-notify]')) return;
    localStorage.setItem(WANTED, '1');
    await Notification.requestPermission();
    offer();
  });
  offer();
}

/** In a browser, only after the user has enabled it here. */
function offer() {
  const possible = !bridge && Boolean(document.body.dataset.notifyWanted) && 'Notification' in window && Notification.permission !== 'denied';
  const granted = possible && Notification.permission === 'granted' && localStorage.getItem(WANTED);
  for (const button of Array.from(document.querySelectorAll('[data-notify]'))) {
    /** @type {HTMLElement} */ (button).hidden = !possible || Boolean(granted);
  }
}

/** @param {{name: string, url: string}} what @param {string} body @param {string} tag */
function tell(what, body, tag) {
  if (document.hasFocus() || !document.body.dataset.notifyWanted) return;
  const title = what.name;
  if (bridge) {
    bridge.notify({ title, body, path: what.url });
  } else if (localStorage.getItem(WANTED) && Notification.permission === 'granted') {
    // Several open tabs notify only once, because the tag is the same.
    const shown = new Notification(title, { body, tag });
    shown.onclick = () => {
      window.focus();
      location.assign(what.url);
    };
  }
}
