import { BrowserWindow } from 'electron';

import { Overlay } from './overlay.js';
import { isOwnContents } from './own-contents.js';

const HEIGHT = 44;
const SHOWN_MS = 8000;

/**
 * The notice strip of each window that has one.
 * @type {Map<BrowserWindow, {bar: Overlay, timer: NodeJS.Timeout}>}
 */
const strips = new Map();
/** @type {{session: Electron.Session, app: import('../app.js').App} | null} */
let made = null;

/** @param {Electron.Session} session @param {import('../app.js').App} app */
export function setupNotices(session, app) {
  made = { session, app };
}

/**
 * Shows at the lower edge of a page's window, for some seconds, what was just refused to it.
 * @param {Electron.WebContents | null} contents
 * @param {string} text
 */
export function showNotice(contents, text) {
  const window = contents && !contents.isDestroyed() && isOwnContents(contents.id) ? BrowserWindow.fromWebContents(contents) : null;
  if (!window || window.isDestroyed() || !made) return;
  closeNotice(window);
  const bar = new Overlay({ ...made, window, alive: () => !window.isDestroyed() }, `notice.html#${encodeURIComponent(text)}`, ({ width, height }) => ({
    x: 0, y: Math.max(0, height - HEIGHT), width, height: HEIGHT,
  }));
  const timer = setTimeout(() => closeNotice(window), SHOWN_MS);
  strips.set(window, { bar, timer });
  window.once('closed', () => closeNotice(window));
  bar.show();
}

/** @param {BrowserWindow} window */
function closeNotice(window) {
  const strip = strips.get(window);
  if (!strip) return;
  strips.delete(window);
  clearTimeout(strip.timer);
  strip.bar.hide();
}

export function closeNotices() {
  for (const window of [...strips.keys()]) closeNotice(window);
}
