import { EventEmitter } from 'node:events';

import { announced } from './announced.js';
import { describeExit } from './child.js';
import { asFailure } from './problem.js';

/**
 * @typedef {'stopped' | 'starting' | 'ready' | 'restarting' | 'failed'} WorkerState
 * @typedef {{state: WorkerState, failure: import('./problem.js').Failure | null}} WorkerStatus
 */

/**
 * Keeps one worker running. The window stays usable without it, so its trouble is a state of its
 * own and never the app's. Emits `worker` with a WorkerStatus.
 */
export class WorkerKeeper extends EventEmitter {
  /**
   * @param {object} options
   * @param {() => import('./child.js').ManagedChild} options.make a new child, not started
   * @param {typeof import('../policy/restart.js').decideRestart} options.decide
   * @param {Record<string, number>} [options.silence]
   * @param {(line: string) => void} options.log
   */
  constructor({ make, decide, silence, log }) {
    super();
    this.make = make;
    this.decide = decide;
    this.silence = silence;
    this.log = log;
    /** @type {WorkerStatus} */
    this.status = { state: 'stopped', failure: null };
    /** @type {import('./child.js').ManagedChild | null} */
    this.child = null;
    /** @type {NodeJS.Timeout | null} */
    this.timer = null;
    /** @type {number[]} */
    this.exits = [];
  }

  /** Start it, unless it is running or about to. */
  start() {
    if (this.child || this.timer) return;
    this.exits = [];
    this.#launch('starting');
  }

  /** @returns {Promise<void>} */
  async stop() {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    const child = this.child;
    this.child = null;
    if (child) await child.stop();
    if (!this.child) this.#set('stopped');
  }

  /** @param {'starting' | 'restarting'} state */
  async #launch(state) {
    this.#set(state);
    /** @type {number | null} */
    let readySince = null;
    let failure = null;
    /** @type {import('./child.js').ManagedChild | null} */
    let child = null;
    try {
      child = this.make();
      this.child = child;
      child.start();
      await announced(child, 'ready', { silence: this.silence });
      if (this.child !== child) return;
      readySince = Date.now();
      this.#set('ready');
      const exit = await child.exited;
      this.log(`the worker (pid ${child.pid}) ${describeExit(exit)}`);
    } catch (error) {
      failure = asFailure(error, 'worker');
      this.log(`the worker did not start: ${failure.reason}`);
      if (child && this.child === child) await child.stop();
    }
    if (this.child !== child) return;
    this.child = null;
    this.#again(readySince, failure);
  }

  /**
   * @param {number | null} readySince
   * @param {import('./problem.js').Failure | null} failure
   */
  #again(readySince, failure) {
    const decision = this.decide({ earlier: this.exits, now: Date.now(), readySince });
    this.exits = decision.exits;
    if (decision.action === 'give-up') {
      this.log('the worker keeps stopping; not started again');
      this.#set('failed', failure || {
        stage: 'worker',
        code: 'keeps_stopping',
        reason: 'The background worker keeps stopping.',
        hint: 'What is queued waits until it runs again. The worker log usually names the cause.',
      });
      return;
    }
    this.#set('restarting', failure);
    this.timer = setTimeout(() => {
      this.timer = null;
      this.#launch('restarting');
    }, decision.delayMs);
  }

  /**
   * @param {WorkerState} state
   * @param {import('./problem.js').Failure | null} [failure]
   */
  #set(state, failure = null) {
    this.status = { state, failure };
    this.emit('worker', this.status);
  }
}
