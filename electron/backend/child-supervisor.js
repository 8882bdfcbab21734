import { EventEmitter } from 'node:events';

import { sameText, say } from '../locale/messages.js';
import { NO_JOBS } from '../policy/quit.js';
import { waitForStart } from './wait-for-start.js';
import { describeExit } from './child.js';
import { asFailure } from './problem.js';

/**
 * @typedef {'stopped' | 'starting' | 'ready' | 'restarting' | 'failed'} ChildState
 * @typedef {object} ChildStatus
 * @property {ChildState} state
 * @property {boolean} busy
 * @property {import('../locale/messages.js').Text} waiting what it waits for; empty if nothing
 * @property {import('../policy/quit.js').Jobs} jobs the worker's heavy jobs
 * @property {import('./problem.js').Failure | null} failure
 */

/**
 * Keeps one child beside the server running: the worker, or one of the app's own processes. The
 * window stays usable without it, so its failures are a state of its own, not of the app. Emits
 * `status` with a ChildStatus, `job-over` with a JobOverEvent, and `outdated` if its files differ
 * from those that the other children were started from.
 */
export class ChildSupervisor extends EventEmitter {
  /** @type {Promise<void> | null} */
  #stopping = null;

  /**
   * @param {object} options
   * @param {string} options.name `worker`, or the app's name for it
   * @param {() => import('./child.js').ManagedChild} options.make creates a new child without starting it
   * @param {typeof import('../policy/restart.js').decideRestart} options.decide
   * @param {import('./sleep-aware-timers.js').SleepAwareTimers} options.timers
   * @param {Record<string, number>} [options.silence]
   * @param {(line: string) => void} options.log
   */
  constructor({ name, make, decide, timers, silence, log }) {
    super();
    this.name = name;
    this.make = make;
    this.decide = decide;
    this.timers = timers;
    this.silence = silence;
    this.log = log;
    /** @type {ChildStatus} */
    this.status = { state: 'stopped', busy: false, waiting: '', jobs: NO_JOBS, failure: null };
    /** The child that is kept running. @type {import('./child.js').ManagedChild | null} */
    this.child = null;
    /** The child that is stopping. @type {import('./child.js').ManagedChild | null} */
    this.leaving = null;
    /** Cancels the scheduled start. @type {(() => void) | null} */
    this.cancel = null;
    /** @type {number[]} */
    this.exits = [];
  }

  /** Start it, unless it is running or scheduled. */
  start() {
    if (this.child || this.cancel) return;
    this.exits = [];
    this.#launch('starting');
  }

  /**
   * All callers share one stop.
   * @returns {Promise<void>}
   */
  stop() {
    if (!this.#stopping) this.#stopping = this.#stop().then(() => { this.#stopping = null; });
    return this.#stopping;
  }

  /** Kill it at once. */
  kill() {
    for (const child of [this.child, this.leaving]) if (child) child.kill();
  }

  /** Whether a process exists, even a stopping one. */
  get alive() {
    return [this.child, this.leaving].some((child) => child !== null && child.alive);
  }

  async #stop() {
    if (this.cancel) this.cancel();
    this.cancel = null;
    const child = this.child;
    this.child = null;
    this.leaving = child;
    if (child) await child.stop();
    this.leaving = null;
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
      const { timers, silence } = this;
      this.#listen(child);
      child.start();
      await waitForStart(child, 'ready', { silence, timers });
      if (this.child !== child) return;
      readySince = Date.now();
      this.#set('ready');
      const exit = await child.exited;
      this.log(`the ${this.name} (pid ${child.pid}) ${describeExit(exit)}`);
    } catch (error) {
      failure = asFailure(error, this.name);
      this.log(`the ${this.name} did not start: ${failure.reason}`);
      if (child && this.child === child) await child.stop();
    }
    if (this.child !== child) return;
    this.child = null;
    if (failure && failure.code === 'files_changed') {
      this.#set('stopped');
      this.emit('outdated');
    } else this.#again(readySince, failure);
  }

  /**
   * Follow whether it is busy, even while it stops, because the end waits for that, and what it
   * waits for.
   * @param {import('./child.js').ManagedChild} child
   */
  #listen(child) {
    child.on('event', (event) => {
      if (child !== this.child && child !== this.leaving) return;
      if (event.event === 'lane_failed') {
        this.log(`lane ${event.lane} of the ${this.name} failed and begins again in ${event.pause} s: ${event.reason}`);
      }
      if (event.event === 'job_over') this.emit('job-over', event);
      const { busy, waiting, jobs } = this.status;
      if (event.event === 'busy' || event.event === 'idle') this.status = { ...this.status, busy: event.event === 'busy' };
      if (event.event === 'waiting' || event.event === 'resumed') {
        this.status = { ...this.status, waiting: event.event === 'waiting' ? event.reason : '' };
      }
      if (event.event === 'jobs') {
        const { running, waiting: queued, share, lost, names = [] } = event;
        this.status = { ...this.status, jobs: { running, waiting: queued, share, lost, names } };
      }
      if (busy !== this.status.busy || !sameText(waiting, this.status.waiting) || jobs !== this.status.jobs) this.emit('status', this.status);
    });
  }

  /**
   * @param {number | null} readySince
   * @param {import('./problem.js').Failure | null} failure
   */
  #again(readySince, failure) {
    const decision = this.decide({ earlier: this.exits, now: Date.now(), readySince });
    this.exits = decision.exits;
    if (decision.action === 'give-up') {
      this.log(`the ${this.name} keeps stopping; not started again`);
      this.#set('failed', failure || {
        stage: this.name,
        code: 'keeps_stopping',
        ...keepsStopping(this.name),
      });
      return;
    }
    this.#set('restarting', failure);
    this.cancel = this.timers.after(decision.delayMs, () => {
      this.cancel = null;
      this.#launch('restarting');
    });
  }

  /**
   * @param {ChildState} state
   * @param {import('./problem.js').Failure | null} [failure]
   */
  #set(state, failure = null) {
    // It may report `busy` together with `ready`; every other new state means another process or
    // none, so the old one's work no longer matters.
    const { busy, waiting, jobs } = this.status;
    const ready = state === 'ready';
    this.status = { state, busy: ready && busy, waiting: ready ? waiting : '', jobs: ready ? jobs : NO_JOBS, failure };
    this.emit('status', this.status);
  }
}

/** @param {string} name */
const keepsStopping = (name) => (name === 'worker'
  ? {
    reason: say('The background worker keeps stopping.'),
    hint: say('Queued tasks wait until it runs again. The worker log usually names the cause.'),
  }
  : {
    reason: say('The background process {process} keeps stopping.', { process: name }),
    hint: say('You can use the app without it. Its log usually names the cause: {log}.', { log: `${name}.log` }),
  });
