// Layouts for many apps: around a ring, where no line runs behind a card, or as a grid to
// read like a list. Pure.
import { APP_CARD } from './scene.js';

/**
 * @typedef {import('./scene.js').SceneNode} SceneNode @typedef {import('./scene.js').SceneEdge} SceneEdge
 * @typedef {import('./layout.js').Positions} Positions
 */

const CELL = { w: APP_CARD.w + 40, h: APP_CARD.h + 44 };

/**
 * Strongly related apps are placed next to each other.
 * @param {SceneNode[]} nodes @param {SceneEdge[]} edges
 * @param {number} aspect width divided by height of the area
 * @returns {Positions}
 */
export function ringLayout(nodes, edges, aspect) {
  const order = neighbourly(nodes.map(({ id }) => id), edges);
  const { across, down } = proportions(order.length, aspect);
  const [width, height] = [across * CELL.w, (down + 2) * CELL.h];
  /** @type {Positions} */
  const positions = {};
  /**
   * Distribute evenly along a side, from corner to corner.
   * @param {string[]} ids @param {(part: number) => [number, number]} at
   */
  const side = (ids, at) => ids.forEach((id, index) => {
    const [x, y] = at((index + 0.5) / ids.length);
    positions[id] = [Math.round(x), Math.round(y)];
  });
  const [top, right] = [order.slice(0, across), order.slice(across, across + down)];
  const bottom = order.slice(across + down, across * 2 + down);
  const left = order.slice(across * 2 + down);
  const inner = height - 2 * CELL.h;
  side(top, (part) => [part * width - CELL.w / 2, 0]);
  side(right, (part) => [width - CELL.w, CELL.h + part * inner - CELL.h / 2]);
  side(bottom, (part) => [(1 - part) * width - CELL.w / 2, height - CELL.h]);
  side(left, (part) => [0, CELL.h + (1 - part) * inner - CELL.h / 2]);
  return positions;
}

/** By name, row by row. @param {SceneNode[]} nodes @param {number} aspect @returns {Positions} */
export function gridLayout(nodes, aspect) {
  const columns = Math.max(1, Math.round(Math.sqrt(nodes.length * aspect * CELL.h / CELL.w)));
  return Object.fromEntries([...nodes].sort((a, b) => (a.id < b.id ? -1 : 1)).map(({ id }, at) => [id, [at % columns * CELL.w, Math.floor(at / columns) * CELL.h]]));
}

/**
 * Number of cards on the long and the short sides; corners belong to the long ones.
 * @param {number} count @param {number} aspect
 */
function proportions(count, aspect) {
  let best = { across: Math.ceil(count / 2), down: 0, off: Infinity };
  for (let across = 1; across * 2 <= count; across += 1) {
    const down = Math.ceil((count - 2 * across) / 2);
    const off = Math.abs(Math.log(across * CELL.w / ((down + 2) * CELL.h) / aspect));
    if (off < best.off) best = { across, down, off };
  }
  return best;
}

/**
 * An order on the ring with short lines: swaps two apps as long as that helps.
 * @param {string[]} ids @param {SceneEdge[]} edges
 */
function neighbourly(ids, edges) {
  const order = [...ids];
  const place = new Map(order.map((id, at) => [id, at]));
  /** @type {Map<string, {other: string, weight: number}[]>} */
  const touching = new Map(order.map((id) => [id, []]));
  for (const { source, target, weight } of edges) {
    touching.get(source)?.push({ other: target, weight: Math.sqrt(weight) });
    touching.get(target)?.push({ other: source, weight: Math.sqrt(weight) });
  }
  /** @param {string} id */
  const length = (id) => (touching.get(id) || []).reduce((sum, { other, weight }) => {
    const far = Math.abs(/** @type {number} */ (place.get(id)) - /** @type {number} */ (place.get(other)));
    return sum + weight * Math.min(far, order.length - far);
  }, 0);
  /** @param {number} a @param {number} b */
  const swap = (a, b) => {
    [order[a], order[b]] = [order[b], order[a]];
    place.set(order[a], a).set(order[b], b);
  };
  let better = true;
  for (let round = 0; better && round < 12; round += 1) {
    better = false;
    for (let a = 0; a < order.length; a += 1) for (let b = a + 1; b < order.length; b += 1) {
      const before = length(order[a]) + length(order[b]);
      swap(a, b);
      if (length(order[a]) + length(order[b]) < before - 1e-9) better = true;
      else swap(a, b);
    }
  }
  return order;
}
