// Small views in layers, with edges routed around cards, by ELK in a worker that loads with
// the first such view.
import { fromElk, toElk } from './elk-graph.js';
import { bounds, fit } from './viewport.js';

/** @typedef {import('./elk-graph.js').Routed} Routed @typedef {import('./scene.js').Scene} Scene */

/** With more cards, the layers become too long to read, and the layout too slow. */
export const MOST_LAYERED = 60;
/** Milliseconds after which the other layout is used. */
const TIME_LIMIT = 4000;
/**
 * Milliseconds after which no more proportions are tried: the first view also waits for
 * the worker to start.
 */
const TIMEOUT = 350;
/** Zoom at which everything is readable and no better layout is needed. */
const ENOUGH = 0.85;
/** Each suits different graphs; the result that fits at the largest zoom is used. */
const WAYS = [
  {},
  { 'elk.layered.wrapping.strategy': 'MULTI_EDGE' },
  { 'elk.layered.layering.strategy': 'MIN_WIDTH' },
  { 'elk.layered.layering.strategy': 'LONGEST_PATH' },
];

/** @param {Scene} scene */
export const isSmall = (scene) => scene.level.kind !== 'apps' && !scene.regions && scene.nodes.length > 1 && scene.nodes.length <= MOST_LAYERED && scene.edges.length > 0;

/**
 * @param {string|undefined} workerUrl hashed URL of ELK's worker; without it, no view is laid out in layers
 * @param {number} [limit] milliseconds per view
 */
export function createLayered(workerUrl, limit = TIME_LIMIT) {
  /** @type {Worker|null} */
  let worker = null;
  let usable = Boolean(workerUrl) && typeof Worker === 'function';
  let serial = 0;
  /** @type {Map<number, {resolve(answer: any): void, reject(error: Error): void}>} */
  const waiting = new Map();

  /** @param {Error} error */
  function stop(error) {
    usable = false;
    if (worker) worker.terminate();
    worker = null;
    waiting.forEach(({ reject }) => reject(error));
    waiting.clear();
  }

  /** @param {Record<string, unknown>} message @returns {Promise<any>} */
  function ask(message) {
    if (!worker) {
      worker = new Worker(/** @type {string} */ (workerUrl));
      worker.onerror = (event) => {
        event.preventDefault();
        stop(new Error('the worker of the layered layout did not start'));
      };
      worker.onmessage = ({ data }) => {
        const asked = waiting.get(data.id);
        waiting.delete(data.id);
        if (!asked) return;
        if (data.error) asked.reject(new Error(String(data.error.message || data.error)));
        else asked.resolve(data.data);
      };
      worker.postMessage({ id: 0, cmd: 'register', algorithms: ['layered'] });
    }
    serial += 1;
    const id = serial;
    /** @type {Promise<any>} */
    const answer = new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
    worker.postMessage({ id, cmd: 'layout', layoutOptions: {}, options: {}, ...message });
    return answer;
  }

  return {
    /** @param {Scene} scene */
    takes: (scene) => usable && isSmall(scene),
    /**
     * @param {import('./graph.js').Graph} graph @param {Scene} scene @param {import('./measure.js').Detail} detail
     * @param {{w: number, h: number}} room area for the picture
     * @returns {Promise<{routed: Routed, k: number}|null>} k: zoom at which it fits; null if impossible here, or not in time
     */
    async run(graph, scene, detail, room) {
      if (!usable || !isSmall(scene)) return null;
      const until = performance.now() + TIMEOUT;
      const clock = setTimeout(() => stop(new Error('the layered layout took too long')), limit);
      /** @type {{routed: Routed, k: number}|null} */
      let best = null;
      for (const way of WAYS) {
        const input = toElk(graph, scene, detail, room.w / Math.max(1, room.h));
        Object.assign(input.layoutOptions, way);
        // ELK fails on some graphs with some options. Without any result, the other layout is used.
        const routed = await ask({ graph: input }).then(fromElk).catch(() => null);
        if (!usable) break;
        const k = routed ? fit(bounds(extent(scene, routed)), room, 40, 4).k : 0;
        if (routed && (!best || k > best.k)) best = { routed, k };
        if ((best && best.k >= ENOUGH) || performance.now() > until) break;
      }
      clearTimeout(clock);
      return best;
    },
    destroy: () => stop(new Error('closed')),
  };
}

/** @param {Scene} scene @param {Routed} routed */
function extent(scene, { positions, routes }) {
  const cards = scene.nodes.map(({ id, w, h }) => ({ x: positions[id][0], y: positions[id][1], w, h }));
  const corners = Object.values(routes).reduce((all, route) => all.concat(route), /** @type {[number, number][]} */ ([]));
  return [...cards, ...corners.map(([x, y]) => ({ x, y, w: 0, h: 0 }))];
}
