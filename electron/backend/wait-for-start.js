import { say } from '../locale/messages.js';
import { describeExit } from './child.js';
import { watchIdle } from './idle.js';
import { SleepAwareTimers } from './sleep-aware-timers.js';
import { Problem } from './problem.js';

/**
 * How long a child may stay silent before it counts as stuck, in milliseconds. Migrating or
 * repairing a large database may take minutes in one step while it keeps working: after `idle`
 * without any processor time it counts as hung.
 * @type {Record<string, number>}
 */
export const SILENCE_LIMITS = { default: 60000, database: 600000, migrate: 900000, idle: 180000 };

/** Names of the children, for sentences. @type {Record<string, import('../locale/messages.js').Message>} */
const NAMES = { server: say('server'), worker: say('worker') };

/**
 * Waits for the event with which a child reports that it is up.
 * @template {'listening' | 'ready'} Name
 * @param {import('./child.js').ManagedChild} child
 * @param {Name} name
 * @param {{onStage?: (event: import('./contract.js').StageEvent) => void, silence?: Record<string, number>, timers?: SleepAwareTimers, look?: typeof import('./process-look.js').lookAt}} [options]
 * @returns {Promise<Extract<import('./contract.js').ContractEvent, {event: Name}>>}
 * @throws {Problem} as soon as it fails, dies or falls silent
 */
export function waitForStart(child, name, { onStage = () => {}, silence = SILENCE_LIMITS, timers = new SleepAwareTimers(), look } = {}) {
  const who = child.options.name;
  return new Promise((resolve, reject) => {
    let stage = 'start';
    let settled = false;
    let cancel = () => {};
    const settle = (/** @type {() => void} */ outcome) => {
      if (settled) return;
      settled = true;
      cancel();
      child.off('event', onEvent);
      outcome();
    };
    const stuck = (/** @type {import('../locale/messages.js').Message} */ reason) => settle(() => reject(new Problem({
      stage,
      code: 'stuck',
      reason,
      hint: say('Try again. If it gets stuck again, the {who_text} log shows how far it got.', { who_text: NAMES[who] || who }),
    })));
    const listen = () => {
      cancel();
      const limit = silence[stage] || silence.default;
      const { idle } = silence;
      const parameters = (/** @type {number} */ ms) => ({ who_text: NAMES[who] || who, seconds: Math.round(ms / 1000) });
      const hush = timers.after(limit, () => stuck(say('The {who_text} has not reported anything for {seconds} s.', parameters(limit))));
      const rest = idle < limit && child.pid
        ? watchIdle(child.pid, { limitMs: idle, timers, look, onIdle: () => stuck(say('The {who_text} has shown no activity for {seconds} s.', parameters(idle))) })
        : () => {};
      cancel = () => {
        hush();
        rest();
      };
    };
    const onEvent = (/** @type {import('./contract.js').ContractEvent} */ event) => {
      if (event.event === 'stage') {
        stage = event.name;
        listen();
        onStage(event);
      } else if (event.event === 'failed') {
        const { event: _event, ...failure } = event;
        settle(() => reject(new Problem(failure)));
      } else if (event.event === name) {
        settle(() => resolve(/** @type {any} */ (event)));
      } else {
        // Not the awaited event but a sign of life: the child may itself wait for a lock, and says
        // so.
        listen();
      }
    };
    child.on('event', onEvent);
    child.exited.then((exit) => settle(() => reject(exitProblem(who, stage, exit))));
    listen();
  });
}

/**
 * @param {string} who
 * @param {string} stage
 * @param {import('./child.js').Exit} exit
 */
export function exitProblem(who, stage, exit) {
  return new Problem({
    stage,
    code: 'exited',
    reason: say('The {who_text} {ended_text} before it was ready.', { who_text: NAMES[who] || who, ended_text: describeExit(exit) }),
    hint: say('Try again. The last log lines usually name the cause.'),
    detail: exit.error ? exit.error.message : undefined,
  });
}
