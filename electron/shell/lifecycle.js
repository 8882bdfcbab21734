import { app, BrowserWindow, powerMonitor, webContents } from 'electron';

import { linkAmong } from '../policy/deep-link.js';
import { asksToQuit } from './quit-running.js';

/** Time for Chromium to close everything after the children are gone. */
const EXIT_LIMIT_MS = 3000;

/** Arguments that applied to this start only. */
const ONCE = /^--(update=|update-folder=|rehearse$)/;

/**
 * One instance per data folder (Electron's lock is in userData, which is inside it).
 * @param {import('../backend/runtime.js').Runtime} runtime
 * @returns {boolean} false if another one is running: it has been notified, and this one quits
 */
export function takeInstanceLock({ app: { name } }) {
  if (app.requestSingleInstanceLock()) return true;
  process.stderr.write(`${name} is already running with this data folder; its window is brought to the front.\n`);
  app.exit(0);
  return false;
}

/**
 * Every way out (the last window, the menu, Ctrl+C, a signal, the end of the session) goes through
 * the same shutdown, once.
 * @param {import('../backend/runtime.js').Runtime} runtime
 */
export function setupLifecycle({ app: { scheme }, supervisor, logs }) {
  /** @type {'running' | 'draining' | 'drained'} */
  let phase = 'running';
  /**
   * Arguments for a new start after this one has ended, if the user started the app again
   * meanwhile.
   * @type {string[] | null}
   */
  let again = null;
  /** Whether the user confirms quitting, knowing what it interrupts. @type {() => Promise<boolean>} */
  let isWanted = async () => true;
  let asking = false;
  /**
   * The user closed the window or chose Quit. Other ends (a signal, the end of the session, a
   * restart) ask no question.
   */
  const quitIfWanted = () => {
    if (asking || phase !== 'running') return;
    asking = true;
    isWanted().catch(() => true).then((wanted) => {
      asking = false;
      if (wanted) app.quit();
    });
  };

  /** Write what pages stored: Chromium waits up to five seconds, and may be killed at the end. */
  const flushStorage = () => {
    // Of every living page: a window may have lost its own, and an error here would stop the shutdown.
    for (const session of new Set(webContents.getAllWebContents().map((contents) => contents.session))) session.flushStorageData();
  };

  app.on('before-quit', (event) => {
    if (phase === 'drained') return;
    event.preventDefault();
    if (phase === 'draining') return;
    phase = 'draining';
    flushStorage();
    supervisor.stop().then(() => {
      phase = 'drained';
      logs.flush();
      flushStorage();
      // quit() lets Chromium flush its storage; destroyed windows cannot object.
      for (const window of BrowserWindow.getAllWindows()) window.destroy();
      if (again) relaunch({ args: again });
      setTimeout(() => app.exit(process.exitCode ? Number(process.exitCode) : 0), EXIT_LIMIT_MS);
      app.quit();
    });
  });
  // Usually the shutdown closes them. On macOS too: without its window this app does nothing.
  app.on('window-all-closed', () => app.quit());
  /**
   * The app's own window. Closing the others, which its pages opened, ends nothing.
   * @type {BrowserWindow | null}
   */
  let main = null;
  const show = () => {
    if (!main || main.isDestroyed()) return;
    if (main.isMinimized()) main.restore();
    main.show();
    main.focus();
  };
  app.on('second-instance', (_event, argv) => {
    if (asksToQuit(argv)) {
      app.quit();
      return;
    }
    if (phase === 'running') show();
    // The app was started again during shutdown: the user wants a window, not the end. Chromium
    // reorders the other command line's arguments, so use this one's, and the other's link.
    else again = [...process.argv.slice(1).filter((word) => !ONCE.test(word)), ...[linkAmong(argv, scheme)].filter((link) => link !== null)];
  });
  // macOS: a click on the Dock icon while the window is minimised or hidden.
  app.on('activate', () => show());
  app.on('browser-window-created', (_event, window) => {
    if (main) return;
    main = window;
    // The window closes after the shutdown: until then it can show what it waits for.
    window.on('close', (event) => {
      if (phase === 'drained') return;
      event.preventDefault();
      quitIfWanted();
    });
    // Windows does not wait; begin the shutdown at the first notice.
    window.on('query-session-end', () => app.quit());
    window.on('session-end', () => app.quit());
  });
  for (const signal of /** @type {NodeJS.Signals[]} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => app.quit());
  }
  followParent(() => app.quit());
  // A write error from a closed terminal must not end the app before its shutdown.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  app.whenReady().then(() => {
    // @ts-expect-error: the types leave out the event, which asks the system to wait for the drain.
    powerMonitor.on('shutdown', (event) => {
      if (event) event.preventDefault();
      app.quit();
    });
  });
  return {
    quitting: () => phase !== 'running',
    quitIfWanted,
    /** @param {() => Promise<boolean>} question */
    askFirst: (question) => { isWanted = question; },
  };
}

/**
 * Starts the app again once this process has ended. An AppImage runs from a mount that goes away
 * with it; the file that was started, or the new one in its place, is elsewhere.
 * @param {import('electron').RelaunchOptions} [options]
 */
export function relaunch(options = {}) {
  const image = app.isPackaged ? process.env.APPIMAGE : '';
  app.relaunch(image ? { ...options, execPath: image } : options);
}

/**
 * If a program that waits for us started the app (it says so), the app ends when that program is
 * killed.
 * @param {() => void} onGone
 */
export function followParent(onGone) {
  if (process.env.DJDESK_FOLLOW_PARENT !== '1' || process.platform === 'win32') return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    onGone();
  }, 500);
}
