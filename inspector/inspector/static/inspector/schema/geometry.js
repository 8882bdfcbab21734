// The course of an edge between two cards. Pure.

/**
 * @typedef {{x: number, y: number, w: number, h: number}} Box
 * @typedef {{x: number, y: number, dir: 1|-1}} End  dir: side on which the edge leaves the card
 * @typedef {[number, number]} Point
 * @typedef {{a: End, b: End, c1: Point, c2: Point, box: Box, way?: Bend[]}} Course  a cubic curve with its bounding box;
 *   replaced by `way` if there is one
 * @typedef {{to: Point, corner: Point, after: Point}} Bend  straight to `to`, then around the corner
 */

/** @param {End} a @param {End} b @returns {Course} */
function curve(a, b) {
  const dx = Math.abs(b.x - a.x);
  const same = a.dir === b.dir;
  const bend = same ? 44 + Math.min(90, Math.abs(b.y - a.y) * 0.12) : Math.max(28, Math.min(220, dx * 0.5));
  const c1 = /** @type {[number, number]} */ ([a.x + a.dir * bend, a.y]);
  const c2 = /** @type {[number, number]} */ ([b.x + b.dir * bend, b.y]);
  const x0 = Math.min(a.x, b.x, c1[0], c2[0]);
  const y0 = Math.min(a.y, b.y);
  return { a, b, c1, c2, box: { x: x0, y: y0, w: Math.max(a.x, b.x, c1[0], c2[0]) - x0, h: Math.max(a.y, b.y) - y0 } };
}

/**
 * Leaves each card on the side facing the other; cards above each other are connected by a
 * curve on the outside.
 * @param {Box} from @param {Box} to @param {number} fromOffset @param {number} toOffset vertical offsets within the cards
 * @param {boolean} self whether both are the same card
 * @returns {Course}
 */
export function course(from, to, fromOffset, toOffset, self = false) {
  const ay = from.y + fromOffset;
  const by = to.y + toOffset;
  if (self) return curve({ x: from.x + from.w, y: ay, dir: 1 }, { x: to.x + to.w, y: by, dir: 1 });
  const room = 36;
  if (to.x - (from.x + from.w) >= room) return curve({ x: from.x + from.w, y: ay, dir: 1 }, { x: to.x, y: by, dir: -1 });
  if (from.x - (to.x + to.w) >= room) return curve({ x: from.x, y: ay, dir: -1 }, { x: to.x + to.w, y: by, dir: 1 });
  const right = Math.abs(from.x + from.w - to.x - to.w);
  const left = Math.abs(from.x - to.x);
  return right <= left
    ? curve({ x: from.x + from.w, y: ay, dir: 1 }, { x: to.x + to.w, y: by, dir: 1 })
    : curve({ x: from.x, y: ay, dir: -1 }, { x: to.x, y: by, dir: -1 });
}

const CORNER = 8;

/**
 * The course along a layout's corners, or null if these no longer connect the cards without
 * crossing a third one: cards can be moved, and grow.
 * @param {Point[]} route @param {Box} from @param {Box} to @param {number} fromOffset @param {number} toOffset @param {Box[]} cards
 * @returns {Course|null}
 */
export function routed(route, from, to, fromOffset, toOffset, cards) {
  const near = (/** @type {Point} */ [x, y], /** @type {number} */ wx, /** @type {number} */ wy) => Math.abs(x - wx) < 3 && Math.abs(y - wy) < 3;
  const first = route[0];
  const last = route[route.length - 1];
  if (route.length < 2 || !near(first, from.x + from.w, from.y + fromOffset) || !near(last, to.x, to.y + toOffset)) return null;
  for (let at = 1; at < route.length; at += 1) {
    const [[x1, y1], [x2, y2]] = [route[at - 1], route[at]];
    const [x0, y0, xe, ye] = [Math.min(x1, x2), Math.min(y1, y2), Math.max(x1, x2), Math.max(y1, y2)];
    if (cards.some((card) => xe > card.x + 1 && x0 < card.x + card.w - 1 && ye > card.y + 1 && y0 < card.y + card.h - 1)) return null;
  }
  const xs = route.map(([x]) => x);
  const ys = route.map(([, y]) => y);
  const box = { x: Math.min(...xs), y: Math.min(...ys), w: Math.max(...xs) - Math.min(...xs), h: Math.max(...ys) - Math.min(...ys) };
  return { a: { x: first[0], y: first[1], dir: 1 }, b: { x: last[0], y: last[1], dir: -1 }, c1: first, c2: last, box, way: bends(route) };
}

/** @param {Point[]} route @returns {Bend[]} */
function bends(route) {
  const way = [];
  for (let at = 1; at < route.length - 1; at += 1) {
    const corner = route[at];
    /** @param {Point} other */
    const beside = (other) => {
      const length = Math.hypot(other[0] - corner[0], other[1] - corner[1]);
      const part = length ? Math.min(CORNER, length / 2) / length : 0;
      return /** @type {Point} */ ([corner[0] + (other[0] - corner[0]) * part, corner[1] + (other[1] - corner[1]) * part]);
    };
    way.push({ to: beside(route[at - 1]), corner, after: beside(route[at + 1]) });
  }
  return way;
}

/**
 * The straight line between two centres, clipped at the boxes.
 * @param {Box} from @param {Box} to
 * @returns {[number, number, number, number]}
 */
export function straight(from, to) {
  const [ax, ay, bx, by] = [from.x + from.w / 2, from.y + from.h / 2, to.x + to.w / 2, to.y + to.h / 2];
  const dx = bx - ax;
  const dy = by - ay;
  /** @param {Box} box */
  const cut = (box) => Math.min(0.5, Math.min(dx ? box.w / 2 / Math.abs(dx) : 1, dy ? box.h / 2 / Math.abs(dy) : 1));
  const s = cut(from);
  const e = cut(to);
  return [ax + dx * s, ay + dy * s, bx - dx * e, by - dy * e];
}

/**
 * @typedef {{lines: [number, number, number, number][], circles: [number, number, number][], triangles: [number, number, number, number, number, number][]}} Marks
 */

/**
 * Crow's feet and bars for the cardinality at each end. A circle means optional.
 * @param {Course} line @param {import('./graph.js').EdgeKind} kind @param {boolean} nullable @returns {Marks}
 */
export function marks(line, kind, nullable) {
  /** @type {Marks} */
  const out = { lines: [], circles: [], triangles: [] };
  /** @param {End} end */
  const many = ({ x, y, dir }) => out.lines.push([x + dir * 11, y, x, y - 5], [x + dir * 11, y, x, y + 5]);
  /** @param {End} end */
  const one = ({ x, y, dir }) => out.lines.push([x + dir * 7, y - 5, x + dir * 7, y + 5]);
  /** @param {End} end */
  const none = ({ x, y, dir }) => out.circles.push([x + dir * 11, y, 3.5]);
  if (kind === 'inherits' || kind === 'proxy') {
    const { x, y, dir } = line.b;
    out.triangles.push([x, y, x + dir * 11, y - 6, x + dir * 11, y + 6]);
  } else if (kind === 'generic') {
    one(line.a);
    many(line.b);
  } else {
    if (kind === 'o2o') one(line.a);
    else many(line.a);
    if (kind === 'm2m') many(line.b);
    else if (nullable) none(line.b);
    else one(line.b);
  }
  return out;
}

/**
 * @template {string} Id
 * @param {Iterable<[Id, Box]>} boxes @param {Box} from @returns {Id|null} the box with the nearest centre
 */
export function nearestTo(boxes, from) {
  const distance = (/** @type {Box} */ box) => Math.hypot(box.x + box.w / 2 - from.x - from.w / 2, box.y + box.h / 2 - from.y - from.h / 2);
  return [...boxes].reduce((/** @type {[Id, Box]|null} */ best, one) => (best && distance(best[1]) <= distance(one[1]) ? best : one), null)?.[0] ?? null;
}

/**
 * The nearest box in a direction. Distance along the direction counts once,
 * sideways distance twice.
 * @template {string} Id
 * @param {Iterable<[Id, Box]>} boxes @param {Box} from @param {'left'|'right'|'up'|'down'} direction
 * @returns {Id|null} null if there is none
 */
export function nearestTowards(boxes, from, direction) {
  const across = direction === 'left' || direction === 'right';
  const sign = direction === 'right' || direction === 'down' ? 1 : -1;
  /** @type {Id|null} */
  let best = null;
  let least = Infinity;
  for (const [id, box] of boxes) {
    const x = box.x + box.w / 2 - (from.x + from.w / 2);
    const y = box.y + box.h / 2 - (from.y + from.h / 2);
    const along = (across ? x : y) * sign;
    const off = Math.abs(across ? y : x);
    if (along < 1 || off > along * 2) continue;
    if (along + off * 2 < least) [best, least] = [id, along + off * 2];
  }
  return best;
}

/** Distance from the centre of a side at which outgoing and incoming lines attach. */
const PORT = 16;

/**
 * @typedef {{x: number, y: number, half: number, tall: number}} Middle  centre of a ring of cards, with half its width and height
 */

/** @param {Box[]} boxes @returns {Middle} */
export function middleOf(boxes) {
  const xs = boxes.flatMap(({ x, w }) => [x, x + w]);
  const ys = boxes.flatMap(({ y, h }) => [y, y + h]);
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  return { x: (left + right) / 2, y: (top + bottom) / 2, half: (right - left) / 2, tall: (bottom - top) / 2 };
}

/**
 * Where all lines of one direction meet a card on the ring: on the border of the inner area,
 * which no line leaves.
 * @param {Box} box @param {Middle} middle @param {1|-1} direction out of the card, or into it
 * @returns {Point}
 */
function gate({ x, y, w, h }, middle, direction) {
  const [dx, dy] = [middle.x - (x + w / 2), middle.y - (y + h / 2)];
  const [beside, above] = [Math.abs(dx) > middle.half - w, Math.abs(dy) > middle.tall - h];
  const inner = /** @type {Point} */ ([dx > 0 ? x + w : x, dy > 0 ? y + h : y]);
  // In the ring's corner, a card has only a corner that faces the inside.
  if (beside && above) return [inner[0] - (direction > 0 ? 6 * Math.sign(dx) : 0), inner[1]];
  if (beside) return [inner[0], y + h / 2 + direction * PORT * Math.sign(dx)];
  return [x + w / 2 - direction * PORT * Math.sign(dy || 1), inner[1]];
}

/**
 * The curve between two apps. On a ring, lines of one direction share an end and bend
 * towards the centre; elsewhere a line bends to the right of its direction, so that both
 * directions are visible.
 * @param {Box} from @param {Box} to @param {Middle|null} [middle] centre of the ring
 */
export function bow(from, to, middle = null) {
  if (middle) {
    const [[x1, y1], [x2, y2]] = [gate(from, middle, 1), gate(to, middle, -1)];
    // Lines between neighbours need not pass near the centre.
    const pull = 0.3 + 0.45 * Math.min(1, Math.hypot(x2 - x1, y2 - y1) / (middle.half * 1.4));
    return { x1, y1, x2, y2, cx: (x1 + x2) / 2 * (1 - pull) + middle.x * pull, cy: (y1 + y2) / 2 * (1 - pull) + middle.y * pull };
  }
  const [x1, y1, x2, y2] = straight(from, to);
  const cx = (x1 + x2) / 2 - (y2 - y1) * 0.09;
  const cy = (y1 + y2) / 2 + (x2 - x1) * 0.09;
  return { x1, y1, x2, y2, cx, cy };
}
