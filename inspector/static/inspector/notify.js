/** Tells the user that a scan has ended when the window is not the one being looked at. */
import { bridge } from './bridge.js';

const WANTED = 'djdesk.notify';

/** @typedef {import('./live.js').ScanState} ScanState */

export function startNotifications() {
  document.addEventListener('djdesk:scan-ended', (event) => {
    if (!document.hasFocus() && document.body.dataset.notifyWanted) tell(/** @type {CustomEvent<ScanState>} */ (event).detail);
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

/** In a browser, only after the user has asked for it here. */
function offer() {
  const possible = !bridge && Boolean(document.body.dataset.notifyWanted) && 'Notification' in window && Notification.permission !== 'denied';
  const granted = possible && Notification.permission === 'granted' && localStorage.getItem(WANTED);
  for (const button of Array.from(document.querySelectorAll('[data-notify]'))) {
    /** @type {HTMLElement} */ (button).hidden = !possible || Boolean(granted);
  }
}

/** @param {ScanState} scan */
function tell(scan) {
  const title = scan.name;
  const body = `Scan: ${scan.label.toLowerCase()}`;
  if (bridge) {
    bridge.notify({ title, body, path: scan.url });
  } else if (localStorage.getItem(WANTED) && Notification.permission === 'granted') {
    // Several open tabs say it once: the tag is the same.
    const shown = new Notification(title, { body, tag: `scan-${scan.id}` });
    shown.onclick = () => {
      window.focus();
      location.assign(scan.url);
    };
  }
}
