import { BrowserWindow } from 'electron';

import { DEFAULT_WINDOW_ICON } from '../paths.js';
import { registerOwnContents } from './own-contents.js';
import { webPreferences } from './web-preferences.js';
import { backgroundColor } from './window.js';

/** Windows opened by the app's pages. @type {Set<BrowserWindow>} */
const children = new Set();

/**
 * Options for windows opened by the app's pages: the same preferences as the main window, so that
 * the same guards and functions apply. The window keeps its opener, as in a browser.
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
 * Call before its first request is sent: a window that is not ours gets no token.
 * @param {BrowserWindow} window
 * @param {import('../backend/logs.js').Logs} logs
 */
export function adoptWindow(window, logs) {
  const { webContents: contents } = window;
  registerOwnContents(contents);
  children.add(window);
  window.once('closed', () => children.delete(window));
  // It often shares its opener's process, which is reloaded automatically.
  contents.on('render-process-gone', (_event, { reason }) => {
    logs.write('shell', `the process of a window that a page opened is gone (${reason}): closed`);
    setImmediate(() => { if (!window.isDestroyed()) window.destroy(); });
  });
}

/**
 * A window opened only for a download stays empty and is closed, as in a browser.
 * @param {Electron.WebContents} contents
 */
export function closeIfEmpty(contents) {
  const window = BrowserWindow.fromWebContents(contents);
  if (!window || !children.has(window) || contents.navigationHistory.getActiveIndex() > 0) return;
  if (['', 'about:blank'].includes(contents.getURL()) || contents.navigationHistory.length() === 0) {
    setImmediate(() => { if (!window.isDestroyed()) window.close(); });
  }
}
