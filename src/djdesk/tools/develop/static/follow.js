// Reloads the page when the app's files change, also after the server restarted because of that.
import { follow } from './events.js';

/**
 * Milliseconds without further changes: after saving two files, the page must not reload from a server that
 * is about to stop.
 */
const SETTLED = 200;
/** What this page was made from: the server may have restarted before the stream opened. */
const made = document.querySelector('script[data-djdesk-state]')?.getAttribute('data-djdesk-state');
/** Key in sessionStorage: the page and the states for which this tab was last reloaded. */
const RELOADED = 'djdesk-reloaded';
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/** @param {string} state what the server has now */
async function reload(state) {
  try {
    await fetch('/health/', { cache: 'no-store' });
  } catch {
    // The server is restarting: a reload now would show the browser's error page, which runs no script.
    timer = setTimeout(reload, SETTLED, state);
    return;
  }
  sessionStorage.setItem(RELOADED, `${location.href} ${made} ${state}`);
  location.reload();
}

// One stream for all tabs and windows: with one each, the browser would run out of connections at the
// seventh.
follow('/desktop/develop/changes/', {
  onEvent: (name, state) => {
    if (name !== 'state' || state === made) return;
    // A cache of the app, such as a service worker, may return the same page again: reload once only.
    if (sessionStorage.getItem(RELOADED) === `${location.href} ${made} ${state}`) return;
    clearTimeout(timer);
    timer = setTimeout(reload, SETTLED, state);
  },
  onConnection: () => {},
});
