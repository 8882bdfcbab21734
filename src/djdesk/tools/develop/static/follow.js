// Reloads the page when the app's files change, also after the server restarted because of that.
import { follow } from './events.js';

/**
 * Milliseconds without further changes: after saving two files, the page must not reload from a server that
 * is about to stop.
 */
const SETTLED = 200;
/** What this page was made from: the server may have restarted before the stream opened. */
const made = document.querySelector('script[data-state]')?.getAttribute('data-state');
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

async function reload() {
  try {
    await fetch('/health/', { cache: 'no-store' });
    location.reload();
  } catch {
    // The server is restarting: a reload now would show the browser's error page, which runs no script.
    timer = setTimeout(reload, SETTLED);
  }
}

// One stream for all tabs and windows: with one each, the browser would run out of connections at the
// seventh.
follow('/desktop/develop/changes/', {
  onEvent: (name, state) => {
    if (name !== 'state' || state === made) return;
    clearTimeout(timer);
    timer = setTimeout(reload, SETTLED);
  },
  onConnection: () => {},
});
