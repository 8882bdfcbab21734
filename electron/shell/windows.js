import { BrowserWindow } from 'electron';

import { DEFAULT_WINDOW_ICON } from '../paths.js';
import { registerOwnContents } from './own-contents.js';
import { webPreferences } from './web-preferences.js';
import { backgroundColor } from './window.js';

/** Windows that pages of the app opened. @type {Set<BrowserWindow>} */
const children = new Set();

/**
 * What a window of the app's pages is made with: the same preferences as the main one, so that its
 * pages are under the same guards and have the same functions. It keeps its opener, as in a browser.
 * @param {Electron.Session} session
 * @param {import('../app.js').App} about
 * @returns {Electron.BrowserWindowConstructorOptions}
 */
export const childOptions = (session, about) => ({
  title: about.name,
  icon: about.windowIcon || DEFAULT_WINDOW_ICON,
  backgroundColor: backgroundColor(),
  autoHideMenuBar: true,
  webPreferences: webPreferences(session, about),
});

/**
 * Before its first request leaves: without being ours it would get no token.
 * @param {BrowserWindow} window
 * @param {import('../backend/logs.js').Logs} logs
 */
export function adoptWindow(window, logs) {
  const { webContents: contents } = window;
  registerOwnContents(contents);
  children.add(window);
  window.once('closed', () => children.delete(window));
  // Its process is often that of its opener, which is loaded again by itself.
  contents.on('render-process-gone', (_event, { reason }) => {
    logs.write('shell', `the process of a window that a page opened is gone (${reason}): closed`);
    setImmediate(() => { if (!window.isDestroyed()) window.destroy(); });
  });
}

/**
 * A window that was opened for a file to save stays empty, and goes, as in a browser.
 * @param {Electron.WebContents} contents
 */
export function closeIfEmpty(contents) {
  const window = BrowserWindow.fromWebContents(contents);
  if (!window || !children.has(window) || contents.navigationHistory.getActiveIndex() > 0) return;
  if (['', 'about:blank'].includes(contents.getURL()) || contents.navigationHistory.length() === 0) {
    setImmediate(() => { if (!window.isDestroyed()) window.close(); });
  }
}
