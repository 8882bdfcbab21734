// A force simulation over rectangles. Pure and seeded.
import { forceLink, forceManyBody, forceSimulation, forceX, forceY } from '../vendor/d3-force.js';
import { seeded } from './random.js';

/**
 * @typedef {{id: string, w: number, h: number, x: number, y: number, vx: number, vy: number}} Body  x, y: centre
 * @typedef {{source: Body, target: Body, weight: number}} Spring
 * @typedef {{seed: number, ticks: number, gap: number, flow: boolean, pull: number, charge: number}} ForceOptions
 *   `flow`: sources left of their targets, because edges leave cards sideways; `pull`: strength towards the centre;
 *   `charge`: how strongly unrelated bodies repel each other
 */

/**
 * Pushes rectangles apart along the shorter axis, by part of the overlap in each tick.
 * @param {number} gap
 */
function collideRects(gap) {
  /** @type {Body[]} */
  let bodies = [];
  const force = () => {
    const sorted = [...bodies].sort((a, b) => a.x - a.w / 2 - (b.x - b.w / 2));
    for (let i = 0; i < sorted.length; i += 1) {
      const a = sorted[i];
      for (let j = i + 1; j < sorted.length; j += 1) {
        const b = sorted[j];
        if (b.x - b.w / 2 > a.x + a.w / 2 + gap) break;
        const dx = b.x + b.vx - a.x - a.vx;
        const dy = b.y + b.vy - a.y - a.vy;
        const px = (a.w + b.w) / 2 + gap - Math.abs(dx);
        const py = (a.h + b.h) / 2 + gap - Math.abs(dy);
        if (px <= 0 || py <= 0) continue;
        const share = (b.w * b.h) / (a.w * a.h + b.w * b.h);
        if (px < py) {
          const push = px * 0.5 * (dx < 0 ? -1 : 1);
          a.vx -= push * share;
          b.vx += push * (1 - share);
        } else {
          const push = py * 0.5 * (dy < 0 ? -1 : 1);
          a.vy -= push * share;
          b.vy += push * (1 - share);
        }
      }
    }
  };
  force.initialize = (/** @type {Body[]} */ nodes) => { bodies = nodes; };
  return force;
}

/** @param {Spring[]} springs @param {number} room */
function flowRight(springs, room) {
  return (/** @type {number} */ alpha) => {
    for (const { source, target } of springs) {
      if (source === target) continue;
      const missing = (source.w + target.w) / 2 + room - (target.x + target.vx - source.x - source.vx);
      if (missing <= 0) continue;
      const push = Math.min(missing, 400) * 0.12 * alpha;
      source.vx -= push;
      target.vx += push;
    }
  };
}

/**
 * Moves bodies in place. Yields between batches of ticks, so that a caller without a worker can
 * keep the page responsive.
 * @param {Body[]} bodies @param {Spring[]} springs @param {ForceOptions} options
 * @returns {Generator<void, void, void>}
 */
export function* simulate(bodies, springs, options) {
  if (bodies.length < 2) return;
  const reach = bodies.reduce((sum, body) => sum + Math.hypot(body.w, body.h), 0) / bodies.length;
  const simulation = forceSimulation(bodies)
    .stop()
    .randomSource(seeded(options.seed))
    .alphaDecay(1 - Math.pow(0.001, 1 / options.ticks))
    .velocityDecay(0.35)
    .force('charge', forceManyBody().strength(-reach * options.charge).distanceMax(reach * 3))
    .force('x', forceX(0).strength(options.pull))
    .force('y', forceY(0).strength(options.pull))
    .force('link', forceLink(springs)
      .distance((/** @type {any} */ link) => (link.source.w + link.target.w) / 2 + 50)
      .strength((/** @type {any} */ link) => Math.min(0.9, 0.25 * link.weight)))
    .force('collide', collideRects(options.gap));
  if (options.flow) simulation.force('flow', flowRight(springs, 40));
  for (let done = 0; done < options.ticks; done += 10) {
    simulation.tick(Math.min(10, options.ticks - done));
    yield;
  }
}
