import { spawn, spawnSync } from 'node:child_process';
import { EventEmitter } from 'node:events';

import { say } from '../locale/messages.js';
import { encodeConfig, MAX_LINE_CHARS, parseLine, STOP_WAITS } from './contract.js';
import { LineSplitter } from './lines.js';
import { systemProgram } from './system-program.js';
import { settledWithin } from './wait.js';

/**
 * @typedef {{code: number | null, signal: string | null, error: Error | null}} Exit
 *
 * @typedef {object} ChildOptions
 * @property {string} name name in the log: `server`, `worker`, or the app's name for it
 * @property {string} command
 * @property {string[]} args
 * @property {string} cwd
 * @property {NodeJS.ProcessEnv} env
 * @property {import('./contract.js').LaunchConfig} config
 * @property {(line: string) => void} log
 * @property {{eof: number, term: number, kill: number}} [waits]
 */

/**
 * One child process under the launch contract. Emits `event` with a ContractEvent. Its stdin is the
 * lifeline: it stays open as long as this process lives.
 */
export class ManagedChild extends EventEmitter {
  /** @param {ChildOptions} options */
  constructor(options) {
    super();
    this.options = options;
    this.waits = options.waits || STOP_WAITS;
    /** @type {import('node:child_process').ChildProcess | null} */
    this.process = null;
    /** @type {Exit | null} */
    this.exit = null;
    /** @type {Promise<void> | null} */
    this.stopping = null;
    /** @type {(exit: Exit) => void} */
    this.settle = () => {};
    /** Resolves once the child has exited and its output has been read. @type {Promise<Exit>} */
    this.exited = new Promise((resolve) => { this.settle = resolve; });
  }

  get pid() {
    return this.process ? this.process.pid : undefined;
  }

  start() {
    const { command, args, cwd, env, config } = this.options;
    let child;
    try {
      child = spawn(command, args, {
        cwd,
        env,
        stdio: ['pipe', 'pipe', 'pipe'],
        // A process group of its own: Ctrl+C in the terminal reaches only the shell, which drains
        // the children in order, and a child's own children can be ended with it.
        detached: process.platform !== 'win32',
        windowsHide: true,
      });
    } catch (error) {
      this.#gone({ code: null, signal: null, error: /** @type {Error} */ (error) });
      return this;
    }
    this.process = child;
    child.on('error', (error) => {
      if (child.pid === undefined) this.#gone({ code: null, signal: null, error });
      else this.options.log(`shell: ${error.message}`);
    });
    // Ended before reading its config: the exit is reported, the write error adds nothing.
    child.stdin.on('error', () => {});
    child.stdin.write(encodeConfig(config));

    const closed = new Promise((resolve) => { child.once('close', resolve); });
    this.#read(child.stdout, (line) => this.#fromStdout(line));
    this.#read(child.stderr, (line) => this.options.log(line));
    child.once('exit', async (code, signal) => {
      this.#killGroup();
      // Its `failed` line may still be in the pipe, but a survivor that holds the pipe must not
      // block us.
      await settledWithin(closed, 500);
      this.#gone({ code, signal, error: null });
    });
    return this;
  }

  /**
   * EOF, wait, SIGTERM, wait, SIGKILL to the group. Bounded; all callers share one stop.
   * @returns {Promise<void>}
   */
  stop() {
    if (!this.stopping) this.stopping = this.#stop();
    return this.stopping;
  }

  get alive() {
    return this.process !== null && this.process.pid !== undefined && !this.exit;
  }

  /** Kill it and its children at once. */
  kill() {
    if (this.alive) this.#killGroup();
  }

  async #stop() {
    const child = this.process;
    if (!child || this.exit || child.pid === undefined) return;
    if (child.stdin) child.stdin.end();
    if (await settledWithin(this.exited, this.waits.eof)) return;
    this.options.log(`shell: ${this.options.name} did not stop when asked; sending SIGTERM`);
    // On Windows SIGTERM kills a single process at once; the tree is ended below.
    if (process.platform !== 'win32') {
      child.kill('SIGTERM');
      if (await settledWithin(this.exited, this.waits.term)) return;
    }
    this.options.log(`shell: ${this.options.name} does not stop; ending its process group`);
    this.#killGroup();
    await settledWithin(this.exited, this.waits.kill);
  }

  /** Kill whatever is left of the child's process group. */
  #killGroup() {
    const pid = this.pid;
    // kill(-undefined) and kill(-0) would signal our own group.
    if (!pid) return;
    if (process.platform === 'win32') {
      if (this.process && this.process.exitCode === null) {
        spawnSync(systemProgram('taskkill.exe'), ['/pid', String(pid), '/T', '/F'], { windowsHide: true, timeout: 5000 });
      }
      return;
    }
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // ESRCH: the group is empty, the usual case.
    }
  }

  /** @param {Exit} exit */
  #gone(exit) {
    if (this.exit) return;
    this.exit = exit;
    this.settle(exit);
  }

  /**
   * @param {import('node:stream').Readable} stream
   * @param {(line: string) => void} onLine
   */
  #read(stream, onLine) {
    const lines = new LineSplitter(MAX_LINE_CHARS, onLine);
    stream.on('data', (chunk) => lines.push(chunk));
    stream.on('end', () => lines.end());
    stream.on('error', () => {});
  }

  /** @param {string} line */
  #fromStdout(line) {
    const event = parseLine(line);
    if (event) this.emit('event', event);
    else if (line) this.options.log(line);
  }
}

/**
 * Describe an exit in words.
 * @param {Exit} exit
 */
export function describeExit(exit) {
  if (exit.error) return say('could not be started ({error})', { error: exit.error.message });
  if (exit.signal) return say('was ended by {signal}', { signal: exit.signal });
  return say('ended with exit code {code}', { code: String(exit.code) });
}
