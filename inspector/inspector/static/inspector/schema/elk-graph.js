// Converts a scene to ELK's input for a layered layout, and its result to
// positions and routes. Pure.
import { HEADER, fieldOffset, keyOffset } from './measure.js';

/**
 * @typedef {import('./graph.js').Graph} Graph
 * @typedef {import('./scene.js').Scene} Scene
 * @typedef {import('./measure.js').Detail} Detail
 * @typedef {[number, number][]} Route  corners of an edge from source to target, in world units
 * @typedef {{positions: import('./layout.js').Positions, routes: Record<string, Route>}} Routed  routes: by edge id
 */

const LAYERED = {
  'elk.algorithm': 'layered',
  'elk.direction': 'RIGHT',
  'elk.edgeRouting': 'ORTHOGONAL',
  'elk.randomSeed': '20',
  'elk.spacing.nodeNode': '28',
  'elk.spacing.edgeNode': '16',
  'elk.spacing.edgeEdge': '12',
  'elk.spacing.componentComponent': '48',
  'elk.layered.spacing.nodeNodeBetweenLayers': '44',
  'elk.layered.spacing.edgeNodeBetweenLayers': '22',
  'elk.layered.spacing.edgeEdgeBetweenLayers': '10',
  'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
  'elk.layered.nodePlacement.favorStraightEdges': 'true',
  'elk.layered.thoroughness': '12',
};

/**
 * @param {Graph} graph @param {Scene} scene @param {Detail} detail
 * @param {number} aspect desired width divided by height
 */
export function toElk(graph, scene, detail, aspect) {
  // A line from a card to itself is drawn next to the card and needs no route.
  const edges = scene.edges.filter((edge) => edge.source !== edge.target);
  /** @param {import('./scene.js').SceneEdge} edge */
  const arrival = (edge) => keyOffset(graph.byId.get(edge.target), detail, edge.edge?.kind);
  const cards = scene.nodes.map((node) => {
    const model = graph.byId.get(node.id);
    const ports = edges.filter((edge) => edge.source === node.id).map((edge) => port(`${edge.id}>`, 'EAST', node.w, model && edge.edge ? fieldOffset(model, detail, edge.edge.field) : HEADER / 2));
    for (const y of new Set(edges.filter((edge) => edge.target === node.id).map(arrival))) ports.push(port(`>${node.id}@${y}`, 'WEST', 0, y));
    return { id: node.id, width: node.w, height: node.h, ports, layoutOptions: { 'elk.portConstraints': 'FIXED_POS' } };
  });
  return {
    id: 'root',
    layoutOptions: { ...LAYERED, 'elk.aspectRatio': String(aspect) },
    children: cards,
    edges: edges.map((edge) => ({ id: edge.id, sources: [`${edge.id}>`], targets: [`>${edge.target}@${arrival(edge)}`] })),
  };
}

/** @param {string} id @param {'EAST'|'WEST'} side @param {number} x @param {number} y */
const port = (id, side, x, y) => ({ id, x, y, width: 0, height: 0, layoutOptions: { 'elk.port.side': side } });

/** @param {any} answer ELK's result @returns {Routed} */
export function fromElk(answer) {
  /** @type {Routed} */
  const routed = { positions: {}, routes: {} };
  for (const card of answer.children) routed.positions[card.id] = [Math.round(card.x), Math.round(card.y)];
  for (const edge of answer.edges || []) {
    const section = (edge.sections || [])[0];
    if (!section) continue;
    routed.routes[edge.id] = [section.startPoint, ...(section.bendPoints || []), section.endPoint].map(({ x, y }) => [Math.round(x), Math.round(y)]);
  }
  return routed;
}
