/** The bar above a table or list: its text filter, the filter by origin, and saved filters. */
import { gettext } from './i18n.js';
import { canKeep, choicesOf, keep, wantsOwn } from './kept-lists.js';
import { notice, noticeWithUndo } from './notice.js';

const OWN = ['project', 'outside'];

export class FilterBar {
  /**
   * @param {Element} tools
   * @param {string} key of the table that the filters belong to
   * @param {() => void} filter called when the filter changes, to show matching rows
   */
  constructor(tools, key, filter) {
    this.tools = tools;
    this.key = key;
    this.filter = filter;
    this.input = /** @type {HTMLInputElement | null} */ (tools.querySelector('[data-filter]'));
    this.facet = /** @type {HTMLSelectElement | null} */ (tools.querySelector('[data-facet]'));
    this.menu = /** @type {HTMLDetailsElement | null} */ (tools.querySelector('[data-saved-filters]'));
    this.startWithOwn();
    tools.addEventListener('input', (event) => {
      if (event.target === this.input) this.changed();
    });
    tools.addEventListener('change', (event) => {
      if (event.target !== this.facet) return;
      this.keepOwn();
      this.changed();
    });
    this.menu?.addEventListener('click', (event) => this.onClick(/** @type {Element} */ (event.target)));
    this.menu?.querySelector('form')?.addEventListener('submit', (event) => {
      event.preventDefault();
      this.save(/** @type {HTMLFormElement} */ (event.target));
    });
    document.addEventListener('djdesk:lists', () => {
      if (tools.isConnected) this.list();
    });
    this.list();
  }

  /**
   * Apply the user's "own code only" wherever that choice exists, unless the URL names a
   * row that it would hide.
   */
  startWithOwn() {
    if (!this.offersOwn || !this.facet) return;
    if (wantsOwn() && !location.hash.slice(1)) this.facet.value = 'own';
    else if (this.facet.value === 'own') this.facet.value = '';
  }

  get offersOwn() {
    return Boolean(this.facet?.querySelector('option[value=own]'));
  }

  keepOwn() {
    const own = this.facet?.value === 'own';
    if (this.offersOwn && canKeep() && own !== wantsOwn()) keep({ own: own ? '1' : '0' });
  }

  /** Words that a row must contain, in lower case. */
  get words() {
    return (this.input?.value || '').toLowerCase().split(/\s+/).filter(Boolean);
  }

  /** @param {string} text of a row, in lower case @param {(name: string) => string | null} value of an attribute of it */
  fits(text, value) {
    const wanted = this.facet?.value || '';
    const key = this.facet?.getAttribute('data-facet') || '';
    const found = wanted ? value(`data-${key}`) || '' : '';
    const facetFits = !wanted || found === wanted || (wanted === 'own' && key === 'origin' && OWN.includes(found));
    return facetFits && this.words.every((word) => text.includes(word));
  }

  /** Show everything, so that a row named by the URL is visible. */
  reset() {
    if (this.input) this.input.value = '';
    if (this.facet) this.facet.value = '';
    this.changed();
  }

  changed() {
    this.offerSaving();
    this.filter();
  }

  /** Offer saving if there is a filter. */
  offerSaving() {
    const filtered = Boolean(this.input?.value.trim() || this.facet?.value);
    const form = this.menu?.querySelector('form');
    const hint = this.menu?.querySelector('[data-unfiltered]');
    if (form) form.hidden = !filtered;
    if (hint instanceof HTMLElement) hint.hidden = filtered;
  }

  list() {
    const place = this.menu?.querySelector('[data-saved-list]');
    const count = this.menu?.querySelector('[data-saved-count]');
    if (!place || !count) return;
    const saved = choicesOf(this.key).saved || [];
    count.textContent = saved.length ? ` (${saved.length})` : '';
    place.textContent = '';
    for (const { name } of saved) {
      const line = document.createElement('li');
      const use = line.appendChild(document.createElement('button'));
      const remove = line.appendChild(document.createElement('button'));
      use.type = remove.type = 'button';
      use.textContent = name;
      use.setAttribute('data-use', name);
      remove.textContent = gettext('Remove');
      remove.setAttribute('data-forget', name);
      remove.setAttribute('aria-label', gettext('Remove the filter {name}', { name }));
      place.appendChild(line);
    }
    this.offerSaving();
  }

  /** @param {Element} target */
  onClick(target) {
    const use = target.closest('[data-use]')?.getAttribute('data-use');
    const forget = target.closest('[data-forget]')?.getAttribute('data-forget');
    const saved = (choicesOf(this.key).saved || []).find(({ name }) => name === (use ?? forget));
    if (!saved) return;
    if (use) this.use(saved);
    else this.forget(saved);
  }

  /** @param {import('./kept-lists.js').SavedFilter} saved */
  use(saved) {
    if (this.input) this.input.value = saved.text;
    // The saved option may no longer exist: then filter by text only.
    if (this.facet) this.facet.value = Array.from(this.facet.options).some(({ value }) => value === saved.facet) ? saved.facet : '';
    this.close();
    this.changed();
  }

  /** @param {HTMLFormElement} form */
  async save(form) {
    const field = /** @type {HTMLInputElement} */ (form.elements.namedItem('name'));
    const name = field.value.trim();
    const saved = { text: this.input?.value || '', facet: this.facet?.value || '' };
    if (!(await keep({ table: this.key, save: name, ...saved }))) return;
    field.value = '';
    this.close();
    notice(gettext('Filter saved: {name}', { name }));
  }

  /** @param {import('./kept-lists.js').SavedFilter} saved */
  async forget({ name, text, facet }) {
    if (!(await keep({ table: this.key, forget: name }))) return;
    this.close();
    noticeWithUndo(gettext('Filter removed: {name}', { name }), () => keep({ table: this.key, save: name, text, facet }));
  }

  /** Return focus to the button that opened the menu. */
  close() {
    if (!this.menu) return;
    this.menu.open = false;
    this.menu.querySelector('summary')?.focus();
  }
}
