import { say } from '../locale/messages.js';
import { Problem } from './problem.js';
import { runTool } from './tool.js';

/**
 * @typedef {{name: string, created: string, reason: string, version: string, size: number}} Backup `created`: ISO time; `size`: bytes
 */

/** Operations on the data folder without the server, by short-lived commands. */
export class DataTools {
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
  }

  /** @returns {Promise<{backups: Backup[], problem: import('../locale/messages.js').Text}>} the latest first */
  async backups() {
    const { ok, stdout, problem } = await this.#run(['data', 'list', '--format', 'json'], 60000);
    if (!ok) return { backups: [], problem };
    const backups = parseBackups(stdout);
    return backups ? { backups, problem: '' } : { backups: [], problem: say('The list of backups could not be read.') };
  }

  /**
   * Restores a backup; the previous data are kept.
   * @param {string} name as in the list
   * @returns {Promise<import('../locale/messages.js').Text>} the error, or ''
   */
  async restore(name) {
    // After `--`: a name is never parsed as an option.
    return (await this.#run(['data', 'restore', '--format', 'json'], undefined, ['--', name])).problem;
  }

  /**
   * Writes one zip with logs, versions and findings, without secrets.
   * @param {string} file
   * @returns {Promise<import('../locale/messages.js').Text>} the error, or ''
   */
  async exportDiagnostics(file) {
    return (await this.#run(['diagnostics', `--output=${file}`], 120000)).problem;
  }

  /** Why Python cannot be started at all, or ''. @returns {import('../locale/messages.js').Text} */
  obstacle() {
    try {
      this.python();
      return '';
    } catch (error) {
      return error instanceof Problem ? error.failure.reason : String(error);
    }
  }

  /**
   * The command as typed in a terminal.
   * @param {string[]} words
   */
  commandLine(words) {
    const { command, tool } = this.python();
    return [command, ...tool, ...words, '--data-dir', this.dataDir].map(quoted).join(' ');
  }

  /**
   * @param {string[]} args
   * @param {number} [limitMs]
   * @param {string[]} [rest]
   */
  async #run(args, limitMs, rest = []) {
    const words = [...args, `--data-dir=${this.dataDir}`, ...rest];
    this.log(`command ${words.join(' ')}`);
    const result = await runTool(this.python, words, { limitMs });
    if (!result.ok) this.log(`command ${args[0]}: ${result.problem}`);
    return result;
  }
}

/**
 * @param {string} text
 * @returns {Backup[] | null}
 */
export function parseBackups(text) {
  /** @type {any} */
  let list;
  try {
    list = JSON.parse(text);
  } catch {
    return null;
  }
  const whole = Array.isArray(list) && list.every((/** @type {any} */ entry) => entry && typeof entry === 'object'
    && ['name', 'created', 'reason', 'version'].every((key) => typeof entry[key] === 'string') && Number.isFinite(entry.size));
  return whole ? list : null;
}

/** @param {string} word */
function quoted(word) {
  if (/^[\w./:=@+\\-]+$/.test(word)) return word;
  return process.platform === 'win32' ? `"${word}"` : `'${word.split("'").join("'\\''")}'`;
}
