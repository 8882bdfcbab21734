// Graph walks: neighbours of a model, and the connection between two models. Pure.

/** @typedef {import('./graph.js').Graph} Graph @typedef {import('./graph.js').Edge} Edge */

/** @param {Edge} edge @param {string} id */
export const otherEnd = (edge, id) => (edge.from === id ? edge.to : edge.from);

/**
 * Models within some hops, with their side: negative for models that refer to this one,
 * positive for models it refers to. Hops beyond the first do not pass through hubs, which
 * would reach everything.
 * @param {Graph} graph @param {string} id @param {number} hops
 * @returns {Map<string, number>} label → signed distance; the model itself is 0
 */
export function neighbourhood(graph, id, hops) {
  const found = new Map([[id, 0]]);
  let ring = [id];
  for (let hop = 1; hop <= hops; hop += 1) {
    const next = [];
    for (const at of ring) {
      if (hop > 1 && graph.hubs.has(at)) continue;
      const side = found.get(at) || 0;
      for (const edge of graph.touching.get(at) || []) {
        const other = otherEnd(edge, at);
        if (found.has(other)) continue;
        const direction = side === 0 ? (edge.from === at ? 1 : -1) : Math.sign(side);
        found.set(other, direction * hop);
        next.push(other);
      }
    }
    ring = next;
  }
  return found;
}

/**
 * The shortest connection between two models, ignoring direction. Paths without hubs are preferred:
 * "both have a user" says little.
 * @param {Graph} graph @param {string} from @param {string} to
 * @returns {{nodes: string[], edges: Edge[]}|null} null if they are not connected
 */
export function shortestPath(graph, from, to) {
  if (!graph.byId.has(from) || !graph.byId.has(to)) return null;
  return search(graph, from, to, true) || search(graph, from, to, false);
}

/** @param {Graph} graph @param {string} from @param {string} to @param {boolean} avoidHubs */
function search(graph, from, to, avoidHubs) {
  /** @type {Map<string, Edge|null>} */
  const cameBy = new Map([[from, null]]);
  const queue = [from];
  for (let head = 0; head < queue.length && !cameBy.has(to); head += 1) {
    const at = queue[head];
    if (avoidHubs && at !== from && graph.hubs.has(at)) continue;
    for (const edge of graph.touching.get(at) || []) {
      const other = otherEnd(edge, at);
      if (cameBy.has(other)) continue;
      cameBy.set(other, edge);
      queue.push(other);
    }
  }
  if (!cameBy.has(to)) return null;
  const nodes = [to];
  const edges = [];
  for (let edge = cameBy.get(to); edge; edge = cameBy.get(nodes[0])) {
    edges.unshift(edge);
    nodes.unshift(otherEnd(edge, nodes[0]));
  }
  return { nodes, edges };
}
