import { BrowserWindow } from 'electron';

import { SHELL_ORIGIN } from '../policy/origin.js';
import { registerOwnContents } from './own-contents.js';
import { webPreferences } from './web-preferences.js';
import { backgroundColor } from './window.js';

const SIZE = { width: 440, height: 210 };

/**
 * `window.prompt()` for the app's pages. Chromium leaves the dialog to the embedder, and Electron
 * has none; the page blocks as in a browser.
 * @typedef {{ask: (contents: Electron.WebContents, message: string, value: string) => Promise<string | null>, answer: (value: string | null) => void, open: () => boolean}} Prompts
 *
 * @param {Electron.Session} session
 * @param {import('../app.js').App} app
 * @returns {Prompts}
 */
export function setupPrompts(session, app) {
  /** @type {Promise<unknown>} one question at a time */
  let before = Promise.resolve();
  /** @type {((value: string | null) => void) | null} */
  let settle = null;

  /** @type {Prompts['ask']} */
  const show = (contents, message, value) => new Promise((resolve) => {
    const parent = contents.isDestroyed() ? null : BrowserWindow.fromWebContents(contents);
    if (!parent) {
      resolve(null);
      return;
    }
    const window = new BrowserWindow({
      ...SIZE,
      parent,
      modal: true,
      title: app.name,
      resizable: false,
      minimizable: false,
      maximizable: false,
      autoHideMenuBar: true,
      backgroundColor: backgroundColor(),
      webPreferences: webPreferences(session, app),
    });
    window.removeMenu();
    registerOwnContents(window.webContents);
    let answer = /** @type {string | null} */ (null);
    settle = (given) => {
      answer = given;
      if (!window.isDestroyed()) window.destroy();
    };
    // The page may go away while it waits: a restart, a crash.
    contents.once('destroyed', () => settle?.(null));
    window.once('closed', () => {
      settle = null;
      resolve(answer);
    });
    window.loadURL(`${SHELL_ORIGIN}/prompt.html#${encodeURIComponent(JSON.stringify([message, value]))}`).catch(() => {});
  });

  return {
    ask: (contents, message, value) => {
      const shown = before.then(() => show(contents, message, value));
      before = shown;
      return shown;
    },
    answer: (value) => settle?.(value),
    open: () => settle !== null,
  };
}
