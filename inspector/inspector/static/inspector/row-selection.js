/** Row selection in tables: by click with Ctrl or Shift, or by keyboard. */

/** Parts of a row that handle clicks themselves. */
const OWN_CLICK = 'a, button, input, summary, label, select';

export class Selection {
  /**
   * @param {HTMLTableElement} element
   * @param {() => HTMLTableRowElement[]} visible rows in display order
   * @param {() => void} changed
   */
  constructor(element, visible, changed) {
    this.visible = visible;
    this.changed = changed;
    /**
     * Selected rows with their text when they were selected.
     * @type {Map<HTMLTableRowElement, string | null>}
     */
    this.chosen = new Map();
    /** Start of a range. @type {HTMLTableRowElement | null} */
    this.anchor = null;
    element.addEventListener('mousedown', (event) => {
      // Otherwise the browser would select the text in between.
      if (event.shiftKey && rowOf(event)) event.preventDefault();
    });
    element.addEventListener('click', (event) => this.onClick(event));
  }

  get rows() {
    return this.visible().filter((row) => this.chosen.has(row));
  }

  /** Deselect rows that are filtered out or whose text has changed. */
  refresh() {
    const visible = new Set(this.visible());
    for (const [row, text] of this.chosen) if (!visible.has(row) || row.textContent !== text) this.mark(row, false);
    // The server's version of the page has no selection.
    for (const row of this.chosen.keys()) row.setAttribute('aria-selected', 'true');
  }

  /** @param {MouseEvent} event */
  onClick(event) {
    const row = rowOf(event);
    if (!row) return;
    if (event.shiftKey) this.extend(row);
    else if (event.ctrlKey || event.metaKey) this.toggle(row);
    else if (!String(getSelection())) {
      this.anchor = row;
      this.clear();
      return;
    } else return;
    row.focus({ preventScroll: true });
  }

  /** @param {HTMLTableRowElement} row */
  toggle(row) {
    this.anchor = row;
    this.mark(row, !this.chosen.has(row));
    this.changed();
  }

  /**
   * Select a range from the anchor row.
   * @param {HTMLTableRowElement} row @param {HTMLTableRowElement} [from] anchor if there is none yet
   */
  extend(row, from) {
    const rows = this.visible();
    if (!this.anchor || !rows.includes(this.anchor)) this.anchor = from || row;
    const [first, last] = [rows.indexOf(this.anchor), rows.indexOf(row)].sort((a, b) => a - b);
    this.set(rows.slice(first, last + 1));
  }

  all() {
    this.set(this.visible());
  }

  clear() {
    if (this.chosen.size) this.set([]);
  }

  /** @param {HTMLTableRowElement[]} rows */
  set(rows) {
    const wanted = new Set(rows);
    for (const row of Array.from(this.chosen.keys())) if (!wanted.has(row)) this.mark(row, false);
    for (const row of rows) this.mark(row, true);
    this.changed();
  }

  /** @param {HTMLTableRowElement} row @param {boolean} on */
  mark(row, on) {
    if (on) {
      this.chosen.set(row, row.textContent);
      row.setAttribute('aria-selected', 'true');
    } else {
      this.chosen.delete(row);
      row.removeAttribute('aria-selected');
    }
  }
}

/** The row that a click selects. @param {MouseEvent} event */
function rowOf(event) {
  const target = /** @type {Element} */ (event.target);
  return target.closest(OWN_CLICK) ? null : /** @type {HTMLTableRowElement | null} */ (target.closest('tr[data-row]'));
}
