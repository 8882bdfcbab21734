/** Finds the dependencies and dependents of a row in the migration graph. */

/** @typedef {{up: Map<number, number[]>, down: Map<number, number[]>}} Neighbours */

/** @param {number[][]} lines pairs of rows, earlier first @returns {Neighbours} */
export function neighbours(lines) {
  /** @type {Neighbours} */
  const near = { up: new Map(), down: new Map() };
  for (const [from, to] of lines) {
    add(near.up, to, from);
    add(near.down, from, to);
  }
  return near;
}

/** @param {Map<number, number[]>} map @param {number} key @param {number} value */
function add(map, key, value) {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

/**
 * The row, all its dependencies, and everything that depends on it.
 * @param {Neighbours} near @param {number} row @returns {Set<number>}
 */
export function closure(near, row) {
  const found = new Set([row]);
  for (const map of [near.up, near.down]) {
    const stack = [row];
    const seen = new Set(stack);
    while (stack.length) {
      for (const next of map.get(/** @type {number} */ (stack.pop())) || []) {
        if (seen.has(next)) continue;
        seen.add(next);
        found.add(next);
        stack.push(next);
      }
    }
  }
  return found;
}
