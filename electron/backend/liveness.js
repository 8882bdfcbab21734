import { requestBackend } from './http.js';

/** How a running server is watched: asked every so often, given so long, and so many misses in a row are too many. */
export const LIVENESS = { everyMs: 10000, limitMs: 5000, misses: 3 };

/**
 * Watches a server that is ready. Any answer is a sign of life, an error page too: a server that is
 * unwell and says so is not one that hangs.
 * @param {object} options
 * @param {number} options.port
 * @param {string} options.token
 * @param {import('./patience.js').Patience} options.patience misses across a sleep do not count
 * @param {(what: string) => void} options.onMiss told of every miss, in words
 * @param {(seconds: number) => void} options.onHung called once; `seconds` since its last sign of life
 * @param {typeof LIVENESS} [options.timing]
 * @param {typeof requestBackend} [options.request]
 * @returns {() => void} ends the watch
 */
export function watchLiveness({ port, token, patience, onMiss, onHung, timing = LIVENESS, request = requestBackend }) {
  const { everyMs, limitMs, misses } = timing;
  let ended = false;
  let missed = 0;
  let sleeps = patience.sleeps;
  let lastSign = Date.now();
  let cancel = () => {};

  const next = () => {
    if (!ended) cancel = patience.after(everyMs, ask);
  };
  const ask = async () => {
    const obstacle = await request({ port, token, path: '/health/', timeoutMs: limitMs }).then(
      () => '',
      (/** @type {Error} */ error) => error.message,
    );
    if (ended) return;
    if (!obstacle || sleeps !== patience.sleeps) {
      sleeps = patience.sleeps;
      missed = 0;
      lastSign = Date.now();
    } else {
      missed += 1;
      onMiss(`${obstacle} (${missed} of ${misses})`);
    }
    if (missed < misses) return next();
    ended = true;
    onHung(Math.round((Date.now() - lastSign) / 1000));
  };
  next();
  return () => {
    ended = true;
    cancel();
  };
}
