import { FeedProblem } from './feed-problem.js';

/** An answer that is no download is a short text. */
const SHORT_BYTES = 20 * 1024 * 1024;

/**
 * How electron-updater asks a server here: with the request function that it is given, and with limits, which it
 * has none of. A transfer that stands still, or does not end where it should, is broken off.
 * @param {typeof import('electron-updater/out/electronHttpExecutor.js').ElectronHttpExecutor} ElectronHttpExecutor
 */
export const requestsOn = (ElectronHttpExecutor) => class Requests extends ElectronHttpExecutor {
  /**
   * @param {object} options
   * @param {(options: any) => any} options.make `net.request` of Electron with a session, or Node's http.request
   * @param {number} options.stallMs
   */
  constructor({ make, stallMs }) {
    super();
    this.make = make;
    this.stallMs = stallMs;
    /** @type {Set<(error: Error) => void>} */
    this.open = new Set();
    /** Files that are on their way to be closed. @type {Set<Promise<unknown>>} */
    this.closing = new Set();
    /** The address path of the download, and how long it is. @type {{path: string, size: number} | null} */
    this.expected = null;
  }

  /**
   * Closes what an answer is written to when the answer breaks off: otherwise the unfinished file would stay
   * open, and take its room, until the app ends.
   * @param {any} from a stream
   */
  follow(from) {
    const pipe = from.pipe.bind(from);
    from.pipe = (/** @type {any} */ to, /** @type {any} */ how) => {
      const closed = new Promise((resolve) => { to.once('close', () => resolve(null)); });
      const end = () => {
        this.closing.add(closed);
        closed.then(() => this.closing.delete(closed));
        to.destroy(new Error('broken off'));
      };
      for (const name of ['aborted', 'error']) from.once(name, end);
      this.follow(to);
      return pipe(to, how);
    };
  }

  /** Breaks off all that is under way. @param {Error} error */
  breakOff(error) {
    for (const end of [...this.open]) end(error);
  }

  /**
   * @param {any} options
   * @param {(response: any) => void} callback
   * @returns {any}
   */
  createRequest(options, callback) {
    const request = this.make(options);
    /** @type {NodeJS.Timeout | undefined} */
    let timer;
    const over = () => {
      clearTimeout(timer);
      this.open.delete(end);
    };
    const end = (/** @type {Error} */ error) => {
      over();
      // First: what abort() itself says is not the reason.
      request.emit('error', error);
      request.abort();
    };
    const alive = () => {
      if (!this.open.has(end)) return;
      clearTimeout(timer);
      timer = setTimeout(() => end(new FeedProblem('stalled', { seconds: Math.round(this.stallMs / 1000) })), this.stallMs);
    };
    this.open.add(end);
    alive();
    const limit = this.expected && options.path === this.expected.path ? this.expected.size : SHORT_BYTES;
    request.on('response', (/** @type {any} */ response) => {
      alive();
      // A server that does not know parts sends the whole file for each of them.
      if (options.headers?.range && response.statusCode === 200) {
        end(new Error('this server does not send parts of files'));
        return;
      }
      let size = 0;
      response.on('data', (/** @type {string | Buffer} */ chunk) => {
        alive();
        size += chunk.length;
        if (size > limit) end(new FeedProblem('too_long', { bytes: limit }));
      });
      for (const name of ['end', 'close', 'aborted', 'error']) response.on(name, over);
      this.follow(response);
      callback(response);
    });
    // Not at its "close": Electron's comes when the question has been sent, long before the answer.
    for (const name of ['error', 'abort']) request.on(name, over);
    return request;
  }
};
