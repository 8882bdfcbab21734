// The list of tables next to the diagram: finds a model, shows its position, hides and shows it.
import { gettext } from '../i18n.js';
import { empty, h, icon } from './dom.js';
import { models } from './words.js';

/** @typedef {import('./diagram.js').Diagram} Diagram */

const REMEMBERED = 'djdesk.schema.list';
/** From this width on, the list is open by default. */
const WIDE = 1600;

/** @param {Diagram} diagram @param {(text: string) => void} say */
export function createTables(diagram, say) {
  const input = /** @type {HTMLInputElement} */ (h('input', { type: 'search', class: 'schema-menu-search', placeholder: gettext('Find a table'), 'aria-label': gettext('Find a table'), autocomplete: 'off', spellcheck: 'false' }));
  const count = h('p', { class: 'schema-quiet schema-list-count' });
  const list = h('div', { class: 'schema-list-body' });
  const element = h('aside', { class: 'schema-list', id: 'schema-list', 'aria-label': gettext('Tables') }, [
    h('div', { class: 'schema-list-head' }, [input, count]), list,
  ]);
  const button = h('button', { type: 'button', class: 'schema-button', 'aria-controls': 'schema-list', onclick: () => open(element.hasAttribute('hidden')) }, [icon('list'), gettext('Tables')]);

  /** @param {string[]} labels @param {boolean} shown */
  function show(labels, shown) {
    const hidden = new Set(diagram.options.hidden);
    for (const label of labels) {
      if (!shown) {
        hidden.add(label);
        continue;
      }
      hidden.delete(label);
      // Show only this model of a hidden app.
      const app = diagram.graph.byId.get(label)?.app;
      if (app && hidden.delete(app)) for (const other of diagram.graph.appOf.get(app)?.models || []) if (!labels.includes(other)) hidden.add(other);
      if (!app) for (const one of diagram.graph.appOf.get(label)?.models || []) hidden.delete(one);
    }
    void diagram.setOptions({ hidden, chosen: true });
    say(shown ? gettext('{name} shown', { name: labels.join(', ') }) : gettext('{name} hidden', { name: labels.join(', ') }));
  }

  /** @param {string} label of an app or model @param {boolean} hidden */
  const eye = (label, hidden) => h('button', {
    type: 'button', class: 'schema-eye', tabindex: -1, 'aria-label': hidden ? gettext('Show {name}', { name: label }) : gettext('Hide {name}', { name: label }),
    title: hidden ? gettext('Show {name}', { name: label }) : gettext('Hide {name}', { name: label }), 'data-eye': label, onclick: () => show([label], hidden),
  }, [icon(hidden ? 'hidden' : 'eye')]);

  function refresh() {
    if (element.hidden) return;
    const { graph, options } = diagram;
    const wanted = input.value.trim().toLowerCase();
    const before = document.activeElement instanceof HTMLElement && list.contains(document.activeElement) ? document.activeElement.dataset : null;
    const scrolled = list.scrollTop;
    empty(list);
    let found = 0;
    for (const app of graph.apps) {
      const inside = [...app.models].sort().filter((id) => !wanted || id.toLowerCase().includes(wanted));
      if (!inside.length) continue;
      found += inside.length;
      const all = options.hidden.has(app.label);
      list.append(h('section', { class: `schema-list-app schema-app-${app.color + 1}`, 'aria-label': app.label }, [
        h('div', { class: `schema-list-row is-head ${all ? 'is-off' : ''}` }, [
          h('span', { class: 'schema-swatch', 'aria-hidden': 'true' }), h('h2', { text: app.label }), h('span', { class: 'schema-quiet', text: String(app.models.length) }), eye(app.label, all),
        ]),
        h('ul', {}, inside.map((id) => {
          const off = all || options.hidden.has(id);
          return h('li', { class: `schema-list-row ${off ? 'is-off' : ''}` }, [
            h('button', { type: 'button', class: 'schema-list-name', tabindex: -1, 'data-table': id, 'aria-current': id === diagram.selected ? 'true' : null, text: graph.byId.get(id)?.name || id, title: id, onclick: () => go(id, off) }),
            eye(id, off),
          ]);
        })),
      ]));
    }
    count.textContent = wanted && !found ? gettext('No table matches “{query}”', { query: input.value.trim().slice(0, 60) }) : models(found);
    list.scrollTop = scrolled;
    const same = before && stops().find((one) => one.dataset.table === before.table && one.dataset.eye === before.eye);
    tabStop(same || stops()[0]);
    if (same) same.focus({ preventScroll: true });
  }

  /** @param {string} id @param {boolean} off */
  function go(id, off) {
    if (off) show([id], true);
    diagram.goTo(id);
  }

  const stops = () => /** @type {HTMLElement[]} */ (Array.from(list.querySelectorAll('[data-table], [data-eye]')));
  /** One tab stop for the whole list; arrow keys move within it. @param {HTMLElement|undefined} to */
  function tabStop(to) {
    list.querySelectorAll('[tabindex="0"]').forEach((one) => one.setAttribute('tabindex', '-1'));
    to?.setAttribute('tabindex', '0');
  }
  list.addEventListener('focusin', (event) => {
    if (event.target instanceof HTMLElement && event.target.matches('[data-table], [data-eye]')) tabStop(event.target);
  });
  list.addEventListener('keydown', (event) => {
    const at = /** @type {HTMLElement} */ (event.target);
    const kind = at.dataset.table ? '[data-table]' : '[data-eye]';
    const row = at.closest('.schema-list-row');
    /** @type {Element|null|undefined} */
    let to;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      const same = Array.from(list.querySelectorAll(kind));
      to = same[same.indexOf(at) + (event.key === 'ArrowDown' ? 1 : -1)];
    } else if (event.key === 'ArrowRight') to = row?.querySelector('[data-eye]');
    else if (event.key === 'ArrowLeft') to = row?.querySelector('[data-table]');
    else if (event.key === 'Home') [to] = stops();
    else if (event.key === 'End') to = stops().pop();
    else return;
    event.preventDefault();
    if (to instanceof HTMLElement) to.focus();
  });
  input.addEventListener('input', refresh);

  /** @param {boolean} shown @param {boolean} [remember] */
  function open(shown, remember = true) {
    element.hidden = !shown;
    button.setAttribute('aria-expanded', String(shown));
    if (remember) {
      try {
        localStorage.setItem(REMEMBERED, shown ? '1' : '0');
      } catch {
        // Storage forbidden: ask again next time.
      }
    }
    refresh();
  }

  let asked = null;
  try {
    asked = localStorage.getItem(REMEMBERED);
  } catch {
    // As above.
  }
  open(asked === null ? innerWidth >= WIDE : asked === '1', false);
  diagram.listen((change) => {
    if (change === 'selection') {
      list.querySelectorAll('[aria-current]').forEach((one) => one.removeAttribute('aria-current'));
      if (diagram.selected) list.querySelector(`[data-table="${CSS.escape(diagram.selected)}"]`)?.setAttribute('aria-current', 'true');
    } else if (change === 'scene' || change === 'graph') refresh();
  });
  return { element, button };
}
