import { app } from 'electron';

import { deepLinkPath, linkAmong } from '../policy/deep-link.js';

/** A link that arrived before there was a window. @type {string | null} */
let waiting = null;
/** @type {(link: string) => void} */
let follow = (link) => { waiting = link; };

/**
 * macOS passes links by an event that may come before `ready`; other systems by the command line.
 * @param {import('../backend/runtime.js').Runtime} runtime
 */
export function listenForLinks({ app: { scheme } }) {
  app.on('open-url', (event, link) => {
    event.preventDefault();
    follow(link);
  });
  app.on('second-instance', (_event, argv) => {
    const link = linkAmong(argv, scheme);
    if (link) follow(link);
  });
  waiting = linkAmong(process.argv.slice(1), scheme);
}

/**
 * Opens the app's own page that a link names; everything else is ignored.
 * @param {import('../backend/runtime.js').Runtime} runtime
 * @param {{main: import('./window.js').MainWindow, screen: import('./screen.js').ScreenType}} parts
 */
export function setupDeepLinks({ app: { scheme }, logs }, { main, screen }) {
  follow = (link) => {
    const path = deepLinkPath(link, scheme);
    if (path === null) {
      logs.write('shell', `link ignored: ${JSON.stringify(link.slice(0, 200))}`);
      return;
    }
    main.focus();
    screen.openPath(path);
  };
  if (waiting) follow(waiting);
  waiting = null;
}
