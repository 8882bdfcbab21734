/**
 * Everything between checking for an update and being ready to restart: one operation at a time,
 * with a sentence for its state. Has no windows; electron/shell/updates.js shows it.
 */
import { EventEmitter } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';

import { isFolder, mayUseNetwork, readAdministrator, updateSettings } from '../policy/update-settings.js';
import { nextCheck, roomNeeded } from '../policy/updates.js';
import { compareVersions } from '../policy/versions.js';
import { asFeedProblem, FeedProblem } from './feed-problem.js';
import { readSmallFile } from './small-file.js';
import { UpdateRefused } from './transaction.js';
import { updateWords } from './update-words.js';

/**
 * @typedef {'idle' | 'checking' | 'offered' | 'downloading' | 'preparing' | 'ready' | 'saved' | 'leaving'} Phase `saved`: downloaded for manual installation
 * @typedef {import('../policy/updates.js').Reason} Reason
 *
 * @typedef {object} Parts
 * @property {import('../app.js').App} app
 * @property {string} dataDir
 * @property {import('./update-choices.js').UpdateChoices} choices
 * @property {import('./update-feed.js').UpdateFeed} feed
 * @property {import('./transaction.js').Transaction} transaction
 * @property {() => Promise<import('./installed-as.js').InstalledAs>} installed
 * @property {string[]} administrator paths of the administrator's file, the first existing one counts
 * @property {() => string} downloads the user's folder for downloads
 * @property {string[]} switches to restart the app with
 * @property {() => boolean} online
 * @property {() => Promise<boolean>} metered
 * @property {(line: string) => void} log
 */

export class Updater extends EventEmitter {
  /** @param {Parts} parts */
  constructor(parts) {
    super();
    this.parts = parts;
    /** @type {Phase} */
    this.phase = 'idle';
    /** Why there is nothing to do, or what went wrong. @type {import('../locale/messages.js').Text} */
    this.text = '';
    /** Whether the text reports a failure. */
    this.failed = false;
    /** @type {import('../locale/messages.js').Text[]} */
    this.warnings = [];
    /** @type {import('./update-feed.js').Found | null} */
    this.found = null;
    /** @type {import('./installed-as.js').InstalledAs | null} */
    this.installed = null;
    /** @type {{done: number, total: number, perSecond: number} | null} */
    this.progress = null;
    /** Where a version for manual installation was downloaded to. */
    this.saved = '';
    /** By the user, until the next start. */
    this.postponed = false;
    /** @type {() => void} */
    this.stop = () => {};
    this.cancelled = false;
    /** A downloaded version is waiting to be offered again. */
    this.waiting = false;
  }

  /** The current settings: an administrator's file may have been added meanwhile. */
  settings() {
    const { app, administrator, choices } = this.parts;
    const { automatic, download, channel } = choices.read();
    return updateSettings({
      table: app.update,
      file: readAdministrator(firstText(administrator)),
      choices: { automatic, download, channel, paused: this.paused() },
    });
  }

  paused() {
    return Boolean(this.parts.transaction.read()?.paused);
  }

  busy() {
    return this.phase === 'checking' || this.phase === 'downloading' || this.phase === 'preparing' || this.phase === 'leaving';
  }

  /** The available version, or ''. */
  offer() {
    return this.phase !== 'idle' && this.phase !== 'checking' && this.found?.release ? this.found.release.version : '';
  }

  /** Whether to tell the user, once, that they can choose. */
  invite() {
    if (!this.settings().ask || this.parts.choices.read().invited) return false;
    this.parts.choices.update({ invited: true });
    return true;
  }

  /**
   * Called once after the start: deletes downloads of finished updates.
   * @returns {boolean} whether a downloaded version is waiting to be installed
   */
  takeStock() {
    const { app, dataDir, transaction } = this.parts;
    const journal = transaction.read();
    this.waiting = Boolean(journal) && ['downloaded', 'staged', 'rehearsed', 'abandoned'].includes(String(journal?.state))
      && compareVersions(String(journal?.to), app.version) > 0 && journal?.reason !== String(updateWords({ code: 'cancelled' }));
    if (!this.waiting && !this.busy()) fs.rmSync(path.join(dataDir, 'updates', 'download'), { recursive: true, force: true });
    return this.waiting;
  }

  /** When the next automatic check is due, in ms since the epoch; null for never. */
  due() {
    if (!this.settings().automatic) return null;
    return this.waiting ? 0 : nextCheck(this.parts.choices.read());
  }

  /**
   * Checks for a version, and downloads it if the user wants that and the connection is not
   * metered.
   * @param {{asked: boolean, folder?: string}} how `folder`: use this instead of the feed
   */
  async check({ asked, folder = '' }) {
    if (this.busy()) return;
    // It may have been withdrawn or superseded since.
    const ready = this.phase === 'ready' ? this.found : null;
    const settings = this.settings();
    // A folder needs no feed address.
    if (settings.off && !(folder && settings.off === 'no_feed')) {
      this.#rest({ code: settings.off }, false);
      return;
    }
    if (!mayUseNetwork({ asked, folder: Boolean(folder) || isFolder(settings.feed), online: this.parts.online(), metered: false, download: false })) return;
    this.waiting = false;
    this.#enter('checking');
    this.installed = await this.parts.installed();
    if (!this.installed.kind) {
      this.#rest(/** @type {Reason} */ (this.installed.obstacle), false);
      return;
    }
    await this.#look({ asked, feed: folder || settings.feed, channel: settings.channel, pinned: settings.pinned });
    if (ready && (this.failed || (this.phase === 'offered' && this.found?.release?.version === ready.release?.version))) {
      this.found = ready;
      this.#enter('ready');
      return;
    }
    if (this.phase === 'offered' && (folder || isFolder(settings.feed) || await this.#mayDownload(settings))) await this.download();
  }

  /** @param {{asked: boolean, feed: string, channel: string, pinned: string}} how */
  async #look({ asked, feed, channel, pinned }) {
    const { app, choices, transaction } = this.parts;
    const stored = choices.read();
    try {
      this.found = await this.parts.feed.check({
        feed, channel, pinned, asked, product: app.id, keys: /** @type {string[]} */ (app.update.keys || []), version: app.version,
        installation: { platform: process.platform, kind: /** @type {import('./installed-as.js').InstalledAs} */ (this.installed).artefact, arch: process.arch },
        seen: stored.seen[channel] || null, failed: transaction.read()?.held || [], skipped: stored.skipped, installId: stored.installId,
      });
    } catch (error) {
      const problem = asFeedProblem(error);
      this.parts.log(`update: ${problem.message}`);
      choices.update({ checked: Date.now(), failures: stored.failures + 1 });
      this.#rest(problem, true);
      return;
    }
    const { decision } = this.found;
    choices.update({ checked: Date.now(), failures: 0, ...(decision.seen ? { seen: { ...stored.seen, [channel]: decision.seen } } : {}) });
    this.warnings = decision.warnings.map(updateWords);
    if (decision.action !== 'offer') {
      this.parts.log(`update: ${decision.reason ? decision.reason.code : decision.action}`);
      if (decision.reason && ['held', 'pinned'].includes(decision.reason.code)) await this.#drop(decision.reason);
      this.#rest(decision.reason, decision.action === 'refuse');
      return;
    }
    this.#enter('offered');
  }

  /** Discard an earlier download that must not be installed any more. @param {Reason} reason */
  async #drop(reason) {
    const state = this.parts.transaction.read()?.state;
    if (!['downloaded', 'staged', 'rehearsed'].includes(String(state))) return;
    await this.parts.transaction.drop(updateWords(reason)).catch(() => {});
  }

  /** What the administrator has forbidden since it was offered. @returns {Reason | null} */
  #forbidden() {
    const { off, pinned } = this.settings();
    const version = this.offer();
    if (off.startsWith('administrator')) return { code: off };
    return pinned && version && compareVersions(version, pinned) > 0 ? { code: 'pinned', values: { version, pinned } } : null;
  }

  /** @param {import('../policy/update-settings.js').UpdateSettings} settings */
  async #mayDownload(settings) {
    return settings.download && !this.installed?.obstacle && this.installed?.kind !== 'deb'
      && mayUseNetwork({ asked: false, folder: false, online: this.parts.online(), metered: await this.parts.metered(), download: true });
  }

  /** Downloads the offered version and prepares it, up to the restart. */
  async download() {
    const { found, installed } = this;
    const file = found?.decision.file;
    if (this.phase !== 'offered' || !found?.release || !file || !installed) return;
    const forbidden = this.#forbidden();
    if (forbidden) {
      this.#rest(forbidden, false);
      return;
    }
    const { app, transaction, log, choices } = this.parts;
    this.cancelled = false;
    this.#enter('downloading');
    try {
      await this.#checkRoom(file);
      if (this.cancelled) throw new FeedProblem('cancelled');
      const { file: done, cancel } = found.download({
        ...(['appimage', 'portable'].includes(installed.kind) ? { oldFile: installed.target } : {}),
        onProgress: (progress) => this.#advance(progress),
      });
      this.stop = cancel;
      const artefact = await done;
      this.stop = () => {};
      if (installed.kind === 'deb' || installed.obstacle) {
        this.saved = await this.#giveToUser(artefact);
        this.#enter('saved');
        return;
      }
      this.#enter('preparing');
      this.stop = () => transaction.cancel();
      for (const step of [
        () => transaction.begin({ product: app.id, from: app.version, to: /** @type {import('../policy/updates.js').Release} */ (found.release).version, installed, file: artefact, artefact: file }),
        () => transaction.stage((event) => { if (event.event === 'progress') this.#advance({ done: event.done, total: event.total, perSecond: 0 }); }),
        () => { this.#advance(null); return transaction.rehearse(this.command()); },
      ]) {
        if (this.cancelled) throw new FeedProblem('cancelled');
        await step();
      }
      choices.update({ skipped: '' });
      this.#enter('ready');
    } catch (error) {
      const refused = error instanceof UpdateRefused;
      log(`update: ${/** @type {Error} */ (error).message}`);
      if (this.cancelled) await transaction.drop(updateWords({ code: 'cancelled' })).catch(() => {});
      const problem = this.cancelled ? new FeedProblem('cancelled') : asFeedProblem(error);
      this.text = refused && !this.cancelled ? error.reason : updateWords(problem);
      this.failed = !this.cancelled;
      // From here it can be retried.
      this.#enter('offered', true);
    } finally {
      this.stop = () => {};
    }
  }

  /** To the user's Downloads folder. @param {string} artefact @returns {Promise<string>} */
  async #giveToUser(artefact) {
    const folder = this.parts.downloads();
    const file = path.join(folder, path.basename(artefact));
    await fs.promises.mkdir(folder, { recursive: true });
    await fs.promises.copyFile(artefact, file);
    if (file.endsWith('.AppImage')) await fs.promises.chmod(file, 0o755);
    await fs.promises.rm(artefact);
    return file;
  }

  /** @param {import('../policy/updates.js').ReleaseFile} file */
  async #checkRoom(file) {
    const database = sizeOf(path.join(this.parts.dataDir, 'app.sqlite3'));
    const needed = roomNeeded(file, database);
    const free = await freeBytes(this.parts.dataDir);
    if (free !== null && free < needed) throw new FeedProblem('no_room', { megabytes: Math.ceil(needed / 1e6) });
  }

  /** Aborts the current operation. */
  cancel() {
    if (this.phase !== 'downloading' && this.phase !== 'preparing') return;
    this.cancelled = true;
    this.stop();
  }

  /** The user skips this version. */
  async skip() {
    const version = this.offer();
    if (!version || this.busy()) return;
    this.parts.choices.update({ skipped: version });
    if (this.phase === 'ready') await this.parts.transaction.drop(updateWords({ code: 'skipped', values: { version } })).catch(() => {});
    this.#rest({ code: 'skipped', values: { version } }, false);
  }

  /** Hides the badge until the next start. */
  later() {
    this.postponed = true;
    this.emit('change');
  }

  /**
   * Hands over to the guardian. If this resolves to true, the app must quit.
   * @param {'install' | 'back'} command
   */
  async leave(command) {
    if (this.busy() || (command === 'install' && this.phase !== 'ready')) return false;
    const forbidden = command === 'install' ? this.#forbidden() : null;
    if (forbidden) {
      await this.#drop(forbidden);
      this.#rest(forbidden, false);
      return false;
    }
    const before = this.phase;
    this.#enter('leaving');
    try {
      this.installed ||= await this.parts.installed();
      await this.parts.transaction.handOver(command, this.command());
      return true;
    } catch (error) {
      this.text = error instanceof UpdateRefused ? error.reason : /** @type {Error} */ (error).message;
      this.failed = true;
      this.parts.log(`update: ${this.text}`);
      this.#enter(command === 'install' ? 'offered' : before, true);
      return false;
    }
  }

  /** The user wants updates again after going back. */
  async resume() {
    await this.parts.transaction.unpause().catch((error) => {
      this.text = error instanceof UpdateRefused ? error.reason : error.message;
      this.failed = true;
    });
    this.emit('change');
  }

  /** @param {Partial<import('./update-choices.js').Stored>} change */
  choose(change) {
    this.parts.choices.update(change);
    if (change.channel !== undefined && !this.busy()) this.#rest(null, false);
    else this.emit('change');
  }

  /** The command that starts the app. */
  command() {
    return [/** @type {import('./installed-as.js').InstalledAs} */ (this.installed).start, ...this.parts.switches];
  }

  /**
   * @param {Phase} phase
   * @param {boolean} [keepText]
   */
  #enter(phase, keepText = false) {
    this.phase = phase;
    this.progress = null;
    if (!keepText) {
      this.text = '';
      this.failed = false;
    }
    this.emit('change');
  }

  /** @param {Reason | FeedProblem | null} reason @param {boolean} failed */
  #rest(reason, failed) {
    this.text = reason ? updateWords(reason) : '';
    this.failed = failed;
    this.#enter('idle', true);
  }

  /** @param {{done: number, total: number, perSecond: number} | null} progress */
  #advance(progress) {
    this.progress = progress;
    this.emit('change');
  }
}

/** @param {string[]} files @returns {string | null} null if there is none; '' if it is unreadable */
function firstText(files) {
  for (const file of files) {
    try {
      return readSmallFile(file);
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ENOENT') return '';
    }
  }
  return null;
}

/** @param {string} file */
function sizeOf(file) {
  try {
    return fs.statSync(file).size;
  } catch {
    return 0;
  }
}

/** @param {string} folder @returns {Promise<number | null>} null if Node cannot tell (before 18.15) */
async function freeBytes(folder) {
  if (!fs.promises.statfs) return null;
  const { bavail, bsize } = await fs.promises.statfs(folder);
  return bavail * bsize;
}
