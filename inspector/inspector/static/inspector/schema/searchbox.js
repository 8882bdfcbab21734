// The search field with its result list: a combobox that works by keyboard alone.
import { gettext, pgettext } from '../i18n.js';
import { empty, h, icon } from './dom.js';
import { buildIndex, search } from './search.js';

/** @typedef {import('./search.js').Entry} Entry */

const KINDS = { model: pgettext('kind', 'model'), app: pgettext('kind', 'app'), field: pgettext('kind', 'field') };

let serial = 0;

/**
 * @param {import('./diagram.js').Diagram} diagram
 * @param {(entry: Entry) => void} chosen
 */
export function createSearchbox(diagram, chosen) {
  serial += 1;
  const listId = `schema-results-${serial}`;
  let index = buildIndex(diagram.graph);
  /** @type {Entry[]} */
  let found = [];
  let active = 0;

  const input = /** @type {HTMLInputElement} */ (h('input', {
    type: 'search', class: 'schema-search-input', placeholder: gettext('Find a model, app or field'), 'aria-label': gettext('Find a model, app or field'),
    role: 'combobox', 'aria-expanded': 'false', 'aria-controls': listId, 'aria-autocomplete': 'list', autocomplete: 'off', spellcheck: 'false',
  }));
  const list = h('div', { class: 'schema-results', id: listId, role: 'listbox', 'aria-label': gettext('Results'), hidden: true });
  const nothing = h('div', { class: 'schema-results schema-results-none', role: 'status', hidden: true });
  const element = h('div', { class: 'schema-search', role: 'search' }, [icon('search'), input, h('kbd', { class: 'schema-kbd', 'aria-hidden': 'true', text: '/' }), list, nothing]);

  function close() {
    list.hidden = true;
    nothing.hidden = true;
    input.setAttribute('aria-expanded', 'false');
    input.removeAttribute('aria-activedescendant');
  }

  function mark() {
    Array.from(list.children).forEach((option, at) => option.setAttribute('aria-selected', String(at === active)));
    const current = list.children[active];
    if (!current) return;
    input.setAttribute('aria-activedescendant', current.id);
    current.scrollIntoView({ block: 'nearest' });
  }

  function update() {
    found = search(index, input.value);
    active = 0;
    empty(list);
    if (!found.length) {
      close();
      if (input.value.trim()) {
        nothing.textContent = gettext('No model, app or field matches “{query}”', { query: input.value.trim().slice(0, 60) });
        nothing.hidden = false;
      }
      return;
    }
    nothing.hidden = true;
    found.forEach((entry, at) => {
      const color = (diagram.graph.appOf.get(entry.app)?.color || 0) + 1;
      const option = h('div', { class: `schema-result schema-app-${color}`, id: `${listId}-${at}`, role: 'option' }, [
        h('span', { class: 'schema-swatch', 'aria-hidden': 'true' }),
        h('span', { class: 'schema-result-title', text: entry.title }),
        h('span', { class: 'schema-result-detail', text: entry.detail }),
        h('span', { class: 'schema-result-kind', text: KINDS[entry.kind] }),
      ]);
      option.addEventListener('pointerdown', (event) => event.preventDefault());
      option.addEventListener('click', () => choose(entry));
      list.append(option);
    });
    list.hidden = false;
    input.setAttribute('aria-expanded', 'true');
    mark();
  }

  /** @param {Entry} entry */
  function choose(entry) {
    close();
    chosen(entry);
  }

  input.addEventListener('input', update);
  input.addEventListener('focus', () => { if (input.value) update(); });
  input.addEventListener('blur', close);
  input.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (!found.length) return;
      active = (active + (event.key === 'ArrowDown' ? 1 : found.length - 1)) % found.length;
      mark();
    } else if (event.key === 'Enter' && found[active] && !list.hidden) {
      event.preventDefault();
      choose(found[active]);
    } else if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      if (input.value) {
        input.value = '';
        close();
      } else diagram.stage.surface.focus();
    }
  });

  return {
    element,
    focus() {
      input.focus();
      input.select();
    },
    refresh() { index = buildIndex(diagram.graph); },
  };
}
