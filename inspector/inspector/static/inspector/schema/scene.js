// The boxes and edges of one level, before layout. Pure.
import { cardSize } from './measure.js';
import { neighbourhood } from './walk.js';

/**
 * @typedef {import('./graph.js').Graph} Graph
 * @typedef {import('./graph.js').Edge} Edge
 * @typedef {import('./measure.js').Detail} Detail
 * @typedef {{kind: 'apps'}|{kind: 'all'}|{kind: 'app', app: string}|{kind: 'near', id: string, hops: number}} Level
 * @typedef {{detail: Detail, drawHubs: boolean, hidden: Set<string>, chosen?: boolean}} Options  hidden: labels of apps and models; chosen: by the user
 * @typedef {{id: string, app: string, w: number, h: number, kind: 'model'|'app'}} SceneNode
 * @typedef {{id: string, source: string, target: string, weight: number, edge: Edge|null}} SceneEdge  edge: null between apps
 * @typedef {{key: string, level: Level, nodes: SceneNode[], edges: SceneEdge[], regions: boolean, named: boolean, sides: Map<string, number>|null, shape?: 'ring'|'grid'|'free'}} Scene
 *   `key`: identifies the stored positions; `named`: cards show their app; `sides`: signed distances in a neighbourhood;
 *   `shape`: how apps are laid out
 */

/** Up to this many models, the first view shows everything; larger projects open with the map of apps. */
export const SMALL_PROJECT = 30;
export const APP_CARD = { w: 216, h: 84 };
/** Minimum and maximum number of related apps around a ring; more are laid out as a grid. */
const FEWEST_ON_RING = 6;
const MOST_ON_RING = 44;

/** @param {Graph} graph @returns {Level} */
export const firstLevel = (graph) => (ownCount(graph) <= SMALL_PROJECT || graph.apps.length < 2 ? { kind: 'all' } : { kind: 'apps' });

/** Number of the project's own models, or of all if it has none. @param {Graph} graph */
const ownCount = (graph) => graph.nodes.filter((node) => node.own).length || graph.nodes.length;

/**
 * Apps initially hidden in a small project: those of Django and packages, if they are more than
 * half. Cards still name the models they refer to; the filter shows the apps again.
 * @param {Graph} graph @returns {Set<string>}
 */
export function firstHidden(graph) {
  if (firstLevel(graph).kind === 'apps' || !graph.apps.some((app) => app.own)) return new Set();
  return new Set(graph.apps.filter((app) => !app.own).map((app) => app.label));
}

/**
 * Whether these cards, with room for lines, would need more than the area.
 * @param {Graph} graph @param {Set<string>} hidden @param {Detail} detail @param {number} area in world units
 */
export function overflows(graph, hidden, detail, area) {
  const cards = graph.nodes.filter((node) => !hidden.has(node.app)).map((node) => cardSize(node, detail));
  return cards.reduce((sum, { w, h }) => sum + (w + 64) * (h + 40), 0) * 1.5 > area;
}

/**
 * The level itself, or the closest one that still exists after a rescan.
 * @param {Graph} graph @param {Level} level
 * @returns {Level}
 */
export function validLevel(graph, level) {
  if (level.kind === 'app' && !graph.appOf.has(level.app)) return firstLevel(graph);
  if (level.kind === 'near' && !graph.byId.has(level.id)) return firstLevel(graph);
  return level;
}

/** @param {Graph} graph @param {Level} level @param {Options} options @returns {Scene} */
export function sceneFor(graph, level, options) {
  if (level.kind === 'apps') return appScene(graph, options);
  const sides = level.kind === 'near' ? neighbourhood(graph, level.id, level.hops) : null;
  const isHidden = (/** @type {import('./graph.js').ModelNode} */ node) => options.hidden.has(node.app) || options.hidden.has(node.id);
  const shown = graph.nodes.filter((node) => {
    // Hidden-by-default apps are shown here too: the question is which models are near.
    if (sides) return sides.has(node.id) && (node.id === (/** @type {any} */ (level)).id || !options.chosen || !isHidden(node));
    if (level.kind === 'app') return node.app === level.app && !options.hidden.has(node.id);
    return !isHidden(node);
  });
  const ids = new Set(shown.map((node) => node.id));
  const edges = graph.edges
    .filter((edge) => ids.has(edge.from) && ids.has(edge.to))
    .filter((edge) => drawn(edge, ids, options.drawHubs, level))
    .map((edge) => ({ id: edge.id, source: edge.from, target: edge.to, weight: 1, edge }));
  const mixed = new Set(shown.map((node) => node.app)).size > 1;
  // A few models need less than half the room without a frame around each app; cards
  // then name their app.
  const regions = level.kind === 'all' && mixed && shown.length > SMALL_PROJECT;
  const named = mixed && !regions;
  const nodes = shown.map((node) => ({ id: node.id, app: node.app, kind: /** @type {'model'} */ ('model'), ...cardSize(node, options.detail, named) }));
  const name = level.kind === 'all' ? 'all' : level.kind === 'app' ? `app:${level.app}` : `near:${level.id}:${level.hops}`;
  return { key: `${name}/${options.detail}`, level, nodes, edges, regions, named, sides };
}

/** @param {Edge} edge @param {Set<string>} ids @param {boolean} drawHubs @param {Level} level */
function drawn(edge, ids, drawHubs, level) {
  // The through model's two foreign keys already draw the connection.
  if (edge.via && ids.has(edge.via)) return false;
  if (!edge.hub || drawHubs) return true;
  return level.kind === 'near' && (edge.from === level.id || edge.to === level.id);
}

/** @param {Graph} graph @param {Options} options @returns {Scene} */
function appScene(graph, options) {
  const apps = graph.apps.filter((app) => !options.hidden.has(app.label));
  const ids = new Set(apps.map((app) => app.label));
  /** @type {Map<string, SceneEdge>} */
  const edges = new Map();
  for (const edge of graph.edges) {
    const source = /** @type {any} */ (graph.byId.get(edge.from)).app;
    const target = /** @type {any} */ (graph.byId.get(edge.to)).app;
    if (source === target || !ids.has(source) || !ids.has(target)) continue;
    const id = JSON.stringify([source, target]);
    const sum = edges.get(id) || { id, source, target, weight: 0, edge: null };
    sum.weight += 1;
    edges.set(id, sum);
  }
  const shape = apps.length > MOST_ON_RING ? 'grid' : apps.length >= FEWEST_ON_RING && edges.size > apps.length * 1.5 ? 'ring' : 'free';
  return {
    key: shape === 'free' ? 'apps' : `apps:${shape}`,
    shape,
    level: { kind: 'apps' },
    nodes: apps.map((app) => ({ id: app.label, app: app.label, kind: /** @type {'app'} */ ('app'), ...APP_CARD })),
    edges: [...edges.values()],
    regions: false,
    named: false,
    sides: null,
  };
}

/** Numbers of models and relations for an app's card. @param {Graph} graph @param {string} label */
export function appFacts(graph, label) {
  const app = graph.appOf.get(label);
  let [out, into] = [0, 0];
  for (const edge of graph.edges) {
    const from = graph.byId.get(edge.from)?.app === label;
    const to = graph.byId.get(edge.to)?.app === label;
    if (from && !to) out += 1;
    if (to && !from) into += 1;
  }
  return { models: app ? app.models.length : 0, out, into, own: Boolean(app && app.own), color: app ? app.color : 0 };
}
