import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

import { childEnvironment } from './environment.js';
import { LineSplitter } from './lines.js';
import { readSmallFile } from './small-file.js';

/** Journal states in which a start has nothing to do (docs/update-contract.md). */
const QUIET = ['rolled_back', 'refused', 'abandoned'];
/** After a good start, the previous version is deleted a week after the update. */
const KEPT_S = 7 * 86400;
const MAX_LINE = 64 * 1024;

/**
 * @typedef {{trial: string, aside: boolean}} Answer `trial`: the update that this start has to confirm, or ''; `aside`: quit at once
 *
 * Every start first checks for an interrupted update, whatever its version; the guardian knows how
 * to continue. Without one, nothing is run and no time is lost.
 * @param {object} options
 * @param {string} options.dataDir
 * @param {string} options.trial the update named by the guardian that started us
 * @param {() => string[]} options.python the interpreter of the installation, with `-m`; may throw a Problem
 * @param {string[]} options.words command line that starts the app
 * @param {string} options.version of this app
 * @param {(line: string) => void} options.log
 * @returns {Answer | Promise<Answer>} a promise only if the guardian has to be asked
 */
export function resumeUpdate({ dataDir, trial, python, words, version, log }) {
  if (trial) return { trial, aside: false };
  const journal = readJournal(dataDir);
  if (!journal || !(isUnfinished(journal) || mayBeReplaced(journal, version))) return { trial: '', aside: false };
  log(`an update was left as ${journal.state}`);
  return ask({ dataDir, journal, python, words, version, log });
}

/** @typedef {{state: string, from: string, to: string, guardian: string[], staged: string, previous: string, at: number}} Journal */

/** @param {string} dataDir @returns {Journal | null} */
function readJournal(dataDir) {
  try {
    const { format, state, from, to, guardian, staged, previous, history } = JSON.parse(readSmallFile(path.join(dataDir, 'updates', 'update.json')));
    if (format !== 1 || typeof state !== 'string') return null;
    const last = Array.isArray(history) ? history[history.length - 1] : null;
    return {
      state,
      from: String(from || ''),
      to: String(to || ''),
      guardian: Array.isArray(guardian) ? guardian.map(String) : [],
      staged: String(staged || ''),
      previous: String(previous || ''),
      at: last && Number(last.at) ? Number(last.at) : 0,
    };
  } catch {
    return null;
  }
}

/** @param {Journal} journal */
function isUnfinished({ state, staged, previous, at }) {
  // It is offered again; unpacking had not begun.
  if (state === 'downloaded') return staged !== '';
  if (state === 'confirmed') return previous !== '' && Date.now() / 1000 - at > KEPT_S;
  return !QUIET.includes(state);
}

/**
 * Whether this may not be the version that belongs in place: an app started while it is being
 * replaced may still be the old one. The guardian finds out; the user may also have installed it by
 * hand.
 * @param {Journal} journal
 * @param {string} version
 */
const mayBeReplaced = ({ state, from, to }, version) => (state === 'rolled_back' && version === to) || (state === 'confirmed' && version === from);

/**
 * @param {{dataDir: string, journal: {guardian: string[]}, python: () => string[], words: string[], version: string, log: (line: string) => void}} options
 * @returns {Promise<Answer>}
 */
function ask({ dataDir, journal, python, words, version, log }) {
  return new Promise((resolve) => {
    const goOn = (/** @type {string} */ why) => {
      log(why);
      resolve({ trial: '', aside: false });
    };
    let child;
    try {
      // The copy outside the installation, which may be about to change; if that is gone, the
      // installed one.
      const own = journal.guardian.length > 1 && fs.existsSync(journal.guardian[0]) ? journal.guardian : [...python(), 'djdesk.desktop.guardian'];
      child = spawn(own[0], [...own.slice(1), 'resume', `--data-dir=${dataDir}`, `--shell=${process.pid}`, `--version=${version}`, '--', ...words], {
        cwd: dataDir, env: childEnvironment(process.env), stdio: ['ignore', 'pipe', 'ignore'], detached: true, windowsHide: true,
      });
    } catch (error) {
      goOn(`the guardian could not be started: ${/** @type {Error} */ (error).message}`);
      return;
    }
    const { stdout } = child;
    const lines = new LineSplitter(MAX_LINE, (line) => {
      const event = parse(line);
      if (event.event === 'refused') log(`the update is left as it is: ${event.reason}`);
      if (event.event !== 'go_on' && event.event !== 'step_aside') return;
      // The guardian keeps running without us: it watches this start, or waits for our exit.
      stdout.destroy();
      child.unref();
      resolve({ trial: String(event.trial || ''), aside: event.event === 'step_aside' });
    });
    stdout.on('data', (/** @type {Buffer} */ chunk) => lines.push(chunk));
    child.once('error', (error) => goOn(`the guardian could not be started: ${error.message}`));
    // 'close' rather than 'exit': at exit its output may not have been read completely.
    child.once('close', (code) => {
      // Another guardian is at work and will start the app itself.
      if (code === 4) resolve({ trial: '', aside: true });
      else goOn(`the guardian ended with exit code ${code}`);
    });
  });
}

/** @param {string} line @returns {Record<string, unknown>} */
function parse(line) {
  try {
    const value = JSON.parse(line);
    return value && typeof value === 'object' ? value : {};
  } catch {
    return {};
  }
}

/**
 * The command line that starts this app again in the same way, without one-time arguments.
 * @param {object} from
 * @param {string} from.program
 * @param {string[]} from.argv without the program
 * @param {string} from.dataDir
 * @param {boolean} from.named whether the data folder was given explicitly
 * @returns {string[]}
 */
export function wordsThatStart({ program, argv, dataDir, named }) {
  const once = /^--(update=|update-folder=|rehearse$|quit$|safe-mode$|data-dir)/;
  const switches = argv.filter((word) => word.startsWith('--') && !once.test(word));
  return [program, ...switches, ...(named ? [`--data-dir=${dataDir}`] : [])];
}
