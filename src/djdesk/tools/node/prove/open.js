import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import readline from 'node:readline';

import { findElectron, noDisplay, noSandbox } from '../setup/electron.js';
import { findBrowser } from '../setup/find-browser.js';
import { cacheFolder, ownShell, modulesFolder } from '../setup/modules.js';
import { SetupProblem } from '../setup/say.js';
import { windowCommand } from '../setup/window-command.js';
import { DevTools } from './devtools.js';

/** Milliseconds until the app shows its first page; the shell has its own limits before that. */
const START = 120_000;
/** Milliseconds that a program has to exit after being asked to. */
const END = 15_000;

/**
 * @typedef {object} Opened a browser that shows the app
 * @property {'window' | 'chromium'} shell
 * @property {string} version
 * @property {DevTools} devtools
 * @property {string} session of its page
 * @property {string} origin of the app
 * @property {() => Promise<void>} close
 *
 * @typedef {{shell: 'window' | 'chromium', program: string, version: string, reason: string}} Choice
 */

/**
 * The window if it needs no download, otherwise a Chromium.
 * @param {import('../setup/plan.js').Plan} plan
 * @param {'window' | 'chromium' | 'auto'} wanted
 * @returns {Promise<Choice | {shell: null, reason: string}>} `reason`: why there is no window, or nothing at all
 */
export async function choose(plan, wanted) {
  let reason = '';
  if (wanted !== 'chromium') {
    reason = noDisplay();
    if (!reason) {
      const electron = await installedElectron(plan);
      if (!electron) reason = 'Electron is not installed yet (djdesk start installs it)';
      else if (process.getuid?.() !== 0 && noSandbox(electron)) reason = noSandbox(electron);
      else return { shell: 'window', program: electron.program, version: `Electron ${electron.version}`, reason: '' };
    }
    if (wanted === 'window') return { shell: null, reason };
  }
  const program = findBrowser();
  if (!program) return { shell: null, reason: [reason, 'no Chromium, Chrome or Edge was found (DJDESK_CHROMIUM names one)'].filter(Boolean).join('; ') };
  return { shell: 'chromium', program, version: path.basename(program), reason };
}

/** @param {import('../setup/plan.js').Plan} plan */
async function installedElectron(plan) {
  if (!process.env.ELECTRON_OVERRIDE_DIST_PATH && !plan.modules && !fs.existsSync(cacheFolder())) return null;
  const { electron } = await findElectron({ modules: () => modulesFolder(plan), download: false });
  return electron;
}

/**
 * Starts the shell and waits until it shows the app.
 * @param {import('../setup/plan.js').Plan} plan
 * @param {Choice} choice
 * @param {string} dataDir
 * @returns {Promise<Opened>}
 * @throws {SetupProblem} with what the shell reported instead
 */
export async function open(plan, choice, dataDir) {
  if (plan.sources && !plan.modules) plan.shell = await ownShell(plan, await modulesFolder(plan));
  return choice.shell === 'window' ? openWindow(plan, choice, dataDir) : openChromium(plan, choice, dataDir);
}

/** @type {(plan: import('../setup/plan.js').Plan, choice: Choice, dataDir: string) => Promise<Opened>} */
async function openWindow(plan, choice, dataDir) {
  const { program, args } = await windowCommand(plan, { program: choice.program, version: choice.version.replace(/^\D+/, '') });
  const flags = ['--remote-debugging-pipe', ...(process.getuid?.() === 0 ? ['--disable-gpu'] : [])];
  const shell = started(program, [...flags, ...args, `--app=${plan.app}`, '--data-dir', dataDir], { piped: true });
  const devtools = new DevTools(shell.child);
  try {
    const target = await shown(devtools, shell);
    const session = await attached(devtools, target.targetId);
    return { shell: 'window', version: choice.version, devtools, session, origin: new URL(target.url).origin, close: shell.end };
  } catch (error) {
    await shell.end();
    throw error;
  }
}

/** @type {(plan: import('../setup/plan.js').Plan, choice: Choice, dataDir: string) => Promise<Opened>} */
async function openChromium(plan, choice, dataDir) {
  const server = started(process.execPath, [path.join(plan.shell, 'electron', 'browser.js'), `--app=${plan.app}`, '--no-open', '--data-dir', dataDir]);
  /** @type {ReturnType<typeof started> | null} */
  let browser = null;
  try {
    const url = await new Promise((resolve, reject) => {
      readline.createInterface({ input: /** @type {import('node:stream').Readable} */ (server.child.stdout) }).once('line', (line) => resolve(JSON.parse(line).url));
      server.child.once('exit', () => reject(new SetupProblem('The app did not start.', '', server.said())));
    });
    const sandbox = process.getuid?.() === 0 || noSandbox({ program: choice.program, version: '' }) ? ['--no-sandbox'] : [];
    browser = started(choice.program, [
      '--headless=new', '--remote-debugging-pipe', `--user-data-dir=${path.join(dataDir, 'browser')}`, ...sandbox, '--disable-gpu',
      '--disable-background-networking', '--no-first-run', '--window-size=1180,800',
      // As in the window: nothing but the app is reachable.
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1', 'about:blank',
    ], { piped: true });
    const devtools = new DevTools(browser.child);
    // A signal would leave Chromium's temporary folders behind.
    browser.endsBy(() => devtools.send('Browser.close'));
    const { targetInfos } = await devtools.send('Target.getTargets');
    const { targetId } = targetInfos.find((/** @type {any} */ one) => one.type === 'page') ?? await devtools.send('Target.createTarget', { url: 'about:blank' });
    const session = await attached(devtools, targetId);
    await devtools.send('Page.navigate', { url }, session);
    const { origin } = new URL(url);
    return { shell: 'chromium', version: choice.version, devtools, session, origin, close: async () => { await browser?.end(); await server.end(); } };
  } catch (error) {
    await browser?.end();
    await server.end();
    throw error;
  }
}

/** How to end each running program. @type {Set<() => Promise<void>>} */
const running = new Set();

/** Ends everything started here, including what is still starting. */
export const endAll = async () => { await Promise.all([...running].map((end) => end())); };

/**
 * A program that ends with this one.
 * @param {string} program
 * @param {string[]} args
 * @param {{piped?: boolean}} [options]
 */
function started(program, args, { piped = false } = {}) {
  const child = spawn(program, args, {
    stdio: ['ignore', piped ? 'ignore' : 'pipe', 'pipe', ...(piped ? /** @type {'pipe'[]} */ (['pipe', 'pipe']) : [])],
    env: { ...process.env, DJDESK_FOLLOW_PARENT: '1' },
  });
  let said = '';
  child.stderr?.on('data', (data) => { said = (said + data).slice(-4000); });
  const gone = new Promise((resolve) => { child.once('exit', resolve); child.once('error', resolve); });
  /** Asks the program to exit in its own way, before a signal does. @type {() => Promise<unknown>} */
  let ask = async () => child.kill('SIGTERM');
  const end = async () => {
    if (child.exitCode === null && child.signalCode === null && child.pid) {
      ask().catch(() => child.kill('SIGTERM'));
      const timer = setTimeout(() => child.kill('SIGKILL'), END);
      await gone;
      clearTimeout(timer);
    }
    running.delete(end);
  };
  running.add(end);
  return { child, end, said: () => said, endsBy: (/** @type {typeof ask} */ way) => { ask = way; } };
}

/**
 * The window's page once it shows the app; throws with what the shell shows instead.
 * @param {DevTools} devtools
 * @param {ReturnType<typeof started>} shell
 * @returns {Promise<{targetId: string, url: string}>}
 */
function shown(devtools, shell) {
  return new Promise((resolve, reject) => {
    const failed = (/** @type {string} */ why) => reject(new SetupProblem('The window did not show the app.', '', why));
    const timer = setTimeout(() => failed(`nothing was shown within ${START / 1000} s\n${shell.said()}`), START);
    const look = (/** @type {{targetInfo: {type: string, url: string, targetId: string}}} */ { targetInfo }) => {
      if (targetInfo.type !== 'page') return;
      if (targetInfo.url.startsWith('http://127.0.0.1:')) resolve(targetInfo);
      else if (targetInfo.url.startsWith('app://shell/error')) failed(shell.said());
      else return;
      clearTimeout(timer);
    };
    devtools.on('Target.targetCreated', look);
    devtools.on('Target.targetInfoChanged', look);
    devtools.on('end', () => failed(`it ended\n${shell.said()}`));
    devtools.send('Target.setDiscoverTargets', { discover: true }).catch((error) => failed(error.message));
  });
}

/** @param {DevTools} devtools @param {string} targetId @returns {Promise<string>} */
async function attached(devtools, targetId) {
  const { sessionId } = await devtools.send('Target.attachToTarget', { targetId, flatten: true });
  return sessionId;
}
