// The selected model in words: what it points to and what points to it. The diagram's text alternative.
import { empty, h, icon, plural } from './dom.js';
import { appFacts } from './scene.js';

/** @typedef {import('./diagram.js').Diagram} Diagram @typedef {import('./graph.js').Edge} Edge */

const WORDS = /** @type {Record<string, string>} */ ({ fk: 'many to one', o2o: 'one to one', m2m: 'many to many', generic: 'generic', inherits: 'inherits from', proxy: 'proxy of' });
/** Items of a list at first: a hub has hundreds, and the rest is asked for. */
const FIRST = 100;

/** A list of which the rest comes on demand. @param {Node[]} items */
function list(items) {
  const element = h('ul', {}, items.slice(0, FIRST));
  const rest = items.slice(FIRST);
  if (!rest.length) return element;
  const more = h('li', {}, [h('button', { type: 'button', class: 'schema-link', text: `Show ${rest.length} more`, onclick: () => {
    more.remove();
    element.append(...rest);
    /** @type {HTMLElement|null} */ (/** @type {Element} */ (rest[0]).querySelector('button'))?.focus({ preventScroll: true });
  } })]);
  element.append(more);
  return element;
}

/** @param {Diagram} diagram */
export function createPanel(diagram) {
  const element = h('aside', { class: 'schema-panel', 'aria-label': 'Selection', hidden: true });

  /** @param {string} name @param {string} label @param {() => void} onclick */
  const action = (name, label, onclick) => h('button', { type: 'button', class: 'schema-button', onclick }, [icon(name), label]);
  const closer = () => h('button', { type: 'button', class: 'schema-icon-button', 'aria-label': 'Clear selection', title: 'Clear selection (Escape)', onclick: () => { diagram.select(null); diagram.stage.surface.focus(); } }, [icon('close')]);

  /** @param {string} title @param {Edge[]} edges @param {'from'|'to'} end */
  function relations(title, edges, end) {
    if (!edges.length) return [];
    const items = edges.map((edge) => h('li', {}, [
      h('button', { type: 'button', class: 'schema-link', text: edge[end], onclick: () => diagram.goTo(edge[end]) }),
      h('span', { class: 'schema-quiet', text: `${edge.field ? `${edge.field}, ` : ''}${WORDS[edge.kind]}${edge.via ? ` through ${edge.via}` : ''}${edge.nullable ? ', may be empty' : ''}` }),
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
      h('p', { class: 'schema-quiet', text: `${node.app}${node.note ? `, ${node.note}` : ''}, ${plural(node.rows.length, 'field')}${diagram.graph.hubs.has(id) ? ', hub' : ''}` }),
    );
    if (node.doc) element.append(h('p', { class: 'schema-doc', text: node.doc.length > 280 ? `${node.doc.slice(0, 279)}…` : node.doc }));
    const isNear = diagram.level.kind === 'near' && diagram.level.id === id;
    element.append(h('div', { class: 'schema-panel-actions' }, [
      action('open', 'Open', () => diagram.open(id)),
      isNear ? null : action('near', 'Neighbours', () => diagram.enter(id)),
      action('path', diagram.pathFrom === id ? 'Choose the other…' : 'Path to…', () => diagram.startPath()),
    ]));
    if (diagram.pathFrom === id) element.append(h('p', { class: 'schema-hint', role: 'status', text: 'Select a second model, or find it with the search field. Escape ends this.' }));
    if (diagram.path) {
      element.append(h('h3', { text: `Path (${plural(diagram.path.edges.length, 'step')})` }), h('ol', {}, diagram.path.nodes.map((step, at) => h('li', {}, [
        h('button', { type: 'button', class: 'schema-link', text: step, onclick: () => diagram.goTo(step) }),
        diagram.path && diagram.path.edges[at] ? h('span', { class: 'schema-quiet', text: `${diagram.path.edges[at].from === step ? '→' : '←'} ${diagram.path.edges[at].field || WORDS[diagram.path.edges[at].kind]}` }) : null,
      ]))));
    }
    element.append(...relations('Points to', out, 'to'), ...relations('Pointed to by', into, 'from'));
    if (!out.length && !into.length) element.append(h('p', { class: 'schema-quiet', text: 'No relations to or from other models.' }));
  }

  /** @param {string} label */
  function app(label) {
    const facts = appFacts(diagram.graph, label);
    element.append(
      h('div', { class: 'schema-panel-head' }, [h('h2', { text: label }), closer()]),
      h('p', { class: 'schema-quiet', text: `${plural(facts.models, 'model')}, ${plural(facts.out, 'relation')} to and ${facts.into} from other apps` }),
      h('div', { class: 'schema-panel-actions' }, [action('boxes', 'Show models', () => diagram.enter(label))]),
      h('h3', { text: 'Models' }),
      list((diagram.graph.appOf.get(label)?.models || []).map((id) => h('li', {}, [h('button', { type: 'button', class: 'schema-link', text: id, onclick: () => diagram.goTo(id) })]))),
    );
  }

  function refresh() {
    const id = diagram.selected;
    const before = document.activeElement && element.contains(document.activeElement) ? document.activeElement.textContent : null;
    empty(element);
    element.hidden = !id;
    if (!id) return;
    element.setAttribute('aria-label', `Relations of ${id}`);
    if (diagram.scene && diagram.scene.level.kind === 'apps') app(id);
    else model(id);
    // Rebuilt contents must not throw the keyboard out.
    if (before !== null) {
      const same = Array.from(element.querySelectorAll('button')).find((button) => button.textContent === before);
      /** @type {HTMLElement} */ (same || element.querySelector('button') || diagram.stage.surface).focus({ preventScroll: true });
    }
  }

  diagram.listen((change) => { if (change === 'selection') refresh(); });
  return { element };
}
