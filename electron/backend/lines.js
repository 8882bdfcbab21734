import { StringDecoder } from 'node:string_decoder';

/**
 * Splits a byte stream into lines. Longer lines are truncated, so that a child that never prints a
 * newline cannot fill the shell's memory.
 */
export class LineSplitter {
  /**
   * @param {number} cap characters
   * @param {(line: string) => void} onLine
   */
  constructor(cap, onLine) {
    this.cap = cap;
    this.onLine = onLine;
    this.decoder = new StringDecoder('utf8');
    this.pending = '';
    this.dropping = false;
  }

  /** @param {Buffer} chunk */
  push(chunk) {
    const parts = this.decoder.write(chunk).split('\n');
    for (let i = 0; i < parts.length; i += 1) {
      this.#take(parts[i]);
      if (i < parts.length - 1) this.#endLine();
    }
  }

  /** Emit what is left when the stream ends without a newline. */
  end() {
    this.#take(this.decoder.end());
    if (this.pending || this.dropping) this.#endLine();
  }

  /** @param {string} part */
  #take(part) {
    if (this.dropping) return;
    this.pending += part;
    if (this.pending.length > this.cap) {
      this.onLine(`${this.pending.slice(0, this.cap)} … (line cut)`);
      this.pending = '';
      this.dropping = true;
    }
  }

  #endLine() {
    if (!this.dropping) this.onLine(this.pending.endsWith('\r') ? this.pending.slice(0, -1) : this.pending);
    this.pending = '';
    this.dropping = false;
  }
}
