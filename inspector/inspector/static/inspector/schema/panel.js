// The selected model as text, with relations in both directions: the diagram's text alternative.
import { gettext, ngettext, pgettext } from '../i18n.js';
import { empty, h, icon } from './dom.js';
import { appFacts } from './scene.js';
import { fields, models, noteWord, relations as between } from './words.js';

/** @typedef {import('./diagram.js').Diagram} Diagram @typedef {import('./graph.js').Edge} Edge */

const WORDS = /** @type {Record<string, string>} */ ({ fk: gettext('many to one'), o2o: gettext('one to one'), m2m: gettext('many to many'), generic: gettext('generic'), inherits: gettext('inherits from'), proxy: gettext('proxy of') });
/** Initial items of a list: a hub has hundreds; the rest is shown on request. */
const FIRST = 100;

/** Initial fields: the relations below should not be far away. */
const MOST_FIELDS = 24;

/** A list that shows the rest on request. @param {Node[]} items @param {number} [first] */
function list(items, first = FIRST) {
  const element = h('ul', {}, items.slice(0, first));
  const rest = items.slice(first);
  if (!rest.length) return element;
  const more = h('li', {}, [h('button', { type: 'button', class: 'schema-link', text: gettext('Show {more} more', { more: rest.length }), onclick: () => {
    more.remove();
    element.append(...rest);
    const next = /** @type {HTMLElement} */ (rest[0]);
    const target = /** @type {HTMLElement|null} */ (next.querySelector('button')) || next;
    // This element is no button, but must take over the button's focus.
    if (target === next) next.tabIndex = -1;
    target.focus({ preventScroll: true });
  } })]);
  element.append(more);
  return element;
}

/** @param {Diagram} diagram */
export function createPanel(diagram) {
  const element = h('aside', { class: 'schema-panel', 'aria-label': gettext('Selection'), hidden: true });

  /** @param {string} name @param {string} label @param {() => void} onclick */
  const action = (name, label, onclick) => h('button', { type: 'button', class: 'schema-button', onclick }, [icon(name), label]);
  const closer = () => h('button', { type: 'button', class: 'schema-icon-button', 'aria-label': gettext('Clear selection'), title: gettext('Clear selection (Escape)'), onclick: () => { diagram.select(null); diagram.stage.surface.focus(); } }, [icon('close')]);

  /** @param {string} title @param {Edge[]} edges @param {'from'|'to'} end */
  function relations(title, edges, end) {
    if (!edges.length) return [];
    const items = edges.map((edge) => h('li', {}, [
      h('button', { type: 'button', class: 'schema-link', text: edge[end], onclick: () => diagram.goTo(edge[end]) }),
      h('span', { class: 'schema-quiet', text: [edge.field, edge.via ? gettext('{relation} through {model}', { relation: WORDS[edge.kind], model: edge.via }) : WORDS[edge.kind], edge.nullable ? gettext('may be empty') : ''].filter(Boolean).join(', ') }),
    ]));
    return [h('h3', { text: `${title} (${edges.length})` }), list(items)];
  }

  /** @param {string} id */
  function model(id) {
    const node = diagram.graph.byId.get(id);
    if (!node) return;
    const { out, into } = diagram.relations(id);
    element.append(
      h('div', { class: 'schema-panel-head' }, [h('h2', { text: node.name }), closer()]),
      h('p', { class: 'schema-quiet', text: [node.app, noteWord(node.note), fields(node.rows.length), diagram.graph.hubs.has(id) ? gettext('hub') : ''].filter(Boolean).join(', ') }),
    );
    if (node.doc) element.append(h('p', { class: 'schema-doc', text: node.doc.length > 280 ? `${node.doc.slice(0, 279)}…` : node.doc }));
    const isNear = diagram.level.kind === 'near' && diagram.level.id === id;
    element.append(h('div', { class: 'schema-panel-actions' }, [
      action('open', pgettext('model', 'Open'), () => diagram.open(id)),
      isNear ? null : action('near', gettext('Neighbours'), () => diagram.enter(id)),
      action('path', diagram.pathFrom === id ? gettext('Choose the other…') : gettext('Path to…'), () => diagram.startPath()),
    ]));
    if (diagram.pathFrom === id) element.append(h('p', { class: 'schema-hint', role: 'status', text: gettext('Select a second model, or find it with the search field. Escape ends this.') }));
    if (diagram.path) {
      element.append(h('h3', { text: ngettext('Path ({count} step)', 'Path ({count} steps)', diagram.path.edges.length) }), h('ol', {}, diagram.path.nodes.map((step, at) => h('li', {}, [
        h('button', { type: 'button', class: 'schema-link', text: step, onclick: () => diagram.goTo(step) }),
        diagram.path && diagram.path.edges[at] ? h('span', { class: 'schema-quiet', text: `${diagram.path.edges[at].from === step ? '→' : '←'} ${diagram.path.edges[at].field || WORDS[diagram.path.edges[at].kind]}` }) : null,
      ]))));
    }
    if (node.rows.length) {
      element.append(h('h3', { text: `${gettext('Fields')} (${node.rows.length})` }), list(node.rows.map((row) => h('li', { class: 'schema-panel-field' }, [
        h('span', { text: row.name }),
        h('span', { class: 'schema-quiet', text: [row.tag, row.type, row.nullable ? gettext('may be empty') : ''].filter(Boolean).join(', ') }),
      ])), MOST_FIELDS));
    }
    element.append(...relations(gettext('References'), out, 'to'), ...relations(gettext('Referenced by'), into, 'from'));
    if (!out.length && !into.length) element.append(h('p', { class: 'schema-quiet', text: gettext('No relations to or from other models.') }));
  }

  /** @param {string} label */
  function app(label) {
    const facts = appFacts(diagram.graph, label);
    element.append(
      h('div', { class: 'schema-panel-head' }, [h('h2', { text: label }), closer()]),
      h('p', { class: 'schema-quiet', text: `${models(facts.models)}, ${between(facts)}` }),
      h('div', { class: 'schema-panel-actions' }, [action('boxes', gettext('Show models'), () => diagram.enter(label))]),
      h('h3', { text: gettext('Models') }),
      list((diagram.graph.appOf.get(label)?.models || []).map((id) => h('li', {}, [h('button', { type: 'button', class: 'schema-link', text: id, onclick: () => diagram.goTo(id) })]))),
    );
  }

  function refresh() {
    const id = diagram.selected;
    const before = document.activeElement && element.contains(document.activeElement) ? document.activeElement.textContent : null;
    empty(element);
    element.hidden = !id;
    if (!id) return;
    element.setAttribute('aria-label', gettext('Relations of {model}', { model: id }));
    if (diagram.scene && diagram.scene.level.kind === 'apps') app(id);
    else model(id);
    // Replacing the contents must not lose keyboard focus.
    if (before !== null) {
      const same = Array.from(element.querySelectorAll('button')).find((button) => button.textContent === before);
      /** @type {HTMLElement} */ (same || element.querySelector('button') || diagram.stage.surface).focus({ preventScroll: true });
    }
  }

  diagram.listen((change) => { if (change === 'selection') refresh(); });
  return { element };
}
