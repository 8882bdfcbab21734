/**
 * Chooses a shell and starts it: the window if possible, otherwise the browser.
 *
 *   node start.js --shell browser --data-dir DIR …
 */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

import { chooseShell } from './setup/choose-shell.js';
import { findElectron, noDisplay, noSandbox } from './setup/electron.js';
import { followParent } from './setup/follow-parent.js';
import { modulesFolder, ownShell } from './setup/modules.js';
import { parseStartOptions, USAGE } from './setup/options.js';
import { readPlan } from './setup/plan.js';
import { fail, say, SetupProblem } from './setup/say.js';
import { windowCommand } from './setup/window-command.js';

const plan = readPlan();

async function main() {
  const options = readOptions();
  if (plan.sources && !plan.modules) plan.shell = await ownShell(plan, await modulesFolder(plan));
  const choice = await chooseShell({
    wanted: options.shell,
    open: options.open,
    noDisplay: noDisplay(),
    findElectron: () => findElectron({ modules: () => modulesFolder(plan), insist: options.shell === 'electron' }),
    noSandbox: (electron) => (process.getuid?.() === 0 ? '' : noSandbox(electron)),
  });
  if (choice.shell === null) {
    throw new SetupProblem(`The window cannot be opened: ${choice.why}.`, 'Use your own browser instead: --shell browser');
  }
  say(choice.shell === 'electron'
    ? `Opening the window with Electron ${choice.electron.version}: ${choice.why}.`
    : `Using the browser shell: ${choice.why}.`);
  const passedOn = [
    `--app=${plan.app}`,
    ...(options.dataDir ? ['--data-dir', options.dataDir] : []),
    ...(options.safeMode ? ['--safe-mode'] : []),
    ...(options.open ? [] : ['--no-open']),
  ];
  if (choice.shell === 'electron') await startWindow(choice.electron, [...passedOn, ...options.rest]);
  else await startBrowserShell(passedOn);
}

function readOptions() {
  try {
    const options = parseStartOptions(process.argv.slice(2));
    if (options.help) {
      process.stdout.write(USAGE);
      process.exit(0);
    }
    return options;
  } catch (error) {
    say(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
    process.exit(2);
  }
}

/**
 * In this process: there is one pid to kill, and it has the user's stdin and terminal.
 * @param {string[]} args
 */
async function startBrowserShell(args) {
  const script = path.join(plan.shell, 'electron', 'browser.js');
  process.argv = [process.execPath, script, ...args];
  void followParent(() => process.kill(process.pid, 'SIGTERM'));
  await import(pathToFileURL(script).href);
}

/**
 * @param {import('./setup/electron.js').Electron} electron
 * @param {string[]} args
 */
async function startWindow(electron, args) {
  const start = await windowCommand(plan, electron);
  const child = spawn(start.program, [...start.args, ...args], {
    stdio: 'inherit',
    env: { ...process.env, DJDESK_FOLLOW_PARENT: '1' },
  });
  // Ctrl+C reaches the whole terminal group; a signal to this process alone is forwarded.
  for (const signal of /** @type {NodeJS.Signals[]} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => child.kill(signal));
  }
  void followParent(() => child.kill('SIGTERM'));
  child.on('error', (error) => fail(new SetupProblem(`Electron could not be started: ${error.message}.`, 'Use your own browser instead: --shell browser')));
  child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
}

main().catch(fail);
