// Positions the cards. Each app is laid out on its own, then the apps as rectangles, so that an app
// stays one region however many edges leave it. Pure, seeded, without overlaps.
import { simulate } from './forces.js';
import { columns, shelves } from './pack.js';
import { seeded } from './random.js';
import { overlaps, separate } from './separate.js';

/**
 * @typedef {{id: string, w: number, h: number, group: string, x?: number, y?: number, pinned?: boolean}} LayoutNode
 *   x, y: previous position, top left corner; pinned: placed by the user
 * @typedef {{source: string, target: string, weight?: number}} LayoutLink
 * @typedef {{nodes: LayoutNode[], links: LayoutLink[], seed: number, gap?: number}} LayoutInput  gap: between cards that are not grouped by app
 * @typedef {Record<string, [number, number]>} Positions  top left corners
 * @typedef {import('./separate.js').Rect} Rect
 */

export const GAP = 32;
/** Edges leave cards sideways and need more room there. */
const SIDE = 44;
export const REGION_PAD = 24;
export const REGION_HEAD = 40;
/** Doubled for large pictures, where the names on borders need more room. */
const REGION_GAP = 64;

/** @param {number} value @param {number} instead */
const sane = (value, instead) => (Number.isFinite(value) && value > 0 ? Math.min(value, 5000) : instead);

/** @param {LayoutInput} input @returns {Positions} */
export function layout(input) {
  const steps = layoutSteps(input);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/**
 * Like `layout`, in slices of a few milliseconds.
 * @param {LayoutInput} input
 * @returns {Generator<void, Positions, void>}
 */
export function* layoutSteps(input) {
  const rects = new Map(input.nodes.map((node) => [node.id, /** @type {Rect} */ ({ id: node.id, x: 0, y: 0, w: sane(node.w, 200) + SIDE, h: sane(node.h, 60) })]));
  const links = input.links.filter((link) => link.source !== link.target && rects.has(link.source) && rects.has(link.target));
  const known = input.nodes.filter((node) => Number.isFinite(node.x) && Number.isFinite(node.y));
  // A few new models are placed next to the old ones; a mostly different set is
  // laid out from scratch.
  if (known.length && known.length >= input.nodes.length / 2) keepKnown(input, rects, links);
  else yield* fresh(input, rects, links);
  /** @type {Positions} */
  const positions = {};
  for (const rect of rects.values()) {
    positions[rect.id] = [Math.round(rect.x + SIDE / 2) || 0, Math.round(rect.y) || 0];
  }
  return positions;
}

/** @param {LayoutInput} input @param {Map<string, Rect>} rects @param {LayoutLink[]} links */
function* fresh(input, rects, links) {
  /** @type {Map<string, Rect[]>} */
  const groups = new Map();
  const groupOf = new Map();
  for (const node of input.nodes) {
    groupOf.set(node.id, node.group);
    const rect = /** @type {Rect} */ (rects.get(node.id));
    const members = groups.get(node.group);
    if (members) members.push(rect);
    else groups.set(node.group, [rect]);
  }
  const inner = links.filter((link) => groupOf.get(link.source) === groupOf.get(link.target));
  const regions = [];
  for (const [id, members] of groups) {
    const own = new Set(members.map((rect) => rect.id));
    yield* arrange(members, inner.filter((link) => own.has(link.source)), input.seed, input.gap || GAP);
    regions.push(region(id, members));
  }
  if (regions.length < 2) return;

  /** @type {Map<string, LayoutLink>} */
  const between = new Map();
  for (const link of links) {
    const [source, target] = [groupOf.get(link.source), groupOf.get(link.target)];
    if (source === target) continue;
    const key = JSON.stringify([source, target].sort());
    const sum = between.get(key) || { source, target, weight: 0 };
    sum.weight = (sum.weight || 0) + (link.weight || 1);
    between.set(key, sum);
  }
  const before = new Map(regions.map((rect) => [rect.id, { x: rect.x, y: rect.y }]));
  yield* spread(regions, [...between.values()], { seed: input.seed, gap: rects.size > 80 ? REGION_GAP * 2 : REGION_GAP, flow: false, pull: 0.09, charge: 0 });
  for (const rect of regions) {
    const old = /** @type {{x: number, y: number}} */ (before.get(rect.id));
    for (const member of /** @type {Rect[]} */ (groups.get(rect.id))) {
      member.x += rect.x - old.x;
      member.y += rect.y - old.y;
    }
  }
  flip(regions, groups, links.filter((link) => groupOf.get(link.source) !== groupOf.get(link.target)), rects);
}

/**
 * The rectangle around a group's cards, including its name.
 * @param {string} id @param {Rect[]} members
 * @returns {Rect}
 */
export function region(id, members) {
  let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const rect of members) {
    x0 = Math.min(x0, rect.x);
    y0 = Math.min(y0, rect.y);
    x1 = Math.max(x1, rect.x + rect.w);
    y1 = Math.max(y1, rect.y + rect.h);
  }
  return { id, x: x0 - REGION_PAD, y: y0 - REGION_PAD - REGION_HEAD, w: x1 - x0 + 2 * REGION_PAD, h: y1 - y0 + 2 * REGION_PAD + REGION_HEAD };
}

/**
 * One group: connected cards by force layout, the components side by side, unconnected cards in
 * columns.
 * @param {Rect[]} members @param {LayoutLink[]} links @param {number} seed @param {number} gap
 */
function* arrange(members, links, seed, gap) {
  const pieces = components(members, links);
  const singles = pieces.filter((piece) => piece.length === 1).map((piece) => piece[0]);
  /** @type {{rect: Rect, members: Rect[]}[]} */
  const blocks = [];
  for (const piece of pieces) {
    if (piece.length === 1) continue;
    const ids = new Set(piece.map((rect) => rect.id));
    yield* spread(piece, links.filter((link) => ids.has(link.source)), { seed, gap, flow: true, pull: 0.06, charge: gap > 60 ? 0.3 : 0.5 });
    blocks.push(block(piece));
  }
  if (singles.length) {
    columns(singles, Math.min(gap, 48));
    blocks.push(block(singles));
  }
  const before = blocks.map(({ rect }) => ({ x: rect.x, y: rect.y }));
  shelves(blocks.map(({ rect }) => rect), gap + 12);
  blocks.forEach(({ rect, members: inside }, at) => {
    for (const member of inside) {
      member.x += rect.x - before[at].x;
      member.y += rect.y - before[at].y;
    }
  });
}

/** @param {Rect[]} members */
function block(members) {
  const around = region(members[0].id, members);
  return { members, rect: { id: around.id, x: around.x + REGION_PAD, y: around.y + REGION_PAD + REGION_HEAD, w: around.w - 2 * REGION_PAD, h: around.h - 2 * REGION_PAD - REGION_HEAD } };
}

/**
 * Connected components, in the order of their first member.
 * @param {Rect[]} members @param {LayoutLink[]} links
 * @returns {Rect[][]}
 */
function components(members, links) {
  const parent = new Map(members.map((rect) => [rect.id, rect.id]));
  /** @param {string} id */
  const root = (id) => {
    let at = id;
    while (parent.get(at) !== at) at = /** @type {string} */ (parent.get(at));
    parent.set(id, at);
    return at;
  };
  for (const link of links) parent.set(root(link.source), root(link.target));
  /** @type {Map<string, Rect[]>} */
  const pieces = new Map();
  for (const rect of members) {
    const key = root(rect.id);
    const piece = pieces.get(key);
    if (piece) piece.push(rect);
    else pieces.set(key, [rect]);
  }
  return [...pieces.values()];
}

/**
 * @typedef {{seed: number, gap: number, flow: boolean, pull: number, charge: number}} SpreadOptions
 */

/** The usual aspect ratio of a screen next to the panel. */
const ASPECT = 1.5;
/** For up to this many rectangles, several squeezes are tried: they are cheap and improve the picture. */
const CHOOSY = 60;

/**
 * Force layout of rectangles, then the rectangle pass; the result that fits at the
 * largest zoom is used.
 * @param {Rect[]} rects @param {LayoutLink[]} links @param {SpreadOptions} options
 */
function* spread(rects, links, options) {
  let best = { cost: Infinity, places: /** @type {{x: number, y: number}[]} */ ([]) };
  for (const squeeze of rects.length > CHOOSY ? [1.5] : [1, 1.25, 1.5, 2.1]) {
    yield* attempt(rects, links, options, squeeze);
    const { w, h } = region('', rects);
    const cost = Math.max(w / ASPECT, h);
    if (cost < best.cost) best = { cost, places: rects.map(({ x, y }) => ({ x, y })) };
  }
  rects.forEach((rect, at) => Object.assign(rect, best.places[at]));
}

/**
 * @param {Rect[]} rects @param {LayoutLink[]} links @param {SpreadOptions} options
 * @param {number} squeeze factor by which the simulated picture is narrower: cards are wide and would otherwise pile up in columns
 */
function* attempt(rects, links, options, squeeze) {
  const random = seeded(options.seed + rects.length);
  const step = Math.sqrt(rects.reduce((sum, rect) => sum + (rect.w / squeeze + options.gap) * (rect.h + options.gap), 0) / Math.max(1, rects.length)) * 0.6;
  const bodies = rects.map((rect, at) => ({
    id: rect.id,
    w: rect.w / squeeze,
    h: rect.h,
    x: step * Math.sqrt(at + 0.5) * Math.cos(at * 2.4) + random(),
    y: step * Math.sqrt(at + 0.5) * Math.sin(at * 2.4) + random(),
    vx: 0,
    vy: 0,
  }));
  const byId = new Map(bodies.map((body) => [body.id, body]));
  const springs = links.map((link) => ({
    source: /** @type {typeof bodies[number]} */ (byId.get(link.source)),
    target: /** @type {typeof bodies[number]} */ (byId.get(link.target)),
    weight: Math.max(1, Math.log2(1 + (link.weight || 1))),
  }));
  const ticks = rects.length > 400 ? 120 : rects.length > 150 ? 200 : 300;
  yield* simulate(bodies, springs, { ...options, ticks });
  rects.forEach((rect, at) => {
    rect.x = bodies[at].x * squeeze - rect.w / 2;
    rect.y = bodies[at].y - rect.h / 2;
  });
  separate(rects, options.gap);
}

/**
 * Mirrors the inside of regions where that brings cards closer to their relations in other regions.
 * @param {Rect[]} regions @param {Map<string, Rect[]>} groups @param {LayoutLink[]} links @param {Map<string, Rect>} rects
 */
function flip(regions, groups, links, rects) {
  for (const frame of regions) {
    const members = /** @type {Rect[]} */ (groups.get(frame.id));
    if (members.length < 2) continue;
    const own = new Set(members.map((rect) => rect.id));
    const leaving = links.filter((link) => own.has(link.source) || own.has(link.target));
    if (!leaving.length) continue;
    const middle = 2 * frame.y + frame.h + REGION_HEAD;
    const cost = () => leaving.reduce((sum, link) => {
      const a = /** @type {Rect} */ (rects.get(link.source));
      const b = /** @type {Rect} */ (rects.get(link.target));
      return sum + Math.hypot(a.x + a.w / 2 - b.x - b.w / 2, a.y + a.h / 2 - b.y - b.h / 2);
    }, 0);
    const upright = cost();
    for (const rect of members) rect.y = middle - rect.y - rect.h;
    // Vertically only: mirrored horizontally, every edge inside would run from right to left.
    if (cost() >= upright) for (const rect of members) rect.y = middle - rect.y - rect.h;
  }
}

/**
 * Known cards keep their positions; new ones go to the free position nearest to their
 * relations or their app.
 * @param {LayoutInput} input @param {Map<string, Rect>} rects @param {LayoutLink[]} links
 */
function keepKnown(input, rects, links) {
  /** @type {Rect[]} */
  const placed = [];
  const groupOf = new Map(input.nodes.map((node) => [node.id, node.group]));
  const added = [];
  for (const node of input.nodes) {
    const rect = /** @type {Rect} */ (rects.get(node.id));
    if (Number.isFinite(node.x) && Number.isFinite(node.y)) {
      rect.x = /** @type {number} */ (node.x) - SIDE / 2;
      rect.y = /** @type {number} */ (node.y);
      placed.push(rect);
    } else added.push(rect);
  }
  /** Regions of other apps, where a new card must not be placed. @param {string} group */
  const foreign = (group) => [...new Set(groupOf.values())].filter((other) => other !== group).map((other) => {
    const inside = placed.filter((rect) => groupOf.get(rect.id) === other);
    return inside.length ? region(other, inside) : null;
  }).filter((rect) => rect !== null);
  for (const rect of added) {
    const near = links.filter((link) => link.source === rect.id || link.target === rect.id)
      .map((link) => /** @type {Rect} */ (rects.get(link.source === rect.id ? link.target : link.source)))
      .filter((other) => placed.includes(other) && groupOf.get(other.id) === groupOf.get(rect.id));
    const family = near.length ? near : placed.filter((other) => groupOf.get(other.id) === groupOf.get(rect.id));
    const around = family.length ? family : placed;
    const x = around.reduce((sum, other) => sum + other.x, 0) / around.length;
    const y = around.reduce((sum, other) => sum + other.y, 0) / around.length;
    const blocked = [...placed, ...foreign(groupOf.get(rect.id) || '')];
    rect.x = x;
    rect.y = y;
    for (let step = 0; blocked.some((other) => overlaps(rect, other, GAP)); step += 1) {
      rect.x = x + 16 * Math.sqrt(step + 1) * Math.cos(step * 2.4);
      rect.y = y + 16 * Math.sqrt(step + 1) * Math.sin(step * 2.4);
    }
    placed.push(rect);
  }
  // Cards that have grown (new fields) may overlap; overlaps made by the user stay.
  const pinned = new Set(input.nodes.filter((node) => node.pinned).map((node) => node.id));
  const free = placed.filter((rect) => !pinned.has(rect.id));
  const real = free.map((rect) => ({ ...rect, x: rect.x + SIDE / 2, w: rect.w - SIDE }));
  separate(real, 0);
  real.forEach((rect, at) => {
    free[at].x = rect.x - SIDE / 2;
    free[at].y = rect.y;
  });
}
