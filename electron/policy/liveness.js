/**
 * Limits, in milliseconds, for telling a live server from a busy and a stuck one.
 * `everyMs`: time between two checks. `toldMs`: the user is told about a silence or a request this long.
 * A server is ended after `stoppedMs` if it was stopped from outside, `idleMs` if it is silent and uses no
 * processor time, `computingMs` if one call computes and blocks everything else, and `stuckMs` if its
 * requests take all threads, none ends and none uses processor time.
 */
export const LIVENESS = {
  everyMs: 2000,
  toldMs: 10000,
  stoppedMs: 15000,
  idleMs: 3 * 60000,
  computingMs: 15 * 60000,
  stuckMs: 15 * 60000,
};

/**
 * @typedef {object} Facts
 * @property {number} silentMs since the last `alive` event
 * @property {boolean} stopped whether the system reports the process as stopped
 * @property {number} idleMs since the process was seen to use the processor
 * @property {number} unchangedMs since a request ended, or a thread was free
 * @property {{running: number, of: number, oldest: number}} requests from the last `alive` event; `oldest` in seconds
 *
 * @typedef {'fine' | 'busy' | 'silent' | 'computing'} Condition
 * @typedef {'' | 'stopped' | 'silent' | 'computing' | 'stuck'} End why it has to be ended, if so
 *
 * Judge the condition of a server.
 * @param {Facts} facts
 * @param {typeof LIVENESS} limits
 * @returns {{condition: Condition, end: End}}
 */
export function judge({ silentMs, stopped, idleMs, unchangedMs, requests }, limits) {
  const computing = idleMs < 3 * limits.everyMs;
  if (silentMs >= limits.toldMs) {
    const condition = computing && !stopped ? 'computing' : 'silent';
    if (stopped && silentMs >= limits.stoppedMs) return { condition, end: 'stopped' };
    if (Math.min(silentMs, idleMs) >= limits.idleMs) return { condition, end: 'silent' };
    return { condition, end: silentMs >= limits.computingMs ? 'computing' : '' };
  }
  const taken = requests.of > 0 && requests.running >= requests.of;
  if (!taken || requests.oldest * 1000 < limits.toldMs) return { condition: 'fine', end: '' };
  const stuck = Math.min(unchangedMs, idleMs) >= limits.stuckMs;
  return { condition: 'busy', end: stuck ? 'stuck' : '' };
}
