import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

import { childEnvironment } from './environment.js';
import { LineSplitter } from './lines.js';
import { readSmallFile } from './small-file.js';

/** States of the journal in which a start leaves nothing to do (docs/update-contract.md). */
const QUIET = ['rolled_back', 'refused', 'abandoned'];
/** The version before an update is deleted when a start is good, a week after it. */
const KEPT_S = 7 * 86400;
const MAX_LINE = 64 * 1024;

/**
 * @typedef {{trial: string, aside: boolean}} Answer `trial`: the update that this start has to show to be good, or ''; `aside`: quit at once
 *
 * What every start asks first, of whatever version it is: an update may have been cut short, and it is the guardian who
 * knows how it goes on. Nothing is asked, and no time is lost, where none was.
 * @param {object} options
 * @param {string} options.dataDir
 * @param {string} options.trial what the guardian that started us said
 * @param {() => string[]} options.python the interpreter of the installation, with `-m`; may throw a Problem
 * @param {string[]} options.words that start the app
 * @param {string} options.version of this app
 * @param {(line: string) => void} options.log
 * @returns {Answer | Promise<Answer>} a promise only where there is something to be asked
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
  // It is offered again, and was not begun to be unpacked.
  if (state === 'downloaded') return staged !== '';
  if (state === 'confirmed') return previous !== '' && Date.now() / 1000 - at > KEPT_S;
  return !QUIET.includes(state);
}

/**
 * Whether this is not the version that should be in place: an app that starts while it is replaced may still be the other
 * one. The guardian finds out; it may also be there by the user's own hand.
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
      // The copy outside of the installation, which may be about to change; its own, where that is gone.
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
      const told = parse(line);
      if (told.event === 'refused') log(`the update is left as it is: ${told.reason}`);
      if (told.event !== 'go_on' && told.event !== 'step_aside') return;
      // It goes on without us: it watches this start, or waits for our end.
      stdout.destroy();
      child.unref();
      resolve({ trial: String(told.trial || ''), aside: told.event === 'step_aside' });
    });
    stdout.on('data', (/** @type {Buffer} */ chunk) => lines.push(chunk));
    child.once('error', (error) => goOn(`the guardian could not be started: ${error.message}`));
    // Not at its exit: what it said may not have been read by then.
    child.once('close', (code) => {
      // Another guardian is at work, and starts the app itself.
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
 * The command line that starts this app again as it was started: without what was for this time only.
 * @param {object} from
 * @param {string} from.program
 * @param {string[]} from.argv without the program
 * @param {string} from.dataDir
 * @param {boolean} from.named whether the data folder was named
 * @returns {string[]}
 */
export function wordsThatStart({ program, argv, dataDir, named }) {
  const once = /^--(update=|update-folder=|rehearse$|quit$|safe-mode$|data-dir)/;
  const switches = argv.filter((word) => word.startsWith('--') && !once.test(word));
  return [program, ...switches, ...(named ? [`--data-dir=${dataDir}`] : [])];
}
