import { app, BrowserWindow, powerMonitor } from 'electron';

import { linkAmong } from '../policy/deep-link.js';
import { asksToQuit } from './quit-running.js';

/** Chromium gets this long to close what is left after the children are gone. */
const EXIT_LIMIT_MS = 1000;

/** Words that were for this start only. */
const ONCE = /^--(update=|update-folder=|rehearse$)/;

/**
 * One instance for each data folder (Electron's lock lies in userData, which is inside of it).
 * @param {import('../backend/runtime.js').Runtime} runtime
 * @returns {boolean} false when another one is running: it was told, and this one ends
 */
export function takeInstanceLock({ app: { name } }) {
  if (app.requestSingleInstanceLock()) return true;
  process.stderr.write(`${name} is already running with this data folder; its window is brought to the front.\n`);
  app.exit(0);
  return false;
}

/**
 * Every way out (the last window, the menu, Ctrl+C, a signal, the end of the session) goes through
 * the same drain, once.
 * @param {import('../backend/runtime.js').Runtime} runtime
 */
export function setupLifecycle({ app: { scheme }, supervisor, logs }) {
  /** @type {'running' | 'draining' | 'drained'} */
  let phase = 'running';
  /** What to start with when this one has ended, as somebody started the app again meanwhile. @type {string[] | null} */
  let again = null;
  /** Whether the user wants the end, knowing what it ends. @type {() => Promise<boolean>} */
  let isWanted = async () => true;
  let asking = false;
  /** The user has closed the window or chosen Quit. Any other end comes without a question: a signal, the end of the session, a restart. */
  const quitIfWanted = () => {
    if (asking || phase !== 'running') return;
    asking = true;
    isWanted().catch(() => true).then((wanted) => {
      asking = false;
      if (wanted) app.quit();
    });
  };

  app.on('before-quit', (event) => {
    if (phase === 'drained') return;
    event.preventDefault();
    if (phase === 'draining') return;
    phase = 'draining';
    supervisor.stop().then(() => {
      phase = 'drained';
      logs.flush();
      // quit() lets Chromium write its storage; a page that objects cannot hold it up.
      for (const window of BrowserWindow.getAllWindows()) window.destroy();
      if (again) relaunch({ args: again });
      setTimeout(() => app.exit(process.exitCode ? Number(process.exitCode) : 0), EXIT_LIMIT_MS);
      app.quit();
    });
  });
  // Usually they are closed by the drain; on macOS too: without its window this app does nothing.
  app.on('window-all-closed', () => app.quit());
  /** The app's own window. Others are opened by its pages, and closing them ends nothing. @type {BrowserWindow | null} */
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
    // Whoever opens the app again while it ends wants a window, not the end. Chromium has put the
    // words of the other command line into another order, so this one's serve, and the other's link.
    else again = [...process.argv.slice(1).filter((word) => !ONCE.test(word)), ...[linkAmong(argv, scheme)].filter((link) => link !== null)];
  });
  // macOS: a click on the icon in the Dock, when the window is minimized or hidden.
  app.on('activate', () => show());
  app.on('browser-window-created', (_event, window) => {
    if (main) return;
    main = window;
    // The window goes when the drain is over: until then it can say what is waited for.
    window.on('close', (event) => {
      if (phase === 'drained') return;
      event.preventDefault();
      quitIfWanted();
    });
    // Windows does not wait; start the drain at the first word of it.
    window.on('query-session-end', () => app.quit());
    window.on('session-end', () => app.quit());
  });
  for (const signal of /** @type {NodeJS.Signals[]} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => app.quit());
  }
  followParent(() => app.quit());
  // Writing to a terminal that was closed must not end the app before its drain.
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
 * Starts the app anew once this process has ended. An AppImage runs from a place that goes with it; the file that
 * was started, or the new one in its place, lies elsewhere.
 * @param {import('electron').RelaunchOptions} [options]
 */
export function relaunch(options = {}) {
  const image = app.isPackaged ? process.env.APPIMAGE : '';
  app.relaunch(image ? { ...options, execPath: image } : options);
}

/**
 * Started by a program that waits for us (it says so), the app ends when that program is killed.
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
