/** Chooses which columns of a table are shown. The first one always stays: it identifies the row. */
import { canKeep, choicesOf, keep } from './kept-lists.js';

export class ColumnMenu {
  /**
   * @param {HTMLTableElement} element @param {Element} tools @param {string} key of the table
   * @param {() => void} changed
   */
  constructor(element, tools, key, changed) {
    this.element = element;
    this.key = key;
    this.changed = changed;
    this.menu = /** @type {HTMLElement | null} */ (tools.querySelector('[data-columns-menu]'));
    this.place = this.menu?.querySelector('[data-columns-list]');
    /** @type {Set<number>} */
    this.hidden = new Set(this.kept());
    this.fill();
    this.place?.addEventListener('change', (event) => this.choose(/** @type {HTMLInputElement} */ (event.target)));
    document.addEventListener('djdesk:lists', () => this.followKept());
  }

  get heads() {
    return Array.from(this.element.tHead?.rows[0].cells || []);
  }

  /** @returns {number[]} */
  kept() {
    const [total, hidden] = choicesOf(this.key).hidden || [0, []];
    return this.menu && total === this.heads.length ? hidden : [];
  }

  /** Another table on this page may have the same columns. */
  followKept() {
    const kept = this.kept();
    if (!canKeep() || !this.element.isConnected || (kept.length === this.hidden.size && kept.every((at) => this.hidden.has(at)))) return;
    this.hidden = new Set(kept);
    this.fill();
    this.changed();
  }

  fill() {
    if (!this.menu || !this.place) return;
    this.place.textContent = '';
    this.heads.forEach((head, at) => {
      const name = (head.textContent || '').trim();
      if (!at || !name) return;
      const label = document.createElement('label');
      label.className = 'choice';
      const box = label.appendChild(document.createElement('input'));
      box.type = 'checkbox';
      box.value = String(at);
      box.checked = !this.hidden.has(at);
      label.appendChild(document.createElement('span')).textContent = name;
      this.place?.appendChild(label);
    });
    this.menu.hidden = !this.place.children.length;
  }

  /** @param {HTMLInputElement} box */
  choose(box) {
    if (box.checked) this.hidden.delete(Number(box.value));
    else this.hidden.add(Number(box.value));
    this.changed();
    if (canKeep()) keep({ table: this.key, columns: String(this.heads.length), hidden: Array.from(this.hidden).join(',') });
  }

  /** Apply the choice, also to new rows. @param {HTMLTableRowElement[]} rows */
  apply(rows) {
    const head = this.element.tHead?.rows[0];
    for (const row of head ? [head, ...rows] : rows) {
      Array.from(row.cells).forEach((cell, at) => {
        if (cell.hidden !== this.hidden.has(at)) cell.hidden = !cell.hidden;
      });
    }
  }
}
