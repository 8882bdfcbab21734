// The `models` section of a snapshot as a graph: nodes, edges, apps, hubs. Pure.

/**
 * @typedef {'fk'|'o2o'|'m2m'|'generic'|'inherits'|'proxy'} EdgeKind
 *
 * @typedef {Object} Row  one field of a card
 * @property {string} name
 * @property {string} type     Django's class name, `CharField`
 * @property {string} tag      `PK`, `FK`, `1:1`, `M:N`, `GFK` or ''
 * @property {boolean} nullable
 * @property {boolean} pk
 * @property {string|null} to    label of the relation's target
 * @property {string|null} via   label of a many-to-many's own through model
 * @property {string|null} onDelete
 *
 * @typedef {Object} ModelNode
 * @property {string} id       label, `blog.Post`
 * @property {string} app
 * @property {string} name
 * @property {Row[]} rows      key first, then relations, then the rest
 * @property {boolean} own     defined in the project itself
 * @property {'proxy'|'unmanaged'|''} note
 * @property {string} doc
 *
 * @typedef {Object} Edge
 * @property {string} id
 * @property {string} from
 * @property {string} to
 * @property {EdgeKind} kind
 * @property {string} field    '' for inheritance
 * @property {boolean} nullable
 * @property {string|null} via  the through model, if it is on the diagram and shows the connection
 * @property {boolean} hub     points to a hub: shown as a chip in the card unless hubs are on
 *
 * @typedef {Object} App
 * @property {string} label
 * @property {string[]} models
 * @property {boolean} own
 * @property {number} color    0 to 11: index into `--graph-1` … `--graph-12`
 *
 * @typedef {Object} Graph
 * @property {ModelNode[]} nodes
 * @property {Edge[]} edges
 * @property {App[]} apps
 * @property {Set<string>} hubs
 * @property {Map<string, ModelNode>} byId
 * @property {Map<string, Edge[]>} touching  edges in and out, per node
 * @property {Map<string, App>} appOf        by app label
 */

export const COLORS = 12;
const TAGS = /** @type {Record<string, string>} */ ({ fk: 'FK', o2o: '1:1', m2m: 'M:N', generic: 'GFK', 'generic-relation': 'GR' });
const KINDS = /** @type {Record<string, EdgeKind>} */ ({ fk: 'fk', o2o: 'o2o', m2m: 'm2m', 'generic-relation': 'generic' });

/** @param {unknown} value @returns {any[]} */
const list = (value) => (Array.isArray(value) ? value : []);
/** @param {unknown} value */
const text = (value) => (typeof value === 'string' ? value : '');

/** In-degree above which a model is a hub, whose edges would hide all others. @param {number} count */
export const hubThreshold = (count) => Math.max(12, 0.06 * count);

/** @param {any} field @returns {Row} */
function toRow(field) {
  const rel = field.rel || null;
  const tag = field.pk && !(rel && rel.to) ? 'PK' : rel ? TAGS[rel.kind] || '' : '';
  return {
    name: text(field.name),
    type: text(field.type),
    tag,
    // A field without a column cannot be NULL, whatever its options say.
    nullable: Boolean(field.null) && !(rel && rel.kind === 'm2m'),
    pk: Boolean(field.pk),
    to: rel && typeof rel.to === 'string' ? rel.to : null,
    via: rel && rel.through && !rel.through_auto ? text(rel.through) || null : null,
    onDelete: rel ? text(rel.on_delete) || null : null,
  };
}

/** Keys, then relations, then the rest; each in source order. @param {Row} row */
const rank = (row) => (row.pk ? 0 : row.to || row.tag ? 1 : 2);

/** @param {any} model @returns {ModelNode} */
function toNode(model) {
  const label = text(model.label);
  const dot = label.indexOf('.');
  const rows = list(model.fields).filter((field) => field && text(field.name)).map(toRow);
  return {
    id: label,
    app: text(model.app) || (dot > 0 ? label.slice(0, dot) : '?'),
    name: text(model.name) || label.slice(dot + 1),
    rows: rows.map((row, at) => ({ row, at })).sort((a, b) => rank(a.row) - rank(b.row) || a.at - b.at).map((item) => item.row),
    own: !model.origin || model.origin === 'project',
    note: model.proxy ? 'proxy' : model.managed === false ? 'unmanaged' : '',
    doc: text(model.doc),
  };
}

/**
 * @param {any} model
 * @param {Map<string, ModelNode>} byId
 * @returns {Edge[]}
 */
function edgesOf(model, byId) {
  const from = text(model.label);
  /** @type {Edge[]} */
  const edges = [];
  /** @param {string} to @param {EdgeKind} kind @param {string} field @param {boolean} nullable @param {string|null} via */
  const add = (to, kind, field, nullable, via) =>
    edges.push({ id: `${from}:${field || kind}:${to}`, from, to, kind, field, nullable, via, hub: false });
  const parents = new Set();
  for (const base of list(model.bases)) {
    if (!base || !byId.has(base.label) || base.label === from || parents.has(base.label)) continue;
    if (base.kind !== 'multi-table' && base.kind !== 'proxy-of') continue;
    parents.add(base.label);
    add(base.label, base.kind === 'proxy-of' ? 'proxy' : 'inherits', '', false, null);
  }
  // A proxy has all fields of its model; draw them only at the model with the table.
  if (model.proxy) return edges;
  for (const field of list(model.fields)) {
    const rel = field && field.rel;
    if (!rel || !KINDS[rel.kind] || !byId.has(rel.to)) continue;
    if (rel.parent_link && parents.has(rel.to)) continue;
    const via = rel.through && !rel.through_auto && byId.has(rel.through) ? rel.through : null;
    add(rel.to, KINDS[rel.kind], text(field.name), Boolean(field.null) && rel.kind !== 'm2m', via);
  }
  return edges;
}

/**
 * @param {ModelNode[]} nodes
 * @returns {App[]} own apps first, then by label; colours are assigned to the largest apps first
 */
function toApps(nodes) {
  /** @type {Map<string, App>} */
  const apps = new Map();
  for (const node of nodes) {
    const app = apps.get(node.app) || { label: node.app, models: [], own: false, color: 0 };
    app.models.push(node.id);
    app.own = app.own || node.own;
    apps.set(node.app, app);
  }
  const sorted = [...apps.values()].sort((a, b) => Number(b.own) - Number(a.own) || (a.label < b.label ? -1 : 1));
  [...sorted]
    .sort((a, b) => Number(b.own) - Number(a.own) || b.models.length - a.models.length || (a.label < b.label ? -1 : 1))
    .forEach((app, at) => { app.color = at % COLORS; });
  return sorted;
}

/**
 * @param {any} data  the `models` section's data; missing parts count as empty
 * @returns {Graph}
 */
export function buildGraph(data) {
  /** @type {Map<string, ModelNode>} */
  const byId = new Map();
  const models = [];
  for (const model of list(data && data.models)) {
    // An automatic many-to-many table is drawn as an edge, not as a card.
    if (!model || !text(model.label) || model.auto_created || byId.has(model.label)) continue;
    byId.set(model.label, toNode(model));
    models.push(model);
  }
  const nodes = [...byId.values()];
  const edges = models.flatMap((model) => edgesOf(model, byId));

  /** @type {Map<string, number>} */
  const incoming = new Map();
  for (const edge of edges) {
    if (edge.kind !== 'inherits' && edge.kind !== 'proxy') incoming.set(edge.to, (incoming.get(edge.to) || 0) + 1);
  }
  const limit = hubThreshold(nodes.length);
  const hubs = new Set([...incoming].filter(([, count]) => count > limit).map(([id]) => id));

  /** @type {Map<string, Edge[]>} */
  const touching = new Map(nodes.map((node) => [node.id, []]));
  for (const edge of edges) {
    edge.hub = hubs.has(edge.to) && edge.kind !== 'inherits' && edge.kind !== 'proxy' && edge.from !== edge.to;
    /** @type {Edge[]} */ (touching.get(edge.from)).push(edge);
    if (edge.to !== edge.from) /** @type {Edge[]} */ (touching.get(edge.to)).push(edge);
  }
  const apps = toApps(nodes);
  return { nodes, edges, apps, hubs, byId, touching, appOf: new Map(apps.map((app) => [app.label, app])) };
}

/**
 * Relations for a model's text alternative: each once, outgoing first.
 * @param {Graph} graph @param {string} id
 * @returns {{out: Edge[], into: Edge[]}}
 */
export function relationsOf(graph, id) {
  const edges = graph.touching.get(id) || [];
  return { out: edges.filter((edge) => edge.from === id), into: edges.filter((edge) => edge.to === id && edge.from !== id) };
}
