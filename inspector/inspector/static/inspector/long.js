/**
 * Long tables: every row is an element, found by Ctrl+F and screen readers, but only
 * visible rows are laid out and painted. That requires fixed column widths, so they are
 * measured once and stored.
 */

/** Minimum number of rows. */
const LONG = 200;
/** Milliseconds after the last resize until columns are measured again. */
const REST = 120;

export class Columns {
  /** @param {HTMLTableElement} element */
  constructor(element) {
    this.element = element;
    this.width = 0;
    this.timer = 0;
    if (typeof ResizeObserver !== 'function' || !element.parentElement) return;
    new ResizeObserver(() => {
      if (!this.isKept || this.room === this.width) return;
      clearTimeout(this.timer);
      this.timer = window.setTimeout(() => this.measure(), REST);
    }).observe(element.parentElement);
  }

  get isKept() {
    return this.element.classList.contains('is-long');
  }

  get room() {
    return this.element.parentElement ? this.element.parentElement.clientWidth : 0;
  }

  /** @param {number} rows all rows of the table, including hidden ones */
  keep(rows) {
    if (rows < LONG) this.release();
    else if (!this.isKept) this.measure();
  }

  release() {
    this.element.classList.remove('is-long');
    this.element.style.removeProperty('--columns');
  }

  measure() {
    const head = this.element.tHead && this.element.tHead.rows[0];
    this.release();
    // Not visible now (all rows filtered out, or a closed section): measured once it is.
    if (!head || !head.offsetWidth) return;
    const widths = Array.from(head.cells).filter((cell) => !cell.hidden).map((cell) => `${cell.getBoundingClientRect().width}px`);
    this.width = this.room;
    this.element.style.setProperty('--columns', widths.join(' '));
    this.element.classList.add('is-long');
  }
}
