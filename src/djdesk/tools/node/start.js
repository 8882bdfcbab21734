/**
 * Chooses a shell and starts it: the window if it can be had, else the browser.
 *
 *   node start.js --shell browser --data-dir DIR …
 */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

import { runnable } from './legacy-lane/runnable.js';
import { chooseShell } from './setup/choose-shell.js';
import { findElectron, FIRST_WITH_ESM, noDisplay, noSandbox } from './setup/electron.js';
import { followParent } from './setup/follow-parent.js';
import { modulesFolder, ownShell, toolsBeside } from './setup/modules.js';
import { parseStartOptions, USAGE } from './setup/options.js';
import { readPlan } from './setup/plan.js';
import { lastWords, run } from './setup/run.js';
import { fail, say, SetupProblem } from './setup/say.js';

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
 * In this very process: there is one pid to kill, and its stdin and terminal are the user's.
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
  const start = runnable(electron.program, await appFolder(electron));
  await drawWindowIcon();
  const flags = [];
  if (process.getuid?.() === 0) {
    say('You are root, so Chromium runs without its sandbox. Better: use an ordinary account.');
    flags.push('--no-sandbox');
  }
  const child = spawn(start.program, [...flags, ...start.args, ...args], {
    stdio: 'inherit',
    env: { ...process.env, DJDESK_FOLLOW_PARENT: '1' },
  });
  // Ctrl+C reaches the whole terminal's group; a signal to this process alone is handed on.
  for (const signal of /** @type {NodeJS.Signals[]} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => child.kill(signal));
  }
  void followParent(() => child.kill('SIGTERM'));
  child.on('error', (error) => fail(new SetupProblem(`Electron could not be started: ${error.message}.`, 'Use your own browser instead: --shell browser')));
  child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
}

/** The window wants a PNG; packaging has not made it yet when an app is started for the first time. */
async function drawWindowIcon() {
  const about = JSON.parse(fs.readFileSync(plan.app, 'utf8'));
  if (about.windowIcon || !about.icon) return;
  const icons = path.join(plan.stage, 'icons');
  const tools = await toolsBeside(await modulesFolder(plan));
  const result = await run(process.execPath, [path.join(tools, 'icons.js'), path.resolve(path.dirname(plan.app), about.icon), icons]);
  if (result.code !== 0) say(`The window has no icon of its own: ${lastWords(result)}`);
  else fs.writeFileSync(plan.app, `${JSON.stringify({ ...about, windowIcon: path.join(icons, 'png', '256x256.png') }, null, 2)}\n`);
}

/**
 * What Electron is given to run. A version from before ES modules gets a bundle in its own dialect.
 * @param {import('./setup/electron.js').Electron} electron
 */
async function appFolder(electron) {
  const major = Number.parseInt(electron.version, 10);
  if (!(major < FIRST_WITH_ESM)) return plan.shell;
  say(`Electron ${electron.version} is older than this app is made for: using a build for it. For trying out only.`);
  const tools = await toolsBeside(await modulesFolder(plan));
  const result = await run(process.execPath, [path.join(tools, 'legacy-lane', 'build.js'), plan.shell, path.join(plan.stage, 'legacy')]);
  if (result.code !== 0) throw new SetupProblem('The build for the old Electron failed.', 'Use a current Electron, or your own browser: --shell browser', lastWords(result));
  return path.resolve(result.stdout.trim().split('\n').pop() ?? '');
}

main().catch(fail);
