/** The output of a command: fetched in chunks; only visible lines are elements. */
import { isPlain, lastWritten, parse, PLAIN } from './ansi.js';
import { copyText } from './copy.js';
import { ngettext } from './i18n.js';

const LINE = 18; // px, the line height in the style sheet
const MORE = 30; // lines rendered above and below the visible ones
const PAUSE = 250; // ms between requests for more
const LONGEST = 4000; // characters shown per line

export function startOutput() {
  const element = document.querySelector('[data-output]');
  if (element instanceof HTMLElement) new Output(element);
}

class Output {
  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element;
    this.space = /** @type {HTMLElement} */ (element.querySelector('[data-space]'));
    this.rows = /** @type {HTMLElement} */ (element.querySelector('[data-rows]'));
    this.count = document.querySelector('[data-line-count]');
    /** @type {string[]} */
    this.lines = [];
    /** The initial style of a line, if not plain. @type {Map<number, Readonly<import('./ansi.js').Style>>} */
    this.styles = new Map();
    this.style = PLAIN;
    /** The last, unfinished line. */
    this.rest = '';
    this.offset = 0;
    this.decoder = new TextDecoder();
    this.follows = true;
    this.drawn = '';
    element.addEventListener('scroll', () => {
      this.follows = element.scrollTop + element.clientHeight >= element.scrollHeight - LINE;
      this.draw();
    });
    new ResizeObserver(() => this.draw()).observe(element);
    document.addEventListener('click', (event) => {
      if (/** @type {Element} */ (event.target).closest('[data-copy-output]')) {
        const text = this.all.map((line) => parse(line, PLAIN).pieces.map((piece) => piece.text).join(''));
        copyText(text.join('\n'), ngettext('{count} line copied', '{count} lines copied', text.length));
      }
    });
    this.saySilence('now');
    this.read();
  }

  get all() {
    return this.rest ? [...this.lines, this.rest] : this.lines;
  }

  get length() {
    return this.lines.length + (this.rest ? 1 : 0);
  }

  /** Explain an empty output. @param {string} when `now`, or `ever` after the end */
  saySilence(when) {
    for (const note of Array.from(this.element.querySelectorAll('[data-silent]'))) {
      /** @type {HTMLElement} */ (note).hidden = this.length > 0 || note.getAttribute('data-silent') !== when;
    }
  }

  async read() {
    for (;;) {
      let active = true;
      let size = 0;
      try {
        const response = await fetch(`${this.element.dataset.output}?from=${this.offset}`);
        if (response.status === 404) return;
        if (!response.ok) throw new Error(String(response.status));
        active = response.headers.get('X-Active') === '1';
        const data = await response.arrayBuffer();
        size = data.byteLength;
        this.offset += size;
        this.take(this.decoder.decode(data, { stream: true }));
      } catch {
        size = 0; // the server may be restarting
      }
      if (!size && !active) break;
      if (!size || active) await new Promise((resolve) => setTimeout(resolve, size > 500000 ? 0 : PAUSE));
    }
    if (this.rest) this.take('\n');
    while (this.lines.length && !this.lines[this.lines.length - 1]) this.lines.pop();
    this.element.setAttribute('data-complete', '1');
    this.saySilence('ever');
    this.draw(true);
  }

  /** @param {string} text */
  take(text) {
    if (!text) return;
    const lines = (this.rest + text).split('\n');
    this.rest = lastWritten(/** @type {string} */ (lines.pop()));
    for (const line of lines) {
      if (this.style !== PLAIN) this.styles.set(this.lines.length, this.style);
      if (!isPlain(line)) {
        const { style } = parse(line, this.style);
        this.style = same(style) ? PLAIN : style;
      }
      this.lines.push(line);
    }
    this.saySilence('now');
    this.draw(true);
  }

  /** @param {boolean} [changed] whether there are more lines than before */
  draw(changed) {
    const { element } = this;
    if (changed) {
      this.space.style.height = `${this.length * LINE}px`;
      if (this.count) this.count.textContent = ngettext('{count} line', '{count} lines', this.length);
      if (this.follows) element.scrollTop = element.scrollHeight;
    }
    const first = Math.max(0, Math.floor(element.scrollTop / LINE) - MORE);
    const last = Math.min(this.length, Math.ceil((element.scrollTop + element.clientHeight) / LINE) + MORE);
    // The last line may have grown.
    const drawn = `${first}-${last}`;
    if (drawn === this.drawn && !(changed && last === this.length)) return;
    this.drawn = drawn;
    this.rows.style.transform = `translateY(${first * LINE}px)`;
    const fragment = document.createDocumentFragment();
    for (let at = first; at < last; at += 1) fragment.appendChild(this.row(at));
    this.rows.textContent = '';
    this.rows.appendChild(fragment);
  }

  /** @param {number} at */
  row(at) {
    const row = document.createElement('div');
    row.className = 'output-line';
    const line = lastWritten(at < this.lines.length ? this.lines[at] : this.rest);
    for (const piece of parse(line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line, this.styles.get(at) || PLAIN).pieces) {
      if (!piece.classes) row.appendChild(document.createTextNode(piece.text));
      else {
        const span = document.createElement('span');
        span.className = piece.classes;
        span.textContent = piece.text;
        row.appendChild(span);
      }
    }
    if (!row.firstChild) row.textContent = ' ';
    return row;
  }
}

/** @param {Readonly<import('./ansi.js').Style>} style */
function same(style) {
  return Object.entries(PLAIN).every(([key, value]) => /** @type {any} */ (style)[key] === value);
}
