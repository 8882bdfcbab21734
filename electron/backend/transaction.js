import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

import { joined, say, withMessages, withoutMessages } from '../locale/messages.js';
import { MAX_LINE_CHARS } from './contract.js';
import { childEnvironment } from './environment.js';
import { LineSplitter } from './lines.js';
import { readSmallFile } from './small-file.js';

/** Exit codes of commands, from `docs/update-contract.md`. */
const REFUSED = 3;
const SETTLED = ['confirmed', 'rolled_back', 'refused', 'abandoned'];
const SETTLES_MS = 60000;

/**
 * @typedef {object} Journal the parts of `update.json` that pages need
 * @property {string} id
 * @property {string} state
 * @property {string} from
 * @property {string} to
 * @property {string} previous
 * @property {string} reason
 * @property {boolean} paused
 * @property {string[]} held
 * @property {string[]} guardian
 * @property {boolean} asked
 * @property {string} backup
 * @property {{state: string, at: number}[]} history
 *
 * @typedef {{event: string, [key: string]: any}} UpdateEvent
 */

/** An update was refused; `reason` says why. */
export class UpdateRefused extends Error {
  /** @param {import('../locale/messages.js').Text} reason */
  constructor(reason) {
    super(String(reason));
    this.reason = reason;
  }
}

/** The commands of an update; see docs/update-contract.md. */
export class Transaction {
  /**
   * @param {object} options
   * @param {string} options.dataDir
   * @param {() => import('./python.js').Interpreter} options.python may throw a Problem
   * @param {(line: string) => void} options.log
   */
  constructor({ dataDir, python, log }) {
    this.dataDir = dataDir;
    this.python = python;
    this.log = log;
    /** @type {import('node:child_process').ChildProcess | null} */
    this.child = null;
  }

  /** @returns {Journal | null} null when there is none, or it cannot be read */
  read() {
    return this.#json('update.json');
  }

  /** The previous update, if it can still be rolled back. @returns {Journal | null} */
  last() {
    return this.#json('last.json');
  }

  /**
   * @param {object} what
   * @param {string} what.product
   * @param {string} what.from
   * @param {string} what.to
   * @param {import('./installed-as.js').InstalledAs} what.installed
   * @param {string} what.file
   * @param {import('../policy/updates.js').ReleaseFile} what.artefact
   */
  begin({ product, from, to, installed, file, artefact }) {
    return this.#run('begin', [
      `--product=${product}`, `--from=${from}`, `--to=${to}`, `--kind=${installed.kind}`, `--target=${installed.target}`, `--program=${installed.program}`,
      `--artefact=${file}`, `--sha512=${artefact.sha512}`, `--size=${artefact.size}`, `--unpacked=${artefact.installedSize}`,
    ]);
  }

  /** @param {(event: UpdateEvent) => void} onEvent */
  stage(onEvent) {
    return this.#run('stage', [], onEvent);
  }

  /** @param {string[]} command that starts the app */
  rehearse(command) {
    return this.#run('rehearse', ['--', ...command]);
  }

  /** @param {import('../locale/messages.js').Text} reason */
  drop(reason) {
    const { messages = {} } = withMessages({ reason });
    return this.#run('drop', [`--reason=${reason}`, `--messages=${JSON.stringify(messages)}`]);
  }

  unpause() {
    return this.#run('unpause', []);
  }

  /** Stops preparing an update, including a rehearsal; the journal records how far it got. */
  cancel() {
    this.child?.stdin?.end();
  }

  /**
   * Once an update is settled, the guardian's interpreter is no longer needed.
   * @param {number} [now] ms
   */
  tidy(now = Date.now()) {
    const journal = this.read();
    const last = journal?.history[journal.history.length - 1]?.at;
    // A start of the replaced version may still need it.
    if (!journal || !SETTLED.includes(journal.state) || !journal.guardian.length || now - Number(last) * 1000 < SETTLES_MS) return;
    const folder = path.dirname(journal.guardian[journal.guardian.length - 1]);
    if (path.basename(folder) !== 'guardian') return;
    try {
      // Renamed first, so that it is deleted completely or not at all.
      if (fs.existsSync(folder)) fs.renameSync(folder, `${folder}.old`);
      fs.rmSync(`${folder}.old`, { recursive: true, force: true });
      this.log('the guardian of the last update was removed');
    } catch (error) {
      this.log(`the guardian of the last update could not be removed: ${/** @type {Error} */ (error).message}`);
    }
  }

  /**
   * Starts the guardian, which outlives this process and works after it has ended.
   * @param {'install' | 'back'} command
   * @param {string[]} words command line that starts the app
   * @returns {Promise<void>} resolves when the app may quit; rejects with UpdateRefused
   */
  async handOver(command, words) {
    // Copied again: it was deleted when the update was settled.
    if (command === 'back') await this.#run('guard', []);
    const journal = this.read();
    const own = journal && journal.guardian.length ? journal.guardian : this.#python('djdesk.desktop.guardian');
    await new Promise((resolve, reject) => {
      const child = spawn(own[0], [...own.slice(1), command, `--data-dir=${this.dataDir}`, `--shell=${process.pid}`, '--', ...words], {
        cwd: this.dataDir, env: childEnvironment(process.env), stdio: ['ignore', 'pipe', 'ignore'], detached: true, windowsHide: true,
      });
      /** @type {import('../locale/messages.js').Text} */
      let refusal = '';
      const ended = (/** @type {number | null} */ code) => reject(new UpdateRefused(refusal || say('The update could not be started (exit code {code}).', { code: String(code) })));
      child.once('error', (error) => reject(new UpdateRefused(say('The update could not be started ({error}).', { error: error.message }))));
      child.once('close', ended);
      onEvents(child.stdout, (event) => {
        if (event.event === 'refused') refusal = joined(event.reason, event.hint);
        if (event.event !== 'waiting') return;
        child.removeListener('close', ended);
        /** @type {import('node:net').Socket} */ (/** @type {unknown} */ (child.stdout)).unref();
        child.unref();
        resolve(null);
      });
    });
  }

  /** @param {string} module @returns {string[]} */
  #python(module) {
    const { command, args } = this.python();
    return [command, ...args.slice(0, -1), module];
  }

  /**
   * @param {string} command
   * @param {string[]} args
   * @param {(event: UpdateEvent) => void} [onEvent]
   * @returns {Promise<void>} rejects with UpdateRefused
   */
  #run(command, args, onEvent = () => {}) {
    return new Promise((resolve, reject) => {
      const { command: program, args: before, cwd } = this.python();
      const [options, rest] = args.includes('--') ? [args.slice(0, args.indexOf('--')), args.slice(args.indexOf('--'))] : [args, []];
      this.log(`update ${command}`);
      const child = spawn(program, [...before, 'update', command, `--data-dir=${this.dataDir}`, '--until-stdin-ends', ...options, ...rest], {
        cwd, env: childEnvironment(process.env), stdio: ['pipe', 'pipe', 'pipe'], windowsHide: true,
      });
      this.child = child;
      child.stdin.on('error', () => {});
      /** @type {import('../locale/messages.js').Text} */
      let refusal = '';
      let last = '';
      child.stderr.setEncoding('utf8').on('data', (/** @type {string} */ text) => { last = (last + text).slice(-4000); });
      onEvents(child.stdout, (event) => {
        if (event.event === 'refused') refusal = joined(event.reason, event.hint);
        else onEvent(event);
      });
      child.once('error', (error) => reject(new UpdateRefused(say('The update could not be prepared ({error}).', { error: error.message }))));
      child.once('close', (code) => {
        this.child = null;
        if (code === 0) resolve();
        else {
          this.log(`update ${command}: exit code ${code} ${refusal || last.trim().split('\n').slice(-1)[0]}`);
          reject(new UpdateRefused(refusal || (code === REFUSED || code === null ? say('The update was cancelled.') : say('The update could not be prepared ({error}).', { error: `exit code ${code}` }))));
        }
      });
    });
  }

  /** @param {string} name @returns {Journal | null} */
  #json(name) {
    try {
      const value = JSON.parse(readSmallFile(path.join(this.dataDir, 'updates', name)));
      if (!value || value.format !== 1 || typeof value.state !== 'string') return null;
      const text = (/** @type {unknown} */ one) => (typeof one === 'string' ? one : '');
      const list = (/** @type {unknown} */ one) => (Array.isArray(one) ? one.filter((word) => typeof word === 'string') : []);
      return {
        id: text(value.id), state: value.state, from: text(value.from), to: text(value.to), previous: text(value.previous), reason: text(value.reason), backup: text(value.backup),
        paused: value.paused === true, asked: value.asked === true, held: list(value.held), guardian: list(value.guardian), history: Array.isArray(value.history) ? value.history : [],
      };
    } catch {
      return null;
    }
  }
}

/** @param {import('node:stream').Readable | null} stream @param {(event: UpdateEvent) => void} onEvent */
function onEvents(stream, onEvent) {
  const lines = new LineSplitter(MAX_LINE_CHARS, (line) => {
    const event = parse(line);
    if (event) onEvent(event);
  });
  stream?.on('data', (chunk) => lines.push(chunk)).on('end', () => lines.end());
}

/** @param {string} line @returns {UpdateEvent | null} */
function parse(line) {
  try {
    const value = JSON.parse(line);
    return value && typeof value.event === 'string' ? withoutMessages(value) : null;
  } catch {
    return null;
  }
}
