import { FeedProblem } from './feed-problem.js';

/** A response that is not a download is short. */
const SHORT_BYTES = 20 * 1024 * 1024;

/**
 * How electron-updater sends requests here: with the given request function, and with the limits
 * that it lacks. A transfer that stalls or ends early is aborted.
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
    /** Files that are being closed. @type {Set<Promise<unknown>>} */
    this.closing = new Set();
    /** URL path and size of the download. @type {{path: string, size: number} | null} */
    this.expected = null;
  }

  /**
   * Closes the file that a response is written to if the response is aborted: otherwise the
   * unfinished file would stay open and take space until the app ends.
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

  /** Aborts all requests. @param {Error} error */
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
      // Emitted first: abort()'s own error is not the reason.
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
      // A server without range support sends the whole file for each range.
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
    // Not on "close": Electron emits it when the request has been sent, long before the response.
    for (const name of ['error', 'abort']) request.on(name, over);
    return request;
  }
};
