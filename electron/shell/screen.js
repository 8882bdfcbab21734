import { stageWords } from '../backend/words.js';
import { t, translatedThroughout } from '../locale/current.js';
import { say } from '../locale/messages.js';
import { isSameOrigin, isShellPage, SHELL_ORIGIN } from '../policy/origin.js';
import { Overlay } from './overlay.js';

/** Chromium's error code for a load that another one replaced. */
const ABORTED = -3;

/** A shutdown that takes longer than this says what it waits for. */
const TELL_AFTER_MS = 1000;

/** Decides what the window shows, a shell page or the app, by following the supervisor. */
class Screen {
  /**
   * @param {import('../backend/runtime.js').Runtime} runtime
   * @param {import('./window.js').MainWindow} main
   */
  constructor({ app, supervisor, logs }, main) {
    this.supervisor = supervisor;
    this.logs = logs;
    this.app = app;
    this.main = main;
    /** @type {(size: {width: number, height: number}) => Electron.Rectangle} */
    const everywhere = ({ width, height }) => ({ x: 0, y: 0, width, height });
    this.restartOverlay = new Overlay(main, 'restarting.html', everywhere);
    this.stopOverlay = new Overlay(main, 'stopping.html', everywhere);
    /**
     * A failure of the window itself, unknown to the supervisor.
     * @type {import('../backend/problem.js').Failure | null}
     */
    this.failure = null;
    /** The URL of the committed document: getURL() may already return one that is still loading. */
    this.url = '';
    /** The URL requested last. */
    this.wanted = '';
    /** The app's page failed to load: there is nothing to preserve when the server is back. */
    this.broken = false;
    /** The app's path without its origin, so that a new port does not lose it. */
    this.path = '/';
    /** The origin that the app was last shown from. @type {string | null} */
    this.origin = null;
    /** The data may differ from what the page shows: reload it. */
    this.stale = false;
    /** The renderer process is being ended deliberately. */
    this.replacing = false;
    /** Whether the loading page was requested with GET and can be requested again. */
    this.repeatable = true;
    /** A message for the page, kept until it has loaded. @type {[string, ...unknown[]] | null} */
    this.pendingMessage = null;
  }

  /** The current state, in English. */
  state() {
    const status = this.supervisor.status();
    const failure = this.failure || status.failure;
    return failure ? { ...status, state: 'failed', failure } : status;
  }

  /** The state for shell pages, in the user's language. */
  shown() {
    const state = this.state();
    const { failure, stage } = state;
    return translatedThroughout({
      ...state,
      ...(failure ? { failure: { ...failure, stageWords: stageWords(failure.stage) } } : {}),
      stageWords: stage ? stageWords(stage.name) : '',
      version: this.app.version,
    });
  }

  /** Update the window to the supervisor's state. */
  follow() {
    if (!this.main.alive()) return;
    const { state } = this.supervisor;
    if (state === 'ready') this.#showApp();
    else if (state === 'failed') this.#showPage('error.html');
    else if (state === 'restarting') {
      if (this.supervisor.restart?.planned) this.stale = true;
      if (this.#appIsShown()) this.restartOverlay.show();
    } else if (state === 'starting') this.#showPage('splash.html');
    // Shown only if it takes long enough for the user to wonder.
    else if (state === 'stopping') setTimeout(() => this.#sayWhatIsWaitedFor(), TELL_AFTER_MS);
    this.title();
    this.tell();
  }

  /** The window title: the page's, plus important states. */
  title(name = '') {
    if (!this.main.alive()) return;
    const { window } = this.main;
    name = name || window.webContents.getTitle() || this.app.name;
    window.setTitle(this.supervisor.safeMode ? t('{name} (background tasks are off)', { name }) : name);
  }

  /** Send the state to the pages that show it. */
  tell() {
    if (!this.main.alive()) return;
    const page = isShellPage(this.url) ? this.main.window.webContents : null;
    for (const contents of [page, this.restartOverlay.contents, this.stopOverlay.contents]) {
      if (contents && !contents.isDestroyed()) contents.send('djdesk-shell:state', this.shown());
    }
  }

  /**
   * The window cannot show the app although the server runs.
   * @param {import('../backend/problem.js').Failure} failure
   */
  fail(failure) {
    this.failure = { ...failure, tail: this.logs.tail() };
    this.logs.write('shell', `window: ${failure.code}: ${failure.reason}`);
    // Even if it is shown already: its process may be the one that died.
    this.wanted = '';
    this.#showPage('error.html');
    this.tell();
  }

  /**
   * The Retry button and similar ones.
   * @param {{safeMode?: boolean}} [how]
   */
  retry(how) {
    if (this.failure && this.supervisor.state === 'ready') {
      this.failure = null;
      this.origin = null;
      this.follow();
    } else this.supervisor.retry(how);
  }

  /**
   * End the page's unresponsive process, then reload the page or show the failure.
   * @param {import('../backend/problem.js').Failure} [failure]
   */
  replace(failure) {
    if (!this.main.alive()) return;
    const { webContents } = this.main.window;
    // A stuck process cannot even unload its document.
    webContents.once('render-process-gone', () => setImmediate(() => {
      if (!this.main.alive()) return;
      if (failure) this.fail(failure);
      else this.again();
    }));
    this.replacing = true;
    webContents.forcefullyCrashRenderer();
  }

  /** Reload what the window shows. */
  again() {
    if (this.#appIsShown() && !this.repeatable) this.#load(this.origin + this.path);
    else this.main.window.webContents.reload();
  }

  /** The computer was asleep: the page's connections may be dead without its knowledge. */
  resumed() {
    if (this.main.alive() && this.#appIsShown()) this.main.window.webContents.send('djdesk:resume');
  }

  /** @param {string} url an address of the app */
  goTo(url) {
    if (this.main.alive() && this.#appIsShown()) this.#load(url);
  }

  /** @param {string} path of the app, to be shown now or as soon as it is there */
  openPath(path) {
    if (this.main.alive() && this.#appIsShown() && this.origin) this.#load(this.origin + path);
    else this.path = path;
  }

  /**
   * Send something to the app's page, now or once it has loaded.
   * @param {string} channel
   * @param {...unknown} values
   */
  send(channel, ...values) {
    this.pendingMessage = [channel, ...values];
    this.deliver();
  }

  deliver() {
    if (!this.pendingMessage || !this.main.alive()) return;
    const { webContents } = this.main.window;
    if (!this.#appIsShown() || webContents.isLoadingMainFrame()) return;
    const [channel, ...values] = this.pendingMessage;
    this.pendingMessage = null;
    webContents.send(channel, ...values);
  }

  /** The window shows another document, or another place in it. @param {string} url */
  moved(url) {
    this.url = url;
    if (!isSameOrigin(url, this.origin)) return;
    // The response to the form that asked for the restart still arrives before it.
    if (this.supervisor.state === 'ready') this.restartOverlay.hide();
    // The response to a form is not a URL to return to.
    if (!this.repeatable) return;
    const { pathname, search, hash } = new URL(url);
    this.path = pathname + search + hash;
  }

  #appIsShown() {
    return isSameOrigin(this.url, this.origin);
  }

  #showApp() {
    const { backend } = this.supervisor;
    if (!backend) return;
    this.failure = null;
    const stays = this.origin === backend.origin && this.#appIsShown() && !this.broken && !this.stale;
    this.origin = backend.origin;
    this.stale = false;
    // A page that survived the restart keeps what was typed into it. For a new page the overlay
    // stays until it has loaded.
    if (stays) this.restartOverlay.hide();
    else this.#load(backend.origin + this.path);
  }

  #sayWhatIsWaitedFor() {
    if (!this.main.alive() || this.supervisor.state !== 'stopping') return;
    this.restartOverlay.hide();
    this.stopOverlay.show();
  }

  /** @param {'splash.html' | 'error.html'} name */
  #showPage(name) {
    this.restartOverlay.hide();
    const url = `${SHELL_ORIGIN}/${name}`;
    if (this.main.alive() && this.wanted !== url) this.#load(url);
  }

  /** @param {string} url */
  #load(url) {
    this.wanted = url;
    this.broken = false;
    // Failures arrive as did-fail-load, see below.
    this.main.window.webContents.loadURL(url).catch(() => {});
  }
}

/** @typedef {Screen} ScreenType */

/**
 * @param {import('../backend/runtime.js').Runtime} runtime
 * @param {import('./window.js').MainWindow} main
 * @returns {Screen}
 */
export function setupScreen(runtime, main) {
  const screen = new Screen(runtime, main);
  const { supervisor } = runtime;
  const contents = main.window.webContents;
  supervisor.on('state', () => screen.follow());
  supervisor.on('stage', () => screen.tell());
  supervisor.on('worker', () => screen.tell());
  main.window.on('page-title-updated', (event, title) => {
    event.preventDefault();
    screen.title(title);
  });
  main.session.webRequest.onSendHeaders({ urls: ['http://127.0.0.1/*'] }, ({ resourceType, method }) => {
    if (resourceType === 'mainFrame') screen.repeatable = method === 'GET';
  });
  contents.on('did-navigate', (_event, url) => {
    // Unlike did-finish-load, not emitted for a failed page.
    screen.broken = false;
    screen.moved(url);
  });
  contents.on('did-navigate-in-page', (_event, url, isMainFrame) => {
    if (isMainFrame) screen.moved(url);
  });
  contents.on('did-finish-load', () => {
    screen.deliver();
    // Back must not lead to the splash page.
    const history = contents.navigationHistory;
    if (isSameOrigin(screen.url, screen.origin) && history.length() > 1 && isShellPage((history.getEntryAtIndex(0) || { url: '' }).url)) {
      history.clear();
    }
  });
  contents.on('did-fail-load', (_event, code, description, url, isMainFrame) => {
    if (!isMainFrame || code === ABORTED || !isSameOrigin(url, screen.origin)) return;
    screen.broken = true;
    if (supervisor.state !== 'ready') return;
    screen.fail({
      stage: 'window',
      code: 'page_not_loaded',
      reason: say("The app's page could not be loaded ({why}).", { why: description || code }),
      hint: say('Try again. If it keeps happening, the server log usually names the cause.'),
    });
  });
  screen.follow();
  return screen;
}
