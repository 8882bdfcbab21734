import { app, BrowserWindow, nativeTheme, screen as displays } from 'electron';

import { MINIMUM_SIZE, placeWindow } from '../policy/window-bounds.js';
import { DEFAULT_WINDOW_ICON } from '../paths.js';
import { registerOwnContents } from './own-contents.js';
import { webPreferences } from './web-preferences.js';

const SAVE_AFTER_MS = 500;

/** The pages' own background colour, so that nothing white flashes before they paint. */
export const backgroundColor = () => (nativeTheme.shouldUseDarkColors ? '#111318' : '#f5f6f8');

/**
 * @typedef {object} MainWindow
 * @property {BrowserWindow} window
 * @property {Electron.Session} session
 * @property {import('../app.js').App} app
 * @property {() => boolean} alive false once closed
 * @property {() => void} focus
 *
 * Opens the main window, visible at once, at its last position.
 * @param {import('../backend/runtime.js').Runtime} runtime
 * @param {Electron.Session} session
 * @returns {MainWindow}
 */
export function openMainWindow({ app: about, state }, session) {
  const saved = state.read().window;
  const primary = displays.getPrimaryDisplay();
  const others = displays.getAllDisplays().filter((display) => display.id !== primary.id);
  const window = new BrowserWindow({
    ...placeWindow(saved, [primary, ...others].map((display) => display.workArea)),
    minWidth: MINIMUM_SIZE.width,
    minHeight: MINIMUM_SIZE.height,
    title: about.name,
    icon: about.windowIcon || DEFAULT_WINDOW_ICON,
    show: true,
    backgroundColor: backgroundColor(),
    webPreferences: webPreferences(session, about),
  });
  registerOwnContents(window.webContents);
  if (saved && saved.maximized) window.maximize();
  rememberPlace(window, state);
  const repaint = () => window.setBackgroundColor(backgroundColor());
  nativeTheme.on('updated', repaint);
  window.once('closed', () => nativeTheme.removeListener('updated', repaint));
  return {
    window,
    session,
    app: about,
    alive: () => !window.isDestroyed(),
    focus: () => {
      if (window.isDestroyed()) return;
      if (window.isMinimized()) window.restore();
      window.show();
      window.focus();
    },
  };
}

/**
 * @param {BrowserWindow} window
 * @param {import('../backend/state-file.js').StateFile} state
 */
function rememberPlace(window, state) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const save = () => {
    clearTimeout(timer);
    if (window.isDestroyed() || window.isMinimized()) return;
    state.update({ window: { ...window.getNormalBounds(), maximized: window.isMaximized() } });
  };
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(save, SAVE_AFTER_MS);
  };
  // Separately: the overloads of `on` do not accept a union of names.
  window.on('resize', soon);
  window.on('move', soon);
  window.on('maximize', soon);
  window.on('unmaximize', soon);
  window.on('close', save);
  // The shutdown that follows destroys the window, which emits no close event.
  app.once('before-quit', save);
}
