/**
 * Looks for a newer version and downloads it, with electron-updater: from a web server, or from a
 * folder (a USB stick, a share) with the same files. policy/updates.js decides whether an
 * announcement is accepted; the guardian installs it.
 *
 * electron-updater is loaded on first use. Some of its defaults are unwanted here: it identifies
 * the client to the server (`x-user-staging-id`), has no timeouts, allows downgrades as soon as a
 * channel is set, accepts an earlier download by its name, and installs when the app quits. A new
 * updater is therefore created for each check, without a channel, and its work ends with the
 * downloaded file.
 */
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

import { isFolder } from '../policy/update-settings.js';
import { feedFile, judge, openFeed } from '../policy/updates.js';
import { asFeedProblem, FeedProblem } from './feed-problem.js';
import { verifyEd25519 } from './signatures.js';
import { readSmallFile } from './small-file.js';
import { requestsOn } from './update-requests.js';

export const CHECK_MS = 30000;
export const STALL_MS = 60000;

/**
 * @typedef {import('../policy/updates.js').Release} Release
 * @typedef {ReturnType<typeof judge>} Decision
 * @typedef {{done: number, total: number, perSecond: number}} Progress bytes
 *
 * @typedef {object} Question
 * @property {string} feed a URL or a folder
 * @property {string} product
 * @property {string} channel
 * @property {string[]} keys
 * @property {string} version of the running app
 * @property {{platform: string, kind: string, arch: string}} installation
 * @property {import('../policy/updates.js').Seen | null} seen
 * @property {string[]} failed
 * @property {string} skipped
 * @property {boolean} asked
 * @property {string} [pinned] the administrator allows no later version
 * @property {string} installId
 *
 * @typedef {object} Found
 * @property {Release | null} release null if the channel has none
 * @property {Decision} decision
 * @property {(how: {oldFile?: string, onProgress?: (progress: Progress) => void}) => {file: Promise<string>, cancel: () => void}} download
 */

/**
 * @param {object} options
 * @param {string} options.folder for downloads; created if missing
 * @param {(options: any) => any} options.request see update-requests.js
 * @param {(line: string) => void} options.log
 * @param {number} [options.checkMs]
 * @param {number} [options.stallMs]
 */
export function createUpdateFeed({ folder, request, log, checkMs = CHECK_MS, stallMs = STALL_MS }) {
  /**
   * @param {Question} question
   * @returns {Promise<Found>} rejects with a FeedProblem
   */
  async function check(question) {
    const { FeedUpdater } = await updaterClasses();
    const updater = new FeedUpdater({ question, folder, request, log, stallMs });
    /** @type {NodeJS.Timeout | undefined} */
    let timer;
    const late = new Promise((_resolve, reject) => {
      timer = setTimeout(() => {
        const problem = new FeedProblem('timed_out', { seconds: Math.round(checkMs / 1000) });
        updater.requests.breakOff(problem);
        reject(problem);
      }, checkMs);
    });
    try {
      await Promise.race([updater.checkForUpdates(), late]);
    } catch (error) {
      throw asFeedProblem(error);
    } finally {
      clearTimeout(timer);
    }
    const { release, decision } = updater;
    if (!decision) throw new FeedProblem('network', { error: 'no answer' });
    return { release, decision, download: (how) => updater.fetch(how) };
  }
  return { check };
}

/** @typedef {ReturnType<typeof createUpdateFeed>} UpdateFeed */

/**
 * Created once, from classes that are loaded on first use.
 * @type {ReturnType<typeof makeClasses> | null}
 */
let classes = null;
const updaterClasses = () => (classes ||= makeClasses());

async function makeClasses() {
  const [{ AppUpdater, Provider, CancellationToken }, { DownloadedUpdateHelper }, { ElectronHttpExecutor }] = await Promise.all([
    import('electron-updater'),
    import('electron-updater/out/DownloadedUpdateHelper.js'),
    import('electron-updater/out/electronHttpExecutor.js'),
  ]);
  const Requests = requestsOn(ElectronHttpExecutor);

  class FeedUpdater extends AppUpdater {
    /** @param {{question: Question, folder: string, request: (options: any) => any, log: (line: string) => void, stallMs: number}} options */
    constructor({ question, folder, request, log, stallMs }) {
      super(null, adapter(folder));
      this.question = question;
      /** @type {Release | null} */
      this.release = null;
      /** @type {Decision | null} */
      this.decision = null;
      this.requests = new Requests({ make: request, stallMs });
      this.httpExecutor = this.requests;
      this.downloadedUpdateHelper = new DownloadedUpdateHelper(folder);
      this.autoDownload = false;
      this.autoInstallOnAppQuit = false;
      const write = (/** @type {string} */ line) => log(`update: ${String(line).split('\n')[0].slice(0, 500)}`);
      this.note = write;
      // Its other messages concern versions that it is not told about.
      this.logger = { info: (/** @type {string} */ line) => { if (/^Full: /.test(String(line))) write(line); }, warn: write, error: write };
      // No client id is sent, so none has to be generated.
      Object.assign(this, { stagingUserIdPromise: { value: Promise.resolve('') } });
      /** @type {string | undefined} */
      this.oldFile = undefined;
      /** @type {((progress: Progress) => void) | undefined} */
      this.onProgress = undefined;
      // The hook for a custom provider is missing from electron-updater's option types.
      this.setFeedURL(/** @type {any} */ ({ provider: 'custom', updateProvider: FeedProvider, updater: this }));
    }

    /** @param {{oldFile?: string, onProgress?: (progress: Progress) => void}} how */
    fetch({ oldFile, onProgress }) {
      this.oldFile = oldFile;
      this.onProgress = onProgress;
      if (onProgress) this.on('download-progress', ({ transferred, total, bytesPerSecond }) => onProgress({ done: transferred, total, perSecond: bytesPerSecond }));
      const token = new CancellationToken();
      // It is unknown which file the block map of an earlier download describes.
      fs.rmSync(path.join(this.folder(), 'current.blockmap'), { force: true });
      this.tidy();
      const file = this.downloadUpdate(token).then(([first]) => first, async (error) => {
        await Promise.all(this.requests.closing);
        this.tidy();
        throw asFeedProblem(error);
      });
      const cancel = () => {
        token.cancel();
        // The token alone is checked only when the next chunk arrives.
        this.requests.breakOff(new FeedProblem('cancelled'));
      };
      return { file, cancel };
    }

    /** Delete unfinished files of an earlier download. */
    tidy() {
      const pending = path.join(this.folder(), 'pending');
      if (!fs.existsSync(pending)) return;
      for (const name of fs.readdirSync(pending).filter((one) => one.startsWith('temp-'))) fs.rmSync(path.join(pending, name), { force: true });
    }

    folder() {
      return /** @type {import('electron-updater/out/DownloadedUpdateHelper.js').DownloadedUpdateHelper} */ (this.downloadedUpdateHelper).cacheDir;
    }

    /** @override Nothing is installed from here. */
    quitAndInstall() {}

    /**
     * @override
     * @protected
     * @param {any} options
     */
    doDownloadUpdate(options) {
      const { provider, info } = options.updateInfoAndProvider;
      const [fileInfo] = provider.resolveFiles(info);
      this.requests.expected = { path: fileInfo.url.pathname, size: fileInfo.info.size };
      return this.executeDownload({
        fileExtension: path.extname(fileInfo.info.url).slice(1),
        fileInfo,
        downloadUpdateOptions: options,
        done: async () => {},
        task: async (/** @type {string} */ destination, /** @type {any} */ how) => {
          if (isFolder(this.question.feed)) {
            await copy(path.join(this.question.feed, fileInfo.info.url), destination, fileInfo.info, options.cancellationToken, this.onProgress);
            return;
          }
          // Relative, because it looks in its own folder.
          const whole = !this.oldFile || await this.differentialDownloadInstaller(fileInfo, options, destination, provider, path.relative(this.folder(), this.oldFile));
          if (options.cancellationToken.cancelled) throw new FeedProblem('cancelled');
          if (whole) await this.requests.download(fileInfo.url, destination, how);
        },
      });
    }
  }

  /** @extends {Provider<any>} */
  class FeedProvider extends Provider {
    /**
     * @param {any} options
     * @param {FeedUpdater} _updater
     * @param {any} runtime
     */
    constructor(options, _updater, runtime) {
      // One range per request: not every static server supports several.
      super({ ...runtime, isUseMultipleRangeRequest: false });
      /** @type {FeedUpdater} */
      this.updater = options.updater;
      const { feed } = this.updater.question;
      this.base = isFolder(feed) ? pathToFileURL(`${path.resolve(feed)}${path.sep}`) : new URL(feed.endsWith('/') ? feed : `${feed}/`);
    }

    /** @override Nobody is told who is asking. */
    setRequestHeaders() {
      super.setRequestHeaders(null);
    }

    /** @override */
    async getLatestVersion() {
      const { question } = this.updater;
      const name = feedFile(question.channel, question.installation.platform, question.installation.arch);
      const [text, signature] = await Promise.all([this.read(name), this.read(`${name}.sig`)]);
      if (text === null) {
        this.updater.decision = { action: 'none', reason: { code: isFolder(question.feed) ? 'not_in_folder' : 'up_to_date', ...(isFolder(question.feed) ? { values: { folder: question.feed } } : {}) }, warnings: [], file: null, seen: question.seen };
        return nothing();
      }
      const opened = openFeed({ ...question, bytes: Buffer.from(text), signature, verify: verifyEd25519 });
      if ('refused' in opened) throw new FeedProblem(opened.refused.code, opened.refused.values);
      const decision = judge({ ...question, release: opened.release, now: Date.now() });
      this.updater.release = opened.release;
      this.updater.decision = decision;
      this.updater.note(`${opened.release.version} of ${question.channel}: ${decision.action}${decision.reason ? ` (${decision.reason.code})` : ''}`);
      // The decision about which version is newer was made just now; electron-updater knows only
      // npm versions.
      return decision.action === 'offer' && decision.file ? { ...nothing(), version: '1.0.0', files: [decision.file] } : nothing();
    }

    /** @override @param {any} info @returns {any[]} */
    resolveFiles(info) {
      return info.files.map((/** @type {{url: string}} */ file) => ({ url: new URL(file.url, this.base), info: file }));
    }

    /** @override @param {URL} url @returns {any} the old map and the new one */
    getBlockMapFiles(url) {
      const { question, release } = this.updater;
      const old = url.pathname.split(release ? release.version : '\n').join(question.version);
      return [new URL(`${old}.blockmap`, url), new URL(`${url.pathname}.blockmap`, url)];
    }

    /**
     * @param {string} name
     * @returns {Promise<string | null>} null when there is no such file
     */
    async read(name) {
      const { feed } = this.updater.question;
      if (isFolder(feed)) {
        if (!fs.existsSync(feed)) throw new FeedProblem('folder_missing', { folder: feed });
        try {
          return readSmallFile(path.join(feed, name));
        } catch (error) {
          if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return null;
          throw error;
        }
      }
      try {
        return (await this.httpRequest(new URL(name, this.base), { accept: '*/*' })) || '';
      } catch (error) {
        if (/** @type {any} */ (error).statusCode === 404) return null;
        throw error;
      }
    }
  }
  return { FeedUpdater };
}

/** @returns {any} not above the version that electron-updater is told of */
const nothing = () => ({ version: '0.0.0', files: [], path: '', sha512: '', releaseDate: '' });

/**
 * What electron-updater needs to know about the app. It must not choose when to install.
 * @param {string} folder
 */
const adapter = (folder) => ({
  version: '0.0.0', name: 'app', isPackaged: true, appUpdateConfigPath: '', userDataPath: folder, baseCachePath: folder,
  whenReady: async () => {}, relaunch: () => {}, quit: () => {}, onQuit: () => {},
});

/**
 * @param {string} from
 * @param {string} to
 * @param {{size: number, sha512: string}} expected
 * @param {{cancelled: boolean}} token
 * @param {((progress: Progress) => void) | undefined} onProgress
 */
async function copy(from, to, { size: total, sha512 }, token, onProgress) {
  const hash = crypto.createHash('sha512');
  const begun = Date.now();
  let done = 0;
  const target = await fs.promises.open(to, 'w');
  try {
    for await (const chunk of fs.createReadStream(from, { highWaterMark: 1024 * 1024 })) {
      if (token.cancelled) throw new FeedProblem('cancelled');
      done += chunk.length;
      if (done > total) throw new FeedProblem('hash');
      hash.update(chunk);
      await target.writeFile(chunk);
      if (onProgress) onProgress({ done, total, perSecond: Math.round(done / Math.max(0.001, (Date.now() - begun) / 1000)) });
    }
    if (hash.digest('base64') !== sha512) throw new FeedProblem('hash');
  } catch (error) {
    throw /** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT' ? new FeedProblem('not_there', { file: path.basename(from) }) : error;
  } finally {
    await target.close();
  }
}
