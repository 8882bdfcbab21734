// Runs a layout in the worker or, if there is none, in slices on this thread.
import { layoutSteps } from './layout.js';

/** @typedef {import('./layout.js').LayoutInput} LayoutInput @typedef {import('./layout.js').Positions} Positions */

const SLICE_MS = 8;
/** With fewer cards, starting a worker takes longer than the layout itself. */
const SMALL = 40;

/**
 * @param {LayoutInput} input @param {() => boolean} stale @returns {Promise<Positions|null>} null if superseded
 */
export async function layoutInSlices(input, stale) {
  const steps = layoutSteps(input);
  for (;;) {
    const until = performance.now() + SLICE_MS;
    while (performance.now() < until) {
      const { done, value } = steps.next();
      if (done) return value;
    }
    await new Promise((resolve) => setTimeout(resolve));
    if (stale()) return null;
  }
}

/**
 * @param {string|undefined} workerUrl  hashed URL of layout-worker.js; without it, the layout runs in this thread
 * @returns {{run(input: LayoutInput): Promise<Positions|null>, destroy(): void}} a later `run` supersedes an earlier one
 */
export function createRunner(workerUrl) {
  /** @type {Worker|null} */
  let worker = null;
  let usable = Boolean(workerUrl) && typeof Worker === 'function';
  let latest = 0;

  /** @param {LayoutInput} input @param {number} id @returns {Promise<Positions|null>} */
  function inWorker(input, id) {
    return new Promise((resolve, reject) => {
      // A worker that cannot load (old engine, policy) must not leave the page empty.
      if (!worker) worker = new Worker(/** @type {string} */ (workerUrl), { type: 'module' });
      const current = worker;
      const forget = () => {
        current.removeEventListener('message', answered);
        current.removeEventListener('error', failed);
      };
      const answered = (/** @type {MessageEvent} */ event) => {
        if (event.data.id !== id) return;
        forget();
        if (event.data.error) reject(new Error(event.data.error));
        else resolve(id === latest ? event.data.positions : null);
      };
      const failed = (/** @type {Event} */ event) => {
        event.preventDefault();
        forget();
        reject(new Error('the layout worker did not start'));
      };
      current.addEventListener('message', answered);
      current.addEventListener('error', failed);
      current.postMessage({ id, input });
    });
  }

  return {
    async run(input) {
      latest += 1;
      const id = latest;
      if (usable && input.nodes.length > SMALL) {
        try {
          return await inWorker(input, id);
        } catch {
          usable = false;
          if (worker) worker.terminate();
          worker = null;
        }
      }
      return layoutInSlices(input, () => id !== latest);
    },
    destroy() {
      latest += 1;
      if (worker) worker.terminate();
      worker = null;
    },
  };
}
