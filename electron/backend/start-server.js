import { waitForStart, exitProblem } from './wait-for-start.js';
import { waitUntilHealthy } from './readiness.js';

/**
 * Waits until a newly started server answers.
 * @param {import('./child.js').ManagedChild} child
 * @param {object} how
 * @param {string} how.token
 * @param {string} how.launchId
 * @param {import('./sleep-aware-timers.js').SleepAwareTimers} how.timers
 * @param {(event: import('./contract.js').StageEvent) => void} how.onStage
 * @param {Record<string, number>} [how.silence]
 * @param {number} [how.healthMs]
 * @returns {Promise<import('./contract.js').ListeningEvent>}
 * @throws {import('./problem.js').Problem} if it fails, dies, falls silent or never answers
 */
export async function startServer(child, { token, launchId, timers, onStage, silence, healthMs }) {
  const listening = await waitForStart(child, 'listening', { onStage, silence, timers });
  onStage({ event: 'stage', name: 'health' });
  const health = await waitUntilHealthy({ port: listening.port, token, launchId, exited: child.exited, limitMs: healthMs, timers });
  if (!health) throw exitProblem('server', 'health', await child.exited);
  return listening;
}
