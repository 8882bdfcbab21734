import fs from 'node:fs';

import { app } from 'electron';

import { openedFile } from '../policy/opened-files.js';

/** A file that arrived before there was a window. @type {string | null} */
let waiting = null;
/** @type {(file: string) => void} */
let follow = (file) => { waiting = file; };

/**
 * Files of the app's types opened from the file manager: macOS passes them by an event, other
 * systems by the command line. On macOS also folders, dropped on the Dock icon.
 * @param {import('../backend/runtime.js').Runtime} runtime
 */
export function listenForFiles({ app: { bridge, files } }) {
  const take = (/** @type {string[]} */ words) => {
    const file = openedFile(words, files);
    if (file) follow(file);
  };
  app.on('open-file', (event, file) => {
    event.preventDefault();
    if (bridge.includes('folders') && isFolder(file)) follow(file);
    else take([file]);
  });
  app.on('second-instance', (_event, argv) => take(argv));
  take(process.argv.slice(1));
}

/**
 * Passes such a file to the page (`djdesk.onFileOpened`; a folder to `onFolderDropped`), if it
 * exists.
 * @param {import('../backend/runtime.js').Runtime} runtime
 * @param {{main: import('./window.js').MainWindow, screen: import('./screen.js').ScreenType}} parts
 */
export function setupOpenedFiles({ logs }, { main, screen }) {
  follow = (file) => {
    if (!fs.existsSync(file)) {
      logs.write('shell', `file ignored, it is not there: ${file}`);
      return;
    }
    main.focus();
    screen.send(isFolder(file) ? 'djdesk:folder-opened' : 'djdesk:file-opened', '', file);
  };
  if (waiting) follow(waiting);
  waiting = null;
}

/** @param {string} place */
const isFolder = (place) => fs.statSync(place, { throwIfNoEntry: false })?.isDirectory() ?? false;
