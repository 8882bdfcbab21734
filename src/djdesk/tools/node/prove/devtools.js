import { EventEmitter } from 'node:events';

/**
 * The Chrome DevTools Protocol over two pipes, descriptors 3 and 4 of a program started with
 * `--remote-debugging-pipe`. No port is opened that other programs could use.
 */
export class DevTools extends EventEmitter {
  #sent = 0;
  /** @type {Map<number, {resolve: (value: any) => void, reject: (error: Error) => void}>} */
  #waiting = new Map();
  #rest = Buffer.alloc(0);

  /** @param {import('node:child_process').ChildProcess} child */
  constructor(child) {
    super();
    this.setMaxListeners(0);
    this.out = /** @type {import('node:stream').Writable} */ (child.stdio[3]);
    const incoming = /** @type {import('node:stream').Readable} */ (child.stdio[4]);
    incoming.on('data', (data) => this.#read(data));
    const ended = () => this.#end();
    incoming.on('close', ended);
    child.once('exit', ended);
    this.out.on('error', ended);
  }

  /**
   * @param {string} method
   * @param {object} [params]
   * @param {string} [sessionId] of the target page
   * @returns {Promise<any>}
   */
  send(method, params = {}, sessionId) {
    return new Promise((resolve, reject) => {
      this.#sent += 1;
      this.#waiting.set(this.#sent, { resolve, reject });
      this.out.write(`${JSON.stringify({ id: this.#sent, method, params, sessionId })}\0`);
    });
  }

  /** @param {Buffer} data */
  #read(data) {
    this.#rest = Buffer.concat([this.#rest, data]);
    for (let end = this.#rest.indexOf(0); end >= 0; end = this.#rest.indexOf(0)) {
      const message = JSON.parse(this.#rest.subarray(0, end).toString('utf8'));
      this.#rest = this.#rest.subarray(end + 1);
      const asked = this.#waiting.get(message.id);
      this.#waiting.delete(message.id);
      if (message.error) asked?.reject(new Error(message.error.message));
      else if (asked) asked.resolve(message.result);
      else if (message.method) this.emit(message.method, message.params, message.sessionId);
    }
  }

  #end() {
    for (const { reject } of this.#waiting.values()) reject(new Error('the browser ended'));
    this.#waiting.clear();
    this.emit('end');
  }
}
