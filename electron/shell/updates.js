import { app, BrowserWindow, dialog, net, session as sessions } from 'electron';

import { administratorFiles } from '../backend/administrator.js';
import { installedAs } from '../backend/installed-as.js';
import { isMetered } from '../backend/metered.js';
import { Transaction } from '../backend/transaction.js';
import { UpdateChoices } from '../backend/update-choices.js';
import { createUpdateFeed } from '../backend/update-feed.js';
import { Updater } from '../backend/updater.js';
import { updateWords } from '../backend/update-words.js';
import { findPython } from '../backend/python.js';
import { language, t, translated } from '../locale/current.js';
import { parseArguments } from '../policy/arguments.js';
import { showNotice } from './notices.js';
import { isOwnContents } from './own-contents.js';
import { fetchNoDictionary } from './session.js';

/** The first check comes well after the start, which is busy enough. */
const FIRST_MS = 60000;
const LOOK_MS = 10 * 60 * 1000;
/** Interval of progress updates. */
const TELL_MS = 200;

/**
 * State of the updates page, in the user's language.
 * @typedef {object} UpdateState
 * @property {import('../backend/updater.js').Phase} phase
 * @property {string} off why updates are disabled, or ''
 * @property {boolean} folder whether updating from a folder is possible
 * @property {string} text
 * @property {boolean} failed
 * @property {string[]} warnings
 * @property {{version: string, released: string, size: number, notes: string, migrates: boolean} | null} offer
 * @property {{done: number, total: number, perSecond: number} | null} progress
 * @property {{ask: boolean, automatic: boolean, download: boolean, channel: string, channels: string[], managed: string[]}} choices
 * @property {string} checked ISO time of the last check, or ''
 * @property {boolean} paused
 * @property {{version: string} | null} back the version to go back to
 * @property {{file: string, command: string} | null} saved a version for manual installation
 * @property {boolean} badge
 *
 * @typedef {{updater: Updater, badge: () => string, onBadge: (callback: () => void) => void, state: () => UpdateState, act: (action: string, value: string) => Promise<void>}} Updates
 */

/**
 * @param {import('../backend/runtime.js').Runtime & {start: import('./command-line.js').Start}} runtime
 * @param {{main: import('./window.js').MainWindow, screen: import('./screen.js').ScreenType}} parts
 * @returns {Updates}
 */
export function setupUpdates(runtime, { main, screen }) {
  const { app: about, dataDir, logs, supervisor } = runtime;
  const log = (/** @type {string} */ line) => logs.write('shell', line);
  const resources = app.isPackaged ? process.resourcesPath : null;
  const network = updateNetwork();
  const updater = new Updater({
    app: about,
    dataDir,
    log,
    choices: new UpdateChoices(dataDir),
    transaction: new Transaction({ dataDir, log, python: () => findPython({ root: about.root, resources }) }),
    feed: createUpdateFeed({ folder: `${dataDir}/updates/download`, request: network.request, log }),
    installed: () => network.ready().then(() => installedAs({ packaged: app.isPackaged, name: about.name, execPath: process.execPath })),
    administrator: administratorFiles(about),
    downloads: () => app.getPath('downloads'),
    switches: runtime.start.words.slice(1),
    online: () => net.isOnline(),
    metered: () => isMetered(),
  });

  const badge = () => (updater.postponed || updater.busy() ? '' : updater.offer());
  const state = () => describe(updater, badge() !== '');

  /** @type {(() => void)[]} */
  const followers = [];
  let shown = '';
  let lastTold = 0;
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const tell = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      lastTold = Date.now();
      const now = state();
      for (const window of BrowserWindow.getAllWindows()) {
        if (isOwnContents(window.webContents.id)) window.webContents.send('djdesk:update-changed', now);
      }
    }, Math.max(0, TELL_MS - (Date.now() - lastTold)));
  };
  updater.on('change', () => {
    tell();
    const version = badge();
    const mark = version && `${version} ${updater.phase}`;
    if (mark === shown) return;
    shown = mark;
    // A number on the icon, where the system supports it.
    app.setBadgeCount(version ? 1 : 0);
    followers.forEach((callback) => callback());
    if (!version || !main.alive()) return;
    showNotice(main.window.webContents, updater.phase === 'ready'
      ? t('Version {version} is ready. Restart to use it: Help, Updates.', { version })
      : t('Version {version} is available: Help, Updates.', { version }));
  });

  const leave = async (/** @type {'install' | 'back'} */ command) => {
    // Never because the session ends: only a user asks for this.
    if (await updater.leave(command)) app.quit();
  };
  /** @type {Record<string, (value: string) => unknown>} */
  const actions = {
    check: () => updater.check({ asked: true }),
    folder: async () => {
      const folder = await chooseUpdateFolder(main);
      if (folder) await updater.check({ asked: true, folder });
    },
    download: () => updater.download(),
    cancel: () => updater.cancel(),
    restart: () => leave('install'),
    back: () => leave('back'),
    skip: () => updater.skip(),
    later: () => updater.later(),
    resume: () => updater.resume(),
    automatic: (value) => updater.choose({ automatic: value === 'yes' }),
    'download-automatically': (value) => updater.choose({ download: value === 'yes' }),
    channel: (value) => updater.choose({ channel: updater.settings().channels.includes(value) ? value : '' }),
  };
  const act = async (/** @type {string} */ action, /** @type {string} */ value) => {
    log(`update: ${action}`);
    await actions[action](value);
  };

  const lookIfDue = () => {
    updater.parts.transaction.tidy();
    if (updater.invite() && main.alive()) showNotice(main.window.webContents, t('Should {app} check for updates? Help, Updates.'));
    const due = updater.due();
    if (due !== null && Date.now() >= due && supervisor.state === 'ready') updater.check({ asked: false }).catch((error) => log(`update: ${error}`));
  };
  const installFrom = async (/** @type {string[]} */ argv) => {
    const folder = parseArguments(argv).updateFolder;
    if (!folder) return;
    screen.openPath('/desktop/updates/');
    await updater.check({ asked: true, folder });
    if (updater.phase === 'ready' && !supervisor.worker.status.busy) await leave('install');
  };
  supervisor.once('ready', () => {
    updater.takeStock();
    installFrom(process.argv.slice(1)).catch((error) => log(`update: ${error}`));
    setTimeout(lookIfDue, FIRST_MS).unref();
    setInterval(lookIfDue, LOOK_MS).unref();
  });
  app.on('second-instance', (_event, argv) => {
    installFrom(argv.slice(1)).catch((error) => log(`update: ${error}`));
  });
  return { updater, badge, state, act, onBadge: (callback) => { followers.push(callback); } };
}

export const UPDATE_ACTIONS = ['check', 'folder', 'download', 'cancel', 'restart', 'back', 'skip', 'later', 'resume', 'automatic', 'download-automatically', 'channel'];

/**
 * Requests in a separate session with the system's proxies. The window's session can reach only our
 * server.
 * @returns {{ready: () => Promise<void>, request: (options: any) => Electron.ClientRequest}}
 */
function updateNetwork() {
  /** @type {Electron.Session | null} */
  let session = null;
  return {
    ready: async () => {
      if (session) return;
      const made = sessions.fromPartition('updates', { cache: false });
      fetchNoDictionary(made);
      // Until this resolves, requests would bypass the proxy.
      await made.setProxy({ mode: 'system' });
      session = made;
    },
    request: (options) => net.request({ ...options, session: /** @type {Electron.Session} */ (session), credentials: 'omit' }),
  };
}

/**
 * @param {Updater} updater
 * @param {boolean} badge
 * @returns {UpdateState}
 */
function describe(updater, badge) {
  const settings = updater.settings();
  const stored = updater.parts.choices.read();
  const release = updater.offer() ? updater.found?.release : null;
  const file = updater.found?.decision.file;
  const journal = updater.parts.transaction.read();
  const before = journal && journal.state === 'confirmed' ? journal : updater.parts.transaction.last();
  return {
    phase: updater.phase,
    off: settings.off ? translated(updateWords({ code: settings.off })) : '',
    folder: !settings.off || settings.off === 'no_feed',
    text: translated(updater.text),
    failed: updater.failed,
    warnings: updater.warnings.map(translated),
    offer: release && file ? { version: release.version, released: release.released, size: file.size, notes: release.notes[language()] || release.notes.en || '', migrates: release.migrates } : null,
    progress: updater.progress,
    choices: { ask: settings.ask, automatic: settings.automatic, download: settings.download, channel: settings.channel, channels: settings.channels, managed: settings.managed },
    checked: stored.checked ? new Date(stored.checked).toISOString() : '',
    paused: updater.paused(),
    back: before && before.previous && before.state === 'confirmed' ? { version: before.from } : null,
    saved: updater.saved ? { file: updater.saved, command: updater.installed?.kind === 'deb' ? `sudo apt install ${updater.saved.includes(' ') ? `'${updater.saved}'` : updater.saved}` : '' } : null,
    badge,
  };
}

/** @param {import('./window.js').MainWindow} main */
async function chooseUpdateFolder(main) {
  if (!main.alive()) return null;
  const { canceled, filePaths } = await dialog.showOpenDialog(main.window, { title: t('Folder with the update'), buttonLabel: t('Check for an update'), properties: ['openDirectory'] });
  return canceled || !filePaths.length ? null : filePaths[0];
}
