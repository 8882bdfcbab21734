import fs from 'node:fs';
import path from 'node:path';

const STAMPED = /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d/;
const FLUSH_MS = 100;
const MAX_PENDING = 256 * 1024;

/**
 * `<data_dir>/logs/{shell,server,worker,…}.log`, one per process, rotated by size, plus the last
 * lines in memory for the error page. Never throws: a full or read-only disk must not stop the app.
 */
export class Logs {
  /**
   * @param {object} options
   * @param {string} options.dir
   * @param {string} options.launchId
   * @param {number} [options.maxBytes] size at which a file is rotated
   * @param {number} [options.keep] rotated files kept beside the current one
   * @param {number} [options.remember] lines kept in memory
   * @param {((line: string) => void) | null} [options.echo] also receives every line, for a terminal
   */
  constructor({ dir, launchId, maxBytes = 2 * 1024 * 1024, keep = 3, remember = 200, echo = null }) {
    this.dir = dir;
    this.launchId = launchId;
    this.maxBytes = maxBytes;
    this.keep = keep;
    this.remember = remember;
    this.echo = echo;
    /** @type {string[]} */
    this.lines = [];
    /** @type {Map<string, string>} */
    this.pending = new Map();
    /** @type {NodeJS.Timeout | null} */
    this.timer = null;
    /** @type {string[]} */
    this.secrets = [];
    try {
      fs.mkdirSync(dir, { recursive: true, mode: 0o700 });
    } catch {
      // Lines stay in memory; the code that needs the folder reports the error.
    }
  }

  /**
   * Redact this text from all logs from now on.
   * @param {string} secret
   */
  hide(secret) {
    // Old tokens die with their server; the last few cover lines that are still arriving.
    this.secrets = [...this.secrets.slice(-7), secret];
  }

  /**
   * @param {string} name of the process
   * @param {string} text
   */
  write(name, text) {
    let clean = String(text);
    for (const secret of this.secrets) clean = clean.split(secret).join('[hidden]');
    this.lines.push(`${name}: ${clean}`);
    if (this.lines.length > this.remember) this.lines.shift();
    // Records of the backend's logging contain both already.
    const stamped = STAMPED.test(clean) && clean.includes(this.launchId);
    const line = stamped ? `${clean}\n` : `${new Date().toISOString()} ${this.launchId} ${clean}\n`;
    const pending = this.pending.get(name) || '';
    if (pending.length < MAX_PENDING) this.pending.set(name, pending + line);
    if (this.echo) this.echo(`${name}: ${clean}`);
    if (!this.timer) {
      this.timer = setTimeout(() => this.flush(), FLUSH_MS);
      this.timer.unref();
    }
  }

  /**
   * The last lines of all logs, oldest first.
   * @param {number} [count]
   */
  tail(count = this.remember) {
    return this.lines.slice(-count);
  }

  /** Write pending lines; called by a timer, and once more before the process ends. */
  flush() {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    for (const [name, text] of this.pending) this.#append(path.join(this.dir, `${name}.log`), text);
    this.pending.clear();
  }

  /**
   * @param {string} file
   * @param {string} text
   */
  #append(file, text) {
    try {
      const found = fs.existsSync(file) ? fs.statSync(file) : null;
      // Opening a named pipe would block until somebody reads it.
      if (found && found.isFIFO()) fs.unlinkSync(file);
      const size = found ? found.size : 0;
      if (size > 0 && size + text.length > this.maxBytes) this.#rotate(file);
      fs.appendFileSync(file, text, { mode: 0o600 });
    } catch {
      // See the class comment.
    }
  }

  /** @param {string} file */
  #rotate(file) {
    try {
      for (let i = this.keep; i >= 1; i -= 1) {
        const from = i === 1 ? file : `${file}.${i - 1}`;
        if (fs.existsSync(from)) fs.renameSync(from, `${file}.${i}`);
      }
    } catch {
      // Windows, while another program reads one of them: keep writing to the same file.
    }
  }
}
