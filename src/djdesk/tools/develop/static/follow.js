// Loads the page again when files of the app changed, also when the server started again for that.
import { follow } from './events.js';

/** Milliseconds in which nothing else changes: who saves two files should not meet a server on its way out. */
const SETTLED = 200;
let known = '';
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

async function reload() {
  try {
    await fetch('/health/', { cache: 'no-store' });
    location.reload();
  } catch {
    // It starts again: a reload now would leave the browser's own error page, which follows nothing.
    timer = setTimeout(reload, SETTLED);
  }
}

// One stream for all tabs and windows: with one each, the browser would have no connection left for a seventh.
follow('/desktop/develop/changes/', {
  onEvent: (name, state) => {
    if (name !== 'state') return;
    if (known && state !== known) {
      clearTimeout(timer);
      timer = setTimeout(reload, SETTLED);
    }
    known = state;
  },
  onConnection: () => {},
});
