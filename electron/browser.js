/**
 * The browser shell: the same supervisor as the window's, under plain Node, with the user's own
 * browser in front.   node electron/browser.js [--no-open] [--data-dir DIR]
 *
 * With --no-open the only line on stdout is {"event":"ready","url":…,"pid":…}; the address in it works once.
 */
import readline from 'node:readline';

import { newToken } from './backend/contract.js';
import { dataDirPath } from './backend/data-dir.js';
import { requestBackend } from './backend/http.js';
import { openInBrowser } from './backend/opener.js';
import { asFailure, Problem } from './backend/problem.js';
import { createRuntime } from './backend/runtime.js';
import { settledWithin } from './backend/wait.js';
import { failureText, stageWords } from './backend/words.js';
import { ROOT } from './paths.js';
import { parseArguments } from './policy/arguments.js';

const options = parseArguments(process.argv.slice(2), { strict: true });
/** Everything for people goes to stderr; stdout belongs to the one line for scripts. @param {string} line */
const say = (line) => process.stderr.write(`${line}\n`);
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

if (options.problem) {
  say(`${options.problem}\nUsage: node electron/browser.js [--no-open] [--data-dir DIR]`);
  process.exit(2);
}

const { supervisor, logs } = createRuntime({
  dataDir: dataDirPath({ override: options.dataDir }),
  root: ROOT,
  browserSession: newToken(),
});

/**
 * A fresh address that works once.
 * @returns {Promise<string>}
 */
async function oneTimeAddress() {
  const { backend } = supervisor;
  if (!backend) throw new Error('the server is not ready');
  const { port, token, origin } = backend;
  const answer = await requestBackend({ port, token, path: '/desktop/code/', method: 'POST', timeoutMs: 10000 });
  let url = null;
  try {
    ({ url } = JSON.parse(answer.body));
  } catch {
    // Told below, with the status.
  }
  if (answer.status !== 200 || typeof url !== 'string' || !url.startsWith(`${origin}/`)) {
    throw new Problem({
      stage: 'address',
      code: 'internal',
      reason: `The server did not hand out an address for the browser (it answered ${answer.status}).`,
      hint: `The log files in ${logs.dir} tell more.`,
    });
  }
  return url;
}

/** Get an address and put it in front of the user. */
async function present() {
  const url = await oneTimeAddress();
  if (!options.open) {
    process.stdout.write(`${JSON.stringify({ event: 'ready', url, pid: process.pid })}\n`);
    return;
  }
  const obstacle = await openInBrowser(url);
  if (obstacle === null) say('Opened in your browser.');
  else say(`The browser was not opened: ${obstacle}.\nOpen this address yourself; it works once:\n\n  ${url}\n`);
}

/** @param {number} code */
async function end(code) {
  process.exitCode = process.exitCode || code;
  const stopped = supervisor.stop();
  if (!(await settledWithin(stopped, 1000))) say('Waiting for running work to stop…');
  await stopped;
  logs.flush();
  process.exit();
}

/** @param {import('./backend/problem.js').Failure} failure */
function fail(failure) {
  say(`\nDJDesk did not start.\n${failureText(failure)}`);
  const tail = (failure.tail || []).filter((line) => !line.startsWith('shell: ')).slice(-10);
  if (tail.length) say(`\nLast log lines:\n${tail.map((line) => `  ${line}`).join('\n')}`);
  say(`\nLogs: ${logs.dir}`);
  end(1);
}

function listenForEnter() {
  if (!options.open || !process.stdin.isTTY) return;
  say('Press Enter for another one-time address, Ctrl+C to stop.');
  readline.createInterface({ input: process.stdin }).on('line', () => {
    present().catch((error) => say(failureText(asFailure(error, 'address'))));
  });
}

for (const signal of /** @type {NodeJS.Signals[]} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  process.on(signal, () => end(0));
}
process.on('uncaughtException', (error) => fail(asFailure(error, 'shell')));
process.on('unhandledRejection', (error) => fail(asFailure(error, 'shell')));

/** The origin that was shown last: another port means that open pages lead nowhere. */
let shown = '';
let lastStage = '';
supervisor.on('stage', (stage) => {
  if (stage.name !== lastStage) say(`${stageWords(stage.name)}…`);
  lastStage = stage.name;
});
supervisor.on('state', ({ state, restart }) => {
  if (state === 'restarting') say(`${restart.reason} Starting it again in ${restart.delayMs / 1000} s (attempt ${restart.attempt}).`);
});
supervisor.on('worker', ({ state, failure }) => {
  if (state === 'failed') say(`Background work is not available: ${failure.reason}`);
});
supervisor.on('failed', fail);
supervisor.on('ready', ({ origin }) => {
  const first = shown === '';
  say(first ? `Ready at ${origin}` : 'The server is back.');
  if (shown === origin) return;
  shown = origin;
  // A script was promised one line; after a change of port it has to ask its user.
  if (!first && !options.open) return;
  present().then(() => first && listenForEnter(), (error) => fail(asFailure(error, 'address')));
});
supervisor.start();
