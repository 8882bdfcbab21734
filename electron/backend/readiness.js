import { say } from '../locale/messages.js';
import { requestBackend } from './http.js';
import { SleepAwareTimers } from './sleep-aware-timers.js';
import { Problem } from './problem.js';
import { delay } from './wait.js';

/**
 * @typedef {{status: string, pid: number, launch_id: string, version: string}} Health
 *
 * @typedef {object} ReadinessOptions
 * @property {number} port
 * @property {string} token
 * @property {string} launchId
 * @property {Promise<unknown>} exited settles when the child has exited
 * @property {number} [limitMs]
 * @property {number} [intervalMs]
 * @property {SleepAwareTimers} [timers] the limit does not run while the computer sleeps
 * @property {typeof requestBackend} [request]
 */

/**
 * Polls `/health/` until our own server answers 200.
 * @param {ReadinessOptions} options
 * @returns {Promise<Health | null>} null if the child died meanwhile; its exit is reported elsewhere
 * @throws {Problem} if another program answers on the port, or on timeout
 */
export async function waitUntilHealthy(options) {
  const { port, token, launchId, exited, limitMs = 30000, intervalMs = 40, timers = new SleepAwareTimers() } = options;
  const request = options.request || requestBackend;
  const timeoutMs = Math.max(50, Math.min(2000, limitMs));
  let gone = false;
  let over = false;
  const cancel = timers.after(limitMs, () => { over = true; });
  const death = exited.then(() => {
    gone = true;
    cancel();
    return null;
  });
  let last = 'it never answered';
  while (!gone && !over) {
    const attempt = request({ port, token, path: '/health/', timeoutMs }).catch(
      (/** @type {Error} */ error) => {
        last = error.message;
        return null;
      },
    );
    const answer = await Promise.race([attempt, death]);
    if (gone) break;
    if (answer) {
      if (answer.status === 200) {
        cancel();
        return checked(answer.body, launchId, port);
      }
      last = `it answered ${answer.status}`;
    }
    await Promise.race([delay(intervalMs), death]);
  }
  if (gone) return null;
  throw new Problem({
    stage: 'health',
    code: 'not_ready',
    reason: say('The server listens on port {port} but did not become ready within {seconds} s: {last}.', { port, seconds: Math.round(limitMs / 1000), last }),
    hint: say('Try again. If it keeps happening, the server log shows what it was doing.'),
  });
}

/**
 * @param {string} body
 * @param {string} launchId
 * @param {number} port
 * @returns {Health}
 */
function checked(body, launchId, port) {
  let health = null;
  try {
    health = JSON.parse(body);
  } catch {
    // Not our health page; handled below.
  }
  if (!health || health.launch_id !== launchId) {
    throw new Problem({
      stage: 'health',
      code: 'port_in_use',
      reason: say('Another program answers on port {port}.', { port }),
      hint: say('Try again: another port is chosen.'),
    });
  }
  return health;
}
