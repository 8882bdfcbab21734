// The neighbourhood of one model in columns: models that refer to it on the left, models it refers
// to on the right. Pure.

/** @typedef {import('./scene.js').SceneNode} SceneNode @typedef {import('./layout.js').Positions} Positions */

const GAP_X = 120;
const GAP_Y = 28;
const COLUMN_HEIGHT = 900;

/**
 * @param {SceneNode[]} nodes @param {Map<string, number>} sides signed distance per label
 * @returns {Positions}
 */
export function egoLayout(nodes, sides) {
  /** @type {Map<number, SceneNode[]>} */
  const rings = new Map();
  for (const node of nodes) {
    const side = sides.get(node.id) || 0;
    const ring = rings.get(side);
    if (ring) ring.push(node);
    else rings.set(side, [node]);
  }
  /** @type {Positions} */
  const positions = {};
  const middle = (rings.get(0) || [])[0];
  if (middle) positions[middle.id] = [Math.round(-middle.w / 2), Math.round(-middle.h / 2)];
  const half = middle ? middle.w / 2 : 0;
  for (const direction of [-1, 1]) {
    let edge = half;
    const distances = [...rings.keys()].filter((side) => Math.sign(side) === direction).map(Math.abs).sort((a, b) => a - b);
    for (const distance of distances) {
      const ring = /** @type {SceneNode[]} */ (rings.get(direction * distance)).sort((a, b) => (a.id < b.id ? -1 : 1));
      const total = ring.reduce((sum, node) => sum + node.h + GAP_Y, 0);
      const count = Math.max(1, Math.round(Math.sqrt(total / COLUMN_HEIGHT)), Math.ceil(total / (COLUMN_HEIGHT * 3)));
      let first = true;
      for (const column of split(ring, count)) {
        const w = column.reduce((most, node) => Math.max(most, node.w), 0);
        edge += first ? GAP_X : GAP_X / 2;
        first = false;
        let y = -column.reduce((sum, node) => sum + node.h + GAP_Y, -GAP_Y) / 2;
        for (const node of column) {
          positions[node.id] = [Math.round(direction > 0 ? edge : -edge - node.w), Math.round(y)];
          y += node.h + GAP_Y;
        }
        edge += w;
      }
    }
  }
  return positions;
}

/** Columns of about the same height, in order. @param {SceneNode[]} nodes @param {number} count @returns {SceneNode[][]} */
function split(nodes, count) {
  const room = nodes.reduce((sum, node) => sum + node.h + GAP_Y, 0) / count;
  /** @type {SceneNode[][]} */
  const columns = [[]];
  let height = 0;
  for (const node of nodes) {
    if (height > 0 && height + node.h / 2 > room && columns.length < count) {
      columns.push([]);
      height = 0;
    }
    columns[columns.length - 1].push(node);
    height += node.h + GAP_Y;
  }
  return columns;
}
