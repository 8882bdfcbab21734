import { EventEmitter } from 'node:events';

import { decideRestart } from '../policy/restart.js';
import { joined, say } from '../locale/messages.js';
import { describeExit, ManagedChild } from './child.js';
import { commandsOf, HOST, newToken, STOP_WAITS } from './contract.js';
import { childEnvironment } from './environment.js';
import { watchLiveness } from './liveness.js';
import { SleepAwareTimers } from './sleep-aware-timers.js';
import { choosePort } from './port.js';
import { asFailure, Problem } from './problem.js';
import { startServer } from './start-server.js';
import { delay, settledWithin } from './wait.js';
import { ChildSupervisor } from './child-supervisor.js';

/**
 * @typedef {'idle' | 'starting' | 'ready' | 'restarting' | 'failed' | 'stopping' | 'stopped'} SupervisorState
 * @typedef {import('./problem.js').Failure} Failure
 * @typedef {{origin: string, port: number, token: string}} Backend
 * @typedef {{attempt: number, delayMs: number, reason: import('../locale/messages.js').Text, planned: boolean}} Restart `planned`: requested by the user
 *
 * @typedef {object} Status everything that pages may know; never the token
 * @property {SupervisorState} state
 * @property {import('./contract.js').StageEvent | null} stage
 * @property {Failure | null} failure
 * @property {Restart | null} restart
 * @property {import('./child-supervisor.js').ChildStatus} worker
 * @property {Record<string, import('./child-supervisor.js').ChildStatus>} processes the app's own processes, by name
 * @property {boolean} safeMode without background tasks, as the user chose
 * @property {string[]} running `server`, `worker` and the app's own processes that exist
 * @property {import('../locale/messages.js').Text} trouble why the server does not answer, or ''
 * @property {number} since when the state began, ms since the epoch
 *
 * @typedef {object} SupervisorOptions
 * @property {string} [app] absolute path of the Python project
 * @property {Record<string, {command: string[]}>} [processes] management commands to keep running, by name
 * @property {string} dataDir
 * @property {string} launchId
 * @property {import('./logs.js').Logs} logs
 * @property {() => import('./python.js').Interpreter} python may throw a Problem, which is shown to the user
 * @property {{remembered: () => number[], remember: (port: number) => void}} port ports to try, in this order
 * @property {string} [settings]
 * @property {string} [browserSession]
 * @property {boolean} [safeMode]
 * @property {boolean} [rehearsal] runs a new version on a copy of the data
 * @property {() => void} [relaunch] restarts the shell itself, if its files have changed too
 * @property {NodeJS.ProcessEnv} [env]
 * @property {Timing} [timing]
 *
 * @typedef {object} Timing
 * @property {Record<string, number>} [silence]
 * @property {number} [healthMs]
 * @property {typeof STOP_WAITS} [waits]
 * @property {typeof decideRestart} [decide]
 * @property {typeof import('./liveness.js').LIVENESS} [liveness]
 */

// Time for the response to a page that asked for a restart, and slack beyond the children's stop timeouts.
const [LAST_ANSWER_MS, SLACK_MS] = [400, 500];

/**
 * Owns the life cycle of server, worker and the app's own processes; the only place that changes
 * the app's state. Emits `state` (Status), `stage` (StageEvent), `ready` (Backend), `failed`
 * (Failure), `worker` (ChildStatus), `trouble` (why the server does not answer, or '').
 */
export class Supervisor extends EventEmitter {
  /** @type {Promise<void> | null} */
  #stopping = null;
  /** @type {Promise<void>} */
  #cleanup = Promise.resolve();
  /** @type {Promise<void>} */
  #running = Promise.resolve();
  /** Cancels the scheduled start. */
  #cancel = () => {};
  /** Stops watching the server's `alive` events. */
  #unwatch = () => {};
  /** @type {number[]} */
  #exits = [];
  /** The port used in this run. */
  #port = 0;
  /** Id of the files that the children were started from; '' until the first one reported it. */
  #build = '';
  /** @type {ManagedChild | null} */
  #server = null;
  /** Why we ended a server, if we did. @type {WeakMap<ManagedChild, import('../locale/messages.js').Text>} */
  #ended = new WeakMap();
  /** Restarts that a server asked for before it was ready: a file changed meanwhile. @type {WeakMap<ManagedChild, import('../locale/messages.js').Text>} */
  #early = new WeakMap();

  /** @param {SupervisorOptions} options */
  constructor(options) {
    super();
    this.options = options;
    this.timing = options.timing || {};
    this.decide = this.timing.decide || decideRestart;
    /** @type {SupervisorState} */
    this.state = 'idle';
    /** The server to talk to, if there is one. @type {Backend | null} */
    this.backend = null;
    /** @type {import('./contract.js').StageEvent | null} */
    this.stage = null;
    /** @type {Failure | null} */
    this.failure = null;
    /** @type {Restart | null} */
    this.restart = null;
    /** Why a ready server does not answer: it is busy or silent. @type {import('../locale/messages.js').Text} */
    this.trouble = '';
    this.since = Date.now();
    this.safeMode = options.safeMode === true;
    this.timers = new SleepAwareTimers();
    this.worker = this.#childSupervisor('worker', ['worker']);
    this.worker.on('status', (status) => this.emit('worker', status));
    this.processes = Object.keys(options.processes || {}).map((name) => this.#childSupervisor(name, ['process', name]));
    for (const one of this.processes) one.on('status', () => this.emit('state', this.status()));
  }

  /**
   * @param {string} name
   * @param {string[]} words of its command line
   */
  #childSupervisor(name, words) {
    const beside = new ChildSupervisor({
      name,
      make: () => this.#child(name, words, {}),
      decide: this.decide,
      timers: this.timers,
      silence: this.timing.silence,
      log: (line) => this.#log(line),
    });
    beside.on('outdated', () => { if (this.state === 'ready') this.#outdated(); });
    return beside;
  }

  /** All children except the server. */
  get #background() {
    return [this.worker, ...this.processes];
  }

  #stopBackground() {
    return Promise.all(this.#background.map((one) => one.stop()));
  }

  /** @returns {Status} */
  status() {
    const { state, stage, failure, restart, since, safeMode, trouble } = this;
    /** @type {string[]} */
    const running = [];
    if (this.#server && this.#server.alive) running.push('server');
    for (const one of this.#background) if (one.alive) running.push(one.name);
    const processes = Object.fromEntries(this.processes.map((one) => [one.name, one.status]));
    return { state, stage, failure, restart, since, safeMode, trouble, running, worker: this.worker.status, processes };
  }

  /** Start. The outcome is emitted as `ready` or `failed`. */
  start() {
    if (this.state === 'idle') this.#run('starting');
  }

  /**
   * Start again after a failure; no effect in other states.
   * @param {{safeMode?: boolean}} [how] unchanged by default
   */
  async retry({ safeMode = this.safeMode } = {}) {
    if (this.state !== 'failed') return;
    this.safeMode = safeMode;
    this.#exits = [];
    this.#set('starting');
    await this.#cleanup;
    this.#forget();
    if (!this.#stopping) this.#run('starting');
  }

  /** Resolves when all processes of a failed start are gone. */
  settled() {
    return this.#cleanup;
  }

  /** Start the worker and the app's own processes after they were given up or left out. */
  startWorker() {
    this.safeMode = false;
    if (this.state === 'ready') for (const one of this.#background) one.start();
    this.emit('state', this.status());
  }

  /** The computer is going to sleep: pause all timeouts until it wakes up. */
  suspend() {
    this.#log('the computer goes to sleep');
    this.timers.hold();
  }

  resume() {
    this.#log('the computer is awake again');
    this.timers.release();
  }

  /** The user does not want to wait for slow requests: restart the server and drop them. */
  endServer() {
    if (this.state !== 'ready' || !this.#server) return;
    this.#ended.set(this.#server, say('was stopped, as you asked'));
    this.#server.kill();
  }

  /** The user does not want to wait for the shutdown: kill all children at once. */
  hurry() {
    this.#log('ended by force, as asked');
    if (this.#server) this.#server.kill();
    for (const one of this.#background) one.kill();
  }

  /**
   * Stop all children. Bounded; all callers share one stop.
   * @returns {Promise<void>}
   */
  stop() {
    if (!this.#stopping) this.#stopping = this.#stop();
    return this.#stopping;
  }

  async #stop() {
    this.#log('stopping');
    this.#cancel();
    this.#unwatch();
    this.backend = null;
    this.#set('stopping');
    const { eof, term, kill } = this.timing.waits || STOP_WAITS;
    const all = Promise.all([this.#server && this.#server.stop(), this.#stopBackground(), this.#running, this.#cleanup]);
    await settledWithin(all, eof + term + kill + SLACK_MS);
    this.#set('stopped');
    this.options.logs.flush();
  }

  /** @param {'starting' | 'restarting'} state */
  #run(state) {
    if (this.state !== state) this.#set(state);
    this.#running = this.#bringUp().then(
      (up) => this.#up(up),
      (error) => this.#down(error, state),
    );
  }

  /**
   * Start the server; retry once on another port if the first was taken.
   * @returns {Promise<{child: ManagedChild, backend: Backend}>}
   */
  async #bringUp() {
    // Within one run, the origin of the open pages; otherwise the one that their storage depends on.
    const first = await choosePort({ remembered: [...(this.#port ? [this.#port] : []), ...this.options.port.remembered()] });
    try {
      return await this.#launch(first);
    } catch (error) {
      if (this.#server) await this.#server.stop();
      if (this.#stopping || !(error instanceof Problem) || error.failure.code !== 'port_in_use') throw error;
      this.#log(`port ${first} is taken; trying another`);
      return this.#launch(await choosePort({ exclude: [first] }));
    }
  }

  /**
   * @param {number} port
   * @returns {Promise<{child: ManagedChild, backend: Backend}>}
   */
  async #launch(port) {
    const { launchId, browserSession, logs } = this.options;
    const token = newToken();
    logs.hide(token);
    if (browserSession) logs.hide(browserSession);
    this.#stage({ event: 'stage', name: 'start' });
    const child = this.#child('server', ['serve'], { token, port, ...(browserSession ? { browser_session: browserSession } : {}) });
    // stop() may have been called during the port search: it saw no child, so none may start now.
    if (this.#stopping) throw new Error('stopping');
    this.#server = child;
    child.on('event', (event) => { if (event.event === 'restart') this.#asked(child, event.reason); });
    child.start();
    const { timers, timing: { silence, healthMs } } = this;
    const listening = await startServer(child, { token, launchId, timers, silence, healthMs, onStage: (event) => this.#stage(event) });
    this.#build = this.#build || listening.build || '';
    return { child, backend: { origin: `http://${HOST}:${listening.port}`, port: listening.port, token } };
  }

  /** @param {{child: ManagedChild, backend: Backend}} up */
  #up({ child, backend }) {
    if (this.#stopping) return;
    const readySince = Date.now();
    this.options.port.remember(backend.port);
    this.#port = backend.port;
    this.backend = backend;
    this.#log(`ready at ${backend.origin} (server pid ${child.pid})`);
    this.#set('ready');
    this.emit('ready', backend);
    if (!this.safeMode) for (const one of this.#background) one.start();
    this.#unwatch = watchLiveness({
      child,
      timers: this.timers,
      timing: this.timing.liveness,
      onTrouble: (trouble) => this.#setTrouble(trouble),
      onStuck: (ended) => {
        this.#ended.set(child, ended);
        child.kill();
      },
    });
    child.exited.then((exit) => {
      if (this.#stopping || this.#server !== child || this.restart?.planned) return;
      this.#again(say('The server {ended_text}.', { ended_text: this.#ended.get(child) || describeExit(exit) }), readySince);
    });
    if (this.#early.has(child)) this.#asked(child, this.#early.get(child) ?? '');
  }

  /**
   * The server asks for a restart at the user's request. Before it is ready, the request waits.
   * @param {ManagedChild} child the server that asks
   * @param {import('../locale/messages.js').Text} reason shown to the user
   */
  #asked(child, reason) {
    if (this.state !== 'ready') this.#early.set(child, reason);
    else if (this.#server === child) this.#together(reason, { first: () => Promise.race([delay(LAST_ANSWER_MS), child.exited]) });
  }

  /** A child was started from other files than the rest: old and new code must not work on the same data. */
  #outdated() {
    // In a packaged app the shell has changed too and must restart itself.
    this.#together(say('The files of the app have changed'), { then: this.options.relaunch });
  }

  /** All children have ended: the next ones may have other files, unless the shell's own are among them. */
  #forget() {
    if (!this.options.relaunch) this.#build = '';
  }

  /**
   * Stop all children in order and start them again.
   * @param {import('../locale/messages.js').Text} reason shown to the user
   * @param {{first?: () => Promise<unknown>, then?: () => void}} [how] `first` is awaited before; `then` replaces the restart
   */
  #together(reason, { first = async () => {}, then = () => this.#run('restarting') } = {}) {
    this.#log(`restart of everything: ${reason}`);
    this.#unwatch();
    this.#cancel();
    this.restart = { attempt: 1, delayMs: 0, reason, planned: true };
    this.#set('restarting');
    this.#stage({ event: 'stage', name: 'drain' });
    const down = async () => {
      await first();
      this.backend = null;
      await Promise.all([this.#server && this.#server.stop(), this.#stopBackground()]);
      this.#forget();
      if (!this.#stopping) then();
    };
    this.#running = down();
  }

  /**
   * @param {unknown} error
   * @param {'starting' | 'restarting'} state
   */
  async #down(error, state) {
    if (this.#stopping) return;
    const failure = asFailure(error, this.stage ? this.stage.name : 'start');
    // A server that reports why it cannot start is not retried; one that merely died is.
    if (failure.code === 'files_changed' && this.#build) this.#outdated();
    else if (state === 'restarting' && failure.code === 'exited') this.#again(failure.reason, null);
    else this.#fail(failure);
  }

  /**
   * The server exited by itself: restart it after a pause, or give up.
   * @param {import('../locale/messages.js').Text} reason
   * @param {number | null} readySince
   */
  #again(reason, readySince) {
    this.backend = null;
    this.#unwatch();
    this.#log(String(reason));
    const decision = this.decide({ earlier: this.#exits, now: Date.now(), readySince });
    this.#exits = decision.exits;
    if (decision.action === 'give-up') {
      this.#fail({
        stage: 'server',
        code: 'keeps_stopping',
        reason: joined(say('The server keeps stopping.'), reason),
        hint: say('Try again. If it keeps happening, the server log usually names the cause.'),
      });
      return;
    }
    this.restart = { attempt: decision.attempt, delayMs: decision.delayMs, reason, planned: false };
    this.#set('restarting');
    this.#cancel = this.timers.after(decision.delayMs, () => this.#run('restarting'));
  }

  /** @param {Failure} failure */
  #fail(failure) {
    this.backend = null;
    this.#unwatch();
    this.failure = { ...failure, tail: this.options.logs.tail() };
    this.#log(`failed at ${failure.stage}: ${failure.code}: ${failure.reason}`);
    if (failure.detail) this.#log(failure.detail);
    this.#cleanup = Promise.all([this.#server && this.#server.stop(), this.#stopBackground()]).then(() => {});
    this.#set('failed');
    this.emit('failed', this.failure);
    this.options.logs.flush();
  }

  /**
   * @param {string} name
   * @param {string[]} words its command-line arguments
   * @param {{token?: string, port?: number, browser_session?: string}} extra
   */
  #child(name, words, extra) {
    const { python, app, processes, dataDir, launchId, settings, rehearsal, logs, env } = this.options;
    const { command, args, cwd } = python();
    return new ManagedChild({
      name,
      command,
      args: [...args, ...words],
      cwd,
      env: childEnvironment(env || process.env),
      config: { launch_id: launchId, data_dir: dataDir, ...(app ? { app } : {}), ...(processes ? { processes: commandsOf(processes) } : {}), ...(settings ? { settings } : {}), ...(rehearsal ? { rehearsal } : {}), ...(this.#build ? { build: this.#build } : {}), ...extra },
      log: (line) => logs.write(name, line),
      waits: this.timing.waits,
    });
  }

  /** @param {import('../locale/messages.js').Text} trouble */
  #setTrouble(trouble) {
    // The number of seconds changes every time; one log line is enough.
    if (Boolean(trouble) !== Boolean(this.trouble)) this.#log(String(trouble) || 'the server answers as it should again');
    this.trouble = trouble;
    this.emit('trouble', trouble);
  }

  /** @param {import('./contract.js').StageEvent} event */
  #stage(event) {
    this.stage = event;
    this.#log(`stage ${event.name}${event.total ? ` ${event.done || 0}/${event.total}` : ''}`);
    this.emit('stage', event);
  }

  /** @param {SupervisorState} state */
  #set(state) {
    this.state = state;
    this.since = Date.now();
    if (state !== 'failed') this.failure = null;
    if (state !== 'restarting') this.restart = null;
    // A stage belongs to one attempt and must not be shown for the next.
    if (state === 'restarting' || state === 'starting') this.stage = null;
    this.emit('state', this.status());
  }

  /** @param {string} line */
  #log(line) { this.options.logs.write('shell', line); }
}
