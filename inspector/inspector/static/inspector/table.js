/** Every table with `data-table`: sorting, filter, columns, keyboard, selection, copying. */
import { ColumnMenu } from './column-menu.js';
import { copyText } from './copy.js';
import { asCsv, asMarkdown, asText } from './formats.js';
import { gettext, language, ngettext, number } from './i18n.js';
import { Columns } from './long.js';
import { Selection } from './row-selection.js';
import { FilterBar } from './saved-filters.js';

/** Created once: creating one takes longer than a comparison. */
const collator = new Intl.Collator(language, { numeric: true });

/** @type {Map<string, Table>} */
const tables = new Map();

export function startTables() {
  enhance();
  document.addEventListener('djdesk:swapped', enhance);
}

function enhance() {
  for (const element of Array.from(document.querySelectorAll('table[data-table]'))) {
    if (!(element instanceof HTMLTableElement)) continue;
    let table = tables.get(element.id);
    if (!table || table.element !== element) tables.set(element.id, (table = new Table(element)));
    table.refresh();
  }
}

class Table {
  /** @param {HTMLTableElement} element */
  constructor(element) {
    this.element = element;
    this.column = -1;
    this.direction = 1;
    /** @type {HTMLTableRowElement[]} in the server's order */
    this.rows = [];
    /** @type {WeakMap<Element, string>} */
    this.words = new WeakMap();
    this.columns = new Columns(element);
    this.tools = document.querySelector(`[data-tools-for="${element.id}"]`);
    const key = element.getAttribute('data-remembered') || element.id;
    this.menu = this.tools && new ColumnMenu(element, this.tools, key, () => this.showColumns());
    this.bar = this.tools && new FilterBar(this.tools, key, () => this.filter());
    this.selection = new Selection(element, () => this.visible(), () => this.showCount());
    this.makeSortable();
    element.addEventListener('keydown', (event) => this.onKey(event));
    this.tools?.addEventListener('click', (event) => {
      const button = /** @type {Element} */ (event.target).closest('[data-copy-table]');
      if (button) this.copy(button.getAttribute('data-copy-table') || 'text');
    });
    window.addEventListener('hashchange', () => this.reveal());
  }

  /** Take over the server's rows and reapply the user's order and filter. */
  refresh() {
    this.rows = /** @type {HTMLTableRowElement[]} */ (
      Array.from(this.element.querySelectorAll('tr[data-row]'))
    );
    this.words = new WeakMap();
    this.menu?.apply(this.rows);
    if (this.column >= 0) this.sort();
    this.filter();
  }

  showColumns() {
    this.menu?.apply(this.rows);
    this.columns.release();
    this.showCount();
  }

  /** Make sure that the row named in the URL is not filtered out. */
  reveal() {
    const row = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!row?.hidden || !this.rows.includes(/** @type {any} */ (row))) return;
    this.bar?.reset();
    row.scrollIntoView({ block: 'center' });
  }

  makeSortable() {
    const head = this.element.tHead;
    if (!head) return;
    head.setAttribute('data-morph-skip', '');
    Array.from(head.querySelectorAll('th')).forEach((cell, index) => {
      if (cell.hasAttribute('data-unsorted') || !(cell.textContent || '').trim()) return;
      if (!cell.hasAttribute('aria-sort')) cell.setAttribute('aria-sort', 'none');
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = cell.textContent;
      cell.textContent = '';
      cell.appendChild(button);
      button.addEventListener('click', () => this.sortBy(index));
    });
  }

  /** @param {number} column ascending, then descending, then original order */
  sortBy(column) {
    if (this.column !== column) [this.column, this.direction] = [column, 1];
    else if (this.direction === 1) this.direction = -1;
    else this.column = -1;
    this.sort();
  }

  sort() {
    const cells = this.element.tHead ? Array.from(this.element.tHead.querySelectorAll('th')) : [];
    cells.forEach((cell, index) => {
      if (!cell.hasAttribute('aria-sort')) return;
      const word = this.direction === 1 ? 'ascending' : 'descending';
      cell.setAttribute('aria-sort', index === this.column ? word : 'none');
    });
    const keyed = this.rows.map((row) => ({ row, key: this.column < 0 ? '' : sortValue(row.cells[this.column]) }));
    if (this.column >= 0) keyed.sort((a, b) => compare(a.key, b.key, this.direction));
    const focused = document.activeElement;
    // Rows stay in their group: they mean nothing without its heading.
    for (const body of Array.from(this.element.tBodies)) {
      const moved = document.createDocumentFragment();
      for (const { row } of keyed) if (row.parentElement === body) moved.appendChild(row);
      body.appendChild(moved);
    }
    // A moved row loses focus.
    if (focused instanceof HTMLElement && this.element.contains(focused)) focused.focus({ preventScroll: true });
  }

  filter() {
    for (const row of this.rows) {
      const fits = !this.bar || this.bar.fits(this.textOf(row), (name) => row.getAttribute(name));
      if (row.hidden === fits) row.hidden = !fits;
    }
    for (const group of Array.from(this.element.querySelectorAll('tr[data-group]'))) {
      const body = group.parentElement;
      const any = body && body.querySelector('tr[data-row]:not([hidden])');
      /** @type {HTMLElement} */ (group).hidden = !any;
    }
    this.selection.refresh();
    this.showCount();
    this.rove(this.visible()[0]);
  }

  showCount() {
    const place = this.tools && this.tools.querySelector('[data-shown-count]');
    const all = this.rows.length;
    const shown = this.visible().length;
    const selected = this.selection.chosen.size;
    const words = [shown === all ? number(all) : gettext('{shown} of {all}', { shown, all })];
    if (selected) words.push(ngettext('{count} selected', '{count} selected', selected));
    if (place) place.textContent = words.join(', ');
    const nothing = document.querySelector(`[data-nothing-for="${this.element.id}"]`);
    if (nothing instanceof HTMLElement) nothing.hidden = shown > 0 || all === 0;
    const wrap = this.element.closest('.table-wrap');
    if (!(wrap instanceof HTMLElement)) return;
    wrap.hidden = shown === 0 && all > 0;
    if (!wrap.hidden) this.columns.keep(all);
  }

  /** @param {HTMLTableRowElement} row */
  textOf(row) {
    let text = this.words.get(row);
    if (text === undefined) {
      text = `${row.textContent} ${row.getAttribute('data-text') || ''}`.toLowerCase();
      this.words.set(row, text);
    }
    return text;
  }

  visible() {
    return /** @type {HTMLTableRowElement[]} */ (
      Array.from(this.element.querySelectorAll('tr[data-row]:not([hidden])'))
    );
  }

  /** Keep one row in the tab order; arrow keys move from there. @param {HTMLElement | undefined} row */
  rove(row) {
    const focused = document.activeElement;
    for (const other of this.rows) {
      const wanted = other === focused || (other === row && !this.rows.includes(/** @type {any} */ (focused)));
      if (wanted) other.tabIndex = 0;
      else if (other.tabIndex !== -1 || !other.hasAttribute('tabindex')) other.tabIndex = -1;
    }
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    const row = event.target instanceof HTMLTableRowElement ? event.target : null;
    if (!row || !row.hasAttribute('data-row')) return;
    const rows = this.visible();
    const at = rows.indexOf(row);
    /** @type {Record<string, number>} */
    const steps = { ArrowDown: at + 1, ArrowUp: at - 1, j: at + 1, k: at - 1, Home: 0, End: rows.length - 1, PageDown: at + 15, PageUp: at - 15 };
    const control = event.ctrlKey || event.metaKey;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (key in steps && !control && !event.altKey) {
      event.preventDefault();
      const next = rows[Math.max(0, Math.min(rows.length - 1, steps[key]))];
      next.focus();
      this.rove(next);
      if (event.shiftKey) this.selection.extend(next, row);
    } else if (key === 'Enter') {
      const first = row.querySelector('a, button:not([data-copy-from])');
      if (first instanceof HTMLElement) first.click();
    } else if (key === ' ' && !control && !event.altKey) {
      event.preventDefault();
      if (event.shiftKey) this.selection.extend(row);
      else this.selection.toggle(row);
    } else if (key === 'a' && control && !event.shiftKey) {
      event.preventDefault();
      this.selection.all();
    } else if (key === 'Escape' && this.selection.chosen.size) {
      event.preventDefault();
      this.selection.clear();
    } else if (key === 'c' && control && !String(getSelection())) {
      event.preventDefault();
      this.copyRows(this.selection.rows.length ? this.selection.rows : [row]);
    }
  }

  /** Without the header, because rows are pasted into other tables. @param {HTMLTableRowElement[]} rows */
  copyRows(rows) {
    copyText(asText(rows.map((row) => this.textsOf(row))), ngettext('{count} row copied', '{count} rows copied', rows.length));
  }

  /** Cell texts with the group's name, which is not a cell. @param {HTMLTableRowElement} row */
  textsOf(row) {
    const texts = cellTexts(row);
    if (!this.element.hasAttribute('data-grouped')) return texts;
    const name = row.parentElement && row.parentElement.querySelector('[data-group-name]');
    return [(name && name.textContent) || '', ...texts];
  }

  /** The selected rows, or all visible ones. @param {string} format `text`, `csv` or `markdown` */
  copy(format) {
    const head = this.element.tHead ? cellTexts(this.element.tHead.rows[0]) : [];
    const rows = this.selection.rows.length ? this.selection.rows : this.visible();
    const lines = [head, ...rows.map((row) => this.textsOf(row))];
    const group = this.element.getAttribute('data-grouped');
    if (group !== null) head.unshift(group);
    const write = format === 'csv' ? asCsv : format === 'markdown' ? asMarkdown : asText;
    copyText(write(lines), ngettext('{count} row copied', '{count} rows copied', lines.length - 1));
  }
}

/** Texts of visible columns. @param {HTMLTableRowElement} row */
function cellTexts(row) {
  return Array.from(row.cells).filter((cell) => !cell.hidden).map((cell) => {
    const whole = cell.querySelector('[data-whole]'); // of a collapsed value
    return ((whole && whole.textContent) || cell.innerText).replace(/\s+/g, ' ').trim();
  });
}

/** @param {string | number} x @param {string | number} y @param {number} direction 1 or -1 */
function compare(x, y, direction) {
  if (typeof x === 'number' && typeof y === 'number') return (x - y) * direction;
  if (x === '' || y === '') return x === y ? 0 : x === '' ? 1 : -1; // empty values always last
  return collator.compare(String(x), String(y)) * direction;
}

/** @param {HTMLTableCellElement | undefined} cell @returns {string | number} */
function sortValue(cell) {
  if (!cell) return '';
  const given = cell.getAttribute('data-sort');
  if (given !== null) return Number(given);
  // Relative times differ in text, and text order would be wrong.
  const time = cell.querySelector('time[datetime]');
  if (time) return Date.parse(time.getAttribute('datetime') || '') || 0;
  return (cell.textContent || '').trim().toLowerCase();
}
