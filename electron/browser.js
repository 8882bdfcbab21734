/**
 * The browser shell: the same supervisor as the window's, under plain Node, with the user's browser
 * as the window.   node electron/browser.js --app=APP.JSON [--no-open] [--safe-mode] [--data-dir
 * DIR]
 *
 * With --no-open the only line on stdout is {"event":"ready","url":…,"pid":…}; its address works
 * once. Otherwise the browser is given a page in the data folder, which only this user can read,
 * because everybody can read a process's arguments.
 */
import readline from 'node:readline';

import { AppProblem, findApp } from './app.js';
import { confirmUpdate } from './backend/confirm-update.js';
import { newToken } from './backend/contract.js';
import { dataDirPath } from './backend/data-dir.js';
import { requestBackend } from './backend/http.js';
import { openInBrowser } from './backend/opener.js';
import { asFailure, Problem } from './backend/problem.js';
import { createRuntime } from './backend/runtime.js';
import { settledWithin } from './backend/wait.js';
import { failureText, stageWords } from './backend/words.js';
import { sameText } from './locale/messages.js';
import { parseArguments } from './policy/arguments.js';

const options = parseArguments(process.argv.slice(2), { strict: true });
/**
 * Text for people goes to stderr; stdout is reserved for the line for scripts.
 * @param {string} line
 */
const say = (line) => process.stderr.write(`${line}\n`);
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

if (options.problem) {
  say(`${options.problem}\nUsage: node electron/browser.js --app=APP.JSON [--no-open] [--safe-mode] [--data-dir DIR]`);
  process.exit(2);
}

const developing = process.env.DJDESK_MODE === 'development';
const app = readApp();
const { supervisor, logs, tools } = createRuntime({
  app,
  dataDir: dataDirPath(app, { override: options.dataDir }),
  browserSession: newToken(),
  safeMode: options.safeMode,
  // A developer's terminal shows the output of server and worker, above all tracebacks.
  echo: developing ? (line) => line.startsWith('shell: ') || say(line) : null,
});

function readApp() {
  try {
    return findApp(options.app, null);
  } catch (error) {
    if (!(error instanceof AppProblem)) throw error;
    say(error.message);
    return process.exit(2);
  }
}

/** The origin shown last: after a change of port, open pages no longer work. */
let shown = '';
let lastStage = '';
/** Report one failure; errors while reporting it must not start over. */
let failing = false;

/**
 * A new one-time login: an address and, if requested, a page in a file.
 * @param {{page: boolean}} wanted
 * @returns {Promise<{url: string, page: string | null}>} no page if the server could not write it
 */
async function wayIn(wanted) {
  const { backend } = supervisor;
  if (!backend) throw new Error('the server is not ready');
  const { port, token, origin } = backend;
  const answer = await requestBackend({ port, token, path: `/desktop/code/${wanted.page ? '?page=1' : ''}`, method: 'POST', timeoutMs: 10000 });
  let url = null;
  let page = null;
  try {
    ({ url, page = null } = JSON.parse(answer.body));
  } catch {
    // Reported below, with the status.
  }
  if (answer.status !== 200 || typeof url !== 'string' || !url.startsWith(`${origin}/`)) {
    throw new Problem({
      stage: 'address',
      code: 'internal',
      reason: `The server did not hand out an address for the browser (it answered ${answer.status}).`,
      hint: `The log files in ${logs.dir} tell more.`,
    });
  }
  return { url, page };
}

/** Get a one-time login and open it for the user. */
async function present() {
  const { url, page } = await wayIn({ page: options.open });
  if (!options.open) {
    process.stdout.write(`${JSON.stringify({ event: 'ready', url, pid: process.pid })}\n`);
    return;
  }
  const obstacle = page ? await openInBrowser(page) : 'the page for it could not be written to the data folder';
  // Some sandboxed browsers (snap, flatpak) cannot read the data folder, and no error reaches us.
  if (obstacle === null) say(`Opened in your browser. If it shows an error instead, open this address yourself; it works once:\n\n  ${url}\n`);
  else say(`The browser was not opened: ${obstacle}.\nOpen this address yourself; it works once:\n\n  ${url}\n`);
}

/** @param {number} code */
async function end(code) {
  process.exitCode = process.exitCode || code;
  const { running, lost } = supervisor.worker.status.jobs;
  if (running && supervisor.state !== 'stopping') {
    say(`${running === 1 ? '1 job is' : `${running} jobs are`} stopped. ${lost === 0 ? 'At the next start, each continues from its last checkpoint.' : `At the next start, those that can be resumed go on; ${lost} cannot.`}`);
  }
  const stopped = supervisor.stop();
  if (!(await settledWithin(stopped, 1000))) {
    say(supervisor.worker.status.busy ? 'Waiting for running work to stop… (Ctrl+C again ends it at once)' : 'Waiting for the server to finish…');
  }
  await stopped;
  logs.flush();
  process.exit();
}

/** @param {import('./backend/problem.js').Failure} failure */
async function fail(failure) {
  if (failing) {
    end(1);
    return;
  }
  failing = true;
  if (failure.code === 'already_running') {
    // Not a failure: the app is running, and this is how to open it.
    say(`\n${app.name} is already running. ${failure.reason}`);
    say('If it has a window, switch to that. If it was started in a terminal, press Enter there: that opens it in your browser once more.');
    say('A second copy, with data of its own: start it with --data-dir DIR.');
    end(1);
    return;
  }
  say(`\n${app.name} ${supervisor.backend || shown ? 'stopped working' : 'did not start'}.\n${failureText(failure)}`);
  const tail = (failure.tail || []).filter((line) => !line.startsWith('shell: ')).slice(-10);
  if (tail.length) say(`\nLast log lines:\n${tail.map((line) => `  ${line}`).join('\n')}`);
  say(`\nLogs: ${logs.dir}`);
  await sayWaysOut(failure);
  if (developing && options.open && failure.code === 'bad_config') {
    // source-watch.js starts it again.
    failing = false;
    say('\nCorrect it and save: the app then starts by itself. Ctrl+C ends it.');
    return;
  }
  end(1);
}

/**
 * Print the remedies that the window has buttons for.
 * @param {import('./backend/problem.js').Failure} failure
 */
async function sayWaysOut({ code }) {
  if (tools.obstacle()) return;
  const { backups } = await tools.backups();
  if (backups.length) {
    const [{ name, created, version }] = backups;
    say(`\nThe latest of ${backups.length} backup${backups.length === 1 ? '' : 's'} is of ${created.slice(0, 16).replace('T', ' ')} UTC, version ${version}. To restore it:`);
    say(`  ${tools.commandLine(['data', 'restore', name])}`);
    if (backups.length > 1) say(`To see all of them:\n  ${tools.commandLine(['data', 'list'])}`);
  }
  if (!options.safeMode && !code.startsWith('database_')) say('\nTo start without background tasks: start it with --safe-mode.');
  say(`To collect what a report needs:\n  ${tools.commandLine(['diagnostics'])}`);
}

function listenForEnter() {
  // With a debugger attached, we must not read from the terminal.
  if (!options.open || !process.stdin.isTTY || process.env.DJDESK_TERMINAL) return;
  say('Press Enter for another one-time address, Ctrl+C to stop.');
  readline.createInterface({ input: process.stdin }).on('line', (line) => {
    if (line.trim() === 'end') {
      supervisor.endServer();
      return;
    }
    present().catch((error) => say(failureText(asFailure(error, 'address'))));
  });
}

for (const signal of /** @type {NodeJS.Signals[]} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  process.on(signal, () => {
    // A user who asks twice does not want to wait.
    if (supervisor.state === 'stopping' && Date.now() - supervisor.since > 500) supervisor.hurry();
    end(0);
  });
}
process.on('uncaughtException', (error) => fail(asFailure(error, 'shell')));
process.on('unhandledRejection', (error) => fail(asFailure(error, 'shell')));

supervisor.on('stage', (stage) => {
  if (stage.name !== lastStage) say(`${stageWords(stage.name)}…`);
  lastStage = stage.name;
});
supervisor.on('state', ({ state, restart }) => {
  if (state !== 'restarting') return;
  lastStage = '';
  if (restart.planned) say(`${restart.reason}: the server starts again.`);
  else say(`${restart.reason} Starting it again in ${restart.delayMs / 1000} s (attempt ${restart.attempt}).`);
});
let troubled = false;
supervisor.on('trouble', (trouble) => {
  if (trouble && !troubled) say(`${trouble}${options.open && process.stdin.isTTY ? ' To end that and start the server anew, type "end" and press Enter.' : ''}`);
  if (!trouble && troubled && supervisor.state === 'ready') say('The app answers again.');
  troubled = trouble !== '';
});
let workerState = '';
/** @type {import('./locale/messages.js').Text} */
let waitingFor = '';
supervisor.on('worker', ({ state, failure, waiting }) => {
  if (!sameText(waiting, waitingFor)) say(waiting ? `${waiting} Background work continues automatically as soon as that is over.` : 'Background work continues.');
  waitingFor = waiting;
  const news = state !== workerState;
  workerState = state;
  if (news && state === 'failed') say(`Background work is not available: ${failure.reason}`);
});
for (const one of supervisor.processes) {
  let shown = '';
  one.on('status', ({ state, failure }) => {
    if (state === 'failed' && shown !== state) say(`${failure.reason} ${failure.hint}`);
    shown = state;
  });
}
supervisor.on('failed', fail);
// The server knows whether the browser loaded a page.
confirmUpdate(supervisor, { onEnd: ({ confirmed, reason }) => { if (!confirmed) say(String(reason)); } });
supervisor.on('ready', ({ origin }) => {
  const first = shown === '';
  say(first ? `Ready at ${origin}` : 'The server is back.');
  if (first && supervisor.safeMode) say('Background tasks are off (--safe-mode): nothing that is queued runs.');
  if (shown === origin) return;
  shown = origin;
  // A script gets only one line; after a change of port it has to ask its user.
  if (!first && !options.open) return;
  present().then(() => first && listenForEnter(), (error) => fail(asFailure(error, 'address')));
});
supervisor.start();
