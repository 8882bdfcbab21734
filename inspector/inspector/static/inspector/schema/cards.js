// Cards on the screen as elements: created when they come into view, removed when they leave it.
import { gettext, ngettext } from '../i18n.js';
import { h } from './dom.js';
import { ROW, rowType, shortName, titleFont, visibleRows, words } from './measure.js';
import { appFacts } from './scene.js';
import { relationsOf } from './graph.js';
import { fields, models, moreFields, noteWord, relations } from './words.js';

/**
 * @typedef {import('./graph.js').Graph} Graph
 * @typedef {import('./scene.js').Scene} Scene
 * @typedef {import('./scene.js').SceneNode} SceneNode
 * @typedef {import('./viewport.js').Box} Box
 * @typedef {{element: HTMLElement, full: boolean}} Card
 */

/**
 * Cards created per frame while moving: more would be a visible delay; the rest
 * follows in the next frame.
 */
const BUDGET = 24;

/** @param {HTMLElement} world */
export function createCards(world) {
  /** @type {Map<string, Card>} */
  const cards = new Map();
  /** @type {Graph} */
  let graph;
  /** @type {import('./measure.js').Detail} */
  let detail = 'keys';
  /** @type {Set<string>} */
  let drawn = new Set();

  /** @param {SceneNode} node @param {boolean} full @returns {Card} */
  function make(node, full) {
    const element = node.kind === 'app' ? appCard(graph, node) : modelCard(graph, node, full ? detail : null, detail, drawn);
    element.style.width = `${node.w}px`;
    element.style.height = `${node.h}px`;
    return { element, full };
  }

  return {
    /** @param {Graph} nextGraph @param {Scene} scene @param {import('./measure.js').Detail} nextDetail */
    reset(nextGraph, scene, nextDetail) {
      graph = nextGraph;
      detail = nextDetail;
      drawn = new Set(scene.edges.map((edge) => edge.id));
      for (const { element } of cards.values()) element.remove();
      cards.clear();
    },
    /**
     * @param {SceneNode[]} nodes to show, in reading order @param {Map<string, Box>} boxes
     * @param {boolean} full with fields @param {(id: string, element: HTMLElement) => void} decorate
     * @param {number} [most] elements to create now
     * @returns {boolean} whether some remain to be created
     */
    sync(nodes, boxes, full, decorate, most = BUDGET) {
      const wanted = new Set(nodes.map((node) => node.id));
      for (const [id, { element }] of cards) {
        if (wanted.has(id)) continue;
        element.remove();
        cards.delete(id);
      }
      let budget = most;
      /** @type {Element|null} */
      let before = null;
      for (const node of nodes) {
        let card = cards.get(node.id);
        if (!card || (full && !card.full)) {
          if (budget <= 0) continue;
          budget -= 1;
          const next = make(node, full);
          const hadFocus = card && card.element.contains(document.activeElement);
          if (card) card.element.replaceWith(next.element);
          else if (before) before.after(next.element);
          else world.prepend(next.element);
          if (hadFocus) next.element.focus({ preventScroll: true });
          card = next;
          cards.set(node.id, card);
          place(card.element, /** @type {Box} */ (boxes.get(node.id)));
          decorate(node.id, card.element);
        }
        before = card.element;
      }
      return budget <= 0;
    },
    /** @param {string} id @param {Box} box */
    move(id, box) {
      const card = cards.get(id);
      if (card) place(card.element, box);
    },
    /** @param {(id: string, element: HTMLElement) => void} decorate */
    each(decorate) {
      for (const [id, { element }] of cards) decorate(id, element);
    },
    /** @param {string} id */
    element: (id) => (cards.has(id) ? /** @type {Card} */ (cards.get(id)).element : null),
    get size() { return cards.size; },
  };
}

/** @param {HTMLElement} element @param {Box} box */
function place(element, box) {
  element.style.transform = `translate(${box.x}px, ${box.y}px)`;
}

/**
 * @param {Graph} graph @param {SceneNode} node @param {import('./measure.js').Detail|null} detail null: title only @param {import('./measure.js').Detail} shown rows that fit @param {Set<string>} drawn
 */
function modelCard(graph, node, detail, shown, drawn) {
  const model = /** @type {import('./graph.js').ModelNode} */ (graph.byId.get(node.id));
  const { out, into } = relationsOf(graph, node.id);
  const count = out.length + into.length;
  const app = graph.appOf.get(model.app);
  const title = h('span', { class: 'schema-card-big', 'aria-hidden': 'true' });
  // Long names break between their words.
  words(model.name).forEach((part, at) => title.append(...(at ? [h('wbr'), part] : [part])));
  title.style.setProperty('--fit', `${titleFont(model.name, node.w, node.h)}px`);
  const bars = h('span', { class: 'schema-bars', 'aria-hidden': 'true' });
  drawBars(bars, visibleRows(model, shown).rows, node.w);
  return h('div', {
    class: `schema-card schema-app-${(app ? app.color : 0) + 1}${model.own ? '' : ' is-foreign'}`,
    'data-id': node.id,
    tabindex: 0,
    role: 'group',
    'aria-label': [model.name, gettext('app {app}', { app: model.app }), fields(model.rows.length), ngettext('{count} relation', '{count} relations', count)].join(', '),
  }, [
    title,
    bars,
    detail && h('header', { class: 'schema-card-head' }, [
      h('button', { type: 'button', class: 'schema-card-name', tabindex: -1, 'data-open': node.id, text: model.name, title: gettext('Open {name}', { name: node.id }) }),
      model.note ? h('span', { class: 'schema-note', text: noteWord(model.note) }) : null,
      h('span', { class: 'schema-card-app', text: model.app }),
    ]),
    detail && rowsOf(graph, model, detail, drawn),
  ]);
}

/**
 * Draw rows as bars where text would be unreadable: as backgrounds of one element, which is cheaper
 * than forty elements.
 * @param {HTMLElement} element @param {import('./graph.js').Row[]} rows @param {number} width of the card
 */
function drawBars(element, rows, width) {
  const room = width - 34;
  /** @type {string[]} */
  const layers = [];
  rows.forEach((row, at) => {
    const colour = row.pk || row.to ? 'var(--schema-bar-key)' : 'var(--schema-bar)';
    const y = at * ROW + 7;
    const name = Math.round(Math.min(0.56 * room, 20 + row.name.length * 6));
    const type = Math.round(Math.min(0.36 * room, 12 + rowType(row).length * 5));
    layers.push(`linear-gradient(${colour},${colour}) 0 ${y}px/${name}px 8px no-repeat`, `linear-gradient(var(--schema-bar),var(--schema-bar)) 100% ${y}px/${type}px 8px no-repeat`);
  });
  element.style.background = layers.join(',');
}

/** @param {Graph} graph @param {import('./graph.js').ModelNode} model @param {import('./measure.js').Detail} detail @param {Set<string>} drawn */
function rowsOf(graph, model, detail, drawn) {
  const { rows, more } = visibleRows(model, detail);
  if (!rows.length) return null;
  const list = h('div', { class: 'schema-rows' });
  for (const row of rows) {
    const known = row.to !== null && graph.byId.has(row.to);
    const line = known && drawn.has(`${model.id}:${row.name}:${row.to}`);
    list.append(h('div', { class: 'schema-row' }, [
      h('span', { class: 'schema-tag', text: row.tag }),
      h('span', { class: 'schema-field', text: row.name, title: [`${row.name}: ${row.type}`, row.nullable ? gettext('may be empty') : '', row.onDelete ? gettext('on delete {action}', { action: row.onDelete }) : ''].filter(Boolean).join(', ') }),
      row.to === null
        ? h('span', { class: 'schema-type', text: rowType(row) + (row.nullable ? '?' : '') })
        : h(known ? 'button' : 'span', {
          class: line ? 'schema-to' : 'schema-to schema-chip',
          type: known ? 'button' : null,
          tabindex: known ? -1 : null,
          'data-to': known ? row.to : null,
          title: chipTitle(row, known),
          text: `→ ${shortName(row.to)}${row.nullable ? '?' : ''}`,
        }),
    ]));
  }
  if (more && detail !== 'names') list.append(h('div', { class: 'schema-row schema-more', text: moreFields(more) }));
  return list;
}

/** @param {import('./graph.js').ModelNode['rows'][number]} row @param {boolean} known */
function chipTitle({ to, via }, known) {
  if (!known) return gettext('{model} is not part of this scan', { model: to || '' });
  return via ? gettext('Go to {model} (through {via})', { model: to || '', via }) : gettext('Go to {model}', { model: to || '' });
}

/** @param {Graph} graph @param {SceneNode} node */
function appCard(graph, node) {
  const facts = appFacts(graph, node.id);
  return h('div', {
    class: `schema-card schema-app schema-app-${facts.color + 1}${facts.own ? '' : ' is-foreign'}`,
    'data-id': node.id,
    tabindex: 0,
    role: 'group',
    'aria-label': [gettext('App {app}', { app: node.id }), models(facts.models), relations(facts)].join(', '),
  }, [
    h('header', { class: 'schema-card-head' }, [
      h('button', { type: 'button', class: 'schema-card-name', tabindex: -1, 'data-app': node.id, text: node.id, title: gettext('Open the app {app}', { app: node.id }) }),
      facts.own ? null : h('span', { class: 'schema-note', text: gettext('installed') }),
    ]),
    h('p', { class: 'schema-app-facts' }, [
      h('strong', { text: models(facts.models) }),
      h('span', { text: gettext('→ {total} out', { total: facts.out }), title: gettext('Relations to other apps') }),
      h('span', { text: gettext('← {total} in', { total: facts.into }), title: gettext('Relations from other apps') }),
    ]),
  ]);
}
