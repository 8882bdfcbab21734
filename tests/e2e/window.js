import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { _electron } from 'playwright-core';

import { buildLegacy } from '../../src/djdesk/tools/node/legacy-lane/build.js';
import { runnable } from '../../src/djdesk/tools/node/legacy-lane/runnable.js';
import { FIRST_WITH_ESM, inFolder } from '../../src/djdesk/tools/node/setup/electron.js';
import { alive, APP_FILE, atEnd, FAKE, fakeBackend, until } from '../electron/fixtures/harness.js';
import { commandLine, descendants, REAL, usersOf } from '../electron/fixtures/processes.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const electron = inFolder(process.env.ELECTRON_OVERRIDE_DIST_PATH || path.join(ROOT, 'node_modules', 'electron', 'dist'));

/** @param {string} name */
const onPath = (name) => (process.env.PATH || '').split(path.delimiter).some((dir) => fs.existsSync(path.join(dir, name)));

/** The shell for an old Electron: parallel test files each make their own. */
const LEGACY = path.join(ROOT, 'build', 'legacy', String(process.pid));

const needsDisplay = process.platform === 'linux' && !process.env.DISPLAY;

/** Why window tests cannot run here, with how to install what is missing; or null. */
export function missing() {
  if (!electron) {
    return 'no Electron binary: run "npx electron --version" once to download it, or set ELECTRON_OVERRIDE_DIST_PATH to the folder of one';
  }
  if (needsDisplay && !onPath('Xvfb')) return 'no display: set DISPLAY, or needs-package: xvfb';
  if (process.platform === 'win32') return 'the stand-in for Python is a script with a shebang, which Windows does not run';
  return null;
}

/** @type {Promise<string | undefined> | null} */
let display = null;
/** @type {import('node:child_process').ChildProcess | null} */
let xvfb = null;

/**
 * A separate display for this process if there is none.
 * @returns {Promise<string | undefined>} the value for DISPLAY
 */
export function ensureDisplay() {
  if (!needsDisplay) return Promise.resolve(process.env.DISPLAY);
  display = display || new Promise((resolve, reject) => {
    xvfb = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1280x900x24', '-nolisten', 'tcp'], { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
    xvfb.once('error', reject);
    /** @type {import('node:stream').Readable} */ (xvfb.stdio[3]).once('data', (chunk) => resolve(`:${String(chunk).trim()}`));
  });
  return display;
}

export function endDisplay() {
  if (xvfb) xvfb.kill();
  fs.rmSync(LEGACY, { recursive: true, force: true });
}

/** @type {Promise<{program: string, args: string[]}> | null} */
let command = null;

async function electronCommand() {
  const { program, version } = /** @type {import('../../src/djdesk/tools/node/setup/electron.js').Electron} */ (electron);
  const legacy = Number.parseInt(version, 10) < FIRST_WITH_ESM;
  return runnable(program, legacy ? await buildLegacy(ROOT, LEGACY) : ROOT);
}

/**
 * @typedef {object} Running
 * @property {import('playwright-core').ElectronApplication} app
 * @property {import('../electron/fixtures/harness.js').FakeBackend} fake
 * @property {string} dataDir
 * @property {number} pid of the main process
 * @property {import('playwright-core').Page} page the window
 * @property {string} display its X display
 * @property {() => string} log the last lines of stderr
 */

/**
 * Start the window shell on a fake backend (or, with `python`, on a real one).
 * @param {import('node:test').TestContext} t
 * @param {{plan?: object, dataDir?: string, python?: string, appFile?: string, args?: string[], env?: Record<string, string>}} [options] `appFile`: which app; a fictitious one by default
 * @returns {Promise<Running>}
 */
export async function openShell(t, { plan = {}, dataDir, python = FAKE, appFile = APP_FILE, args = [], env = {} } = {}) {
  const fake = fakeBackend(t, plan);
  const dir = dataDir || path.join(fake.dir, 'data');
  command = command || electronCommand();
  const { program, args: folder } = await command;
  const sandbox = process.getuid && process.getuid() === 0 ? ['--no-sandbox'] : [];
  const screen = (await ensureDisplay()) || '';
  // Before the folder is deleted. Also waits for a failed start.
  atEnd(t, () => until(() => !usersOf(dir).length, { what: () => `the end of ${usersOf(dir).map(commandLine)}` }));
  const app = await _electron.launch({
    executablePath: program,
    args: [...sandbox, '--disable-gpu', ...folder, `--app=${appFile}`, '--data-dir', dir, ...args],
    env: /** @type {Record<string, string>} */ ({ ...fake.env, ...(python === FAKE ? {} : REAL), DJDESK_PYTHON: python, DISPLAY: screen, ...env }),
    timeout: 60000,
  });
  const child = app.process();
  /** @type {string[]} */
  const lines = [];
  if (child.stderr) child.stderr.on('data', (chunk) => lines.push(String(chunk)));
  const pid = Number(child.pid);
  atEnd(t, async () => {
    const left = descendants(pid);
    if (alive(pid)) child.kill('SIGKILL');
    await until(() => !left.some(alive), { what: 'the end of what the window had started' });
  });
  const page = await app.firstWindow({ timeout: 30000 });
  page.setDefaultTimeout(20000);
  return { app, fake, dataDir: dir, pid, page, display: screen, log: () => lines.join('').slice(-4000) };
}

/**
 * Start the window shell as a script would, without a driver.
 * @param {import('node:test').TestContext} t
 * @param {{args: string[], dataDir?: string, python?: string, appFile?: string}} options
 * @returns {Promise<{pid: number, text: () => string, ended: Promise<number | null>}>} `text`: of its stdout
 */
export async function runShell(t, { args, dataDir, python = FAKE, appFile = APP_FILE }) {
  const fake = fakeBackend(t, {});
  const dir = dataDir || path.join(fake.dir, 'data');
  command = command || electronCommand();
  const { program, args: folder } = await command;
  const sandbox = process.getuid && process.getuid() === 0 ? ['--no-sandbox'] : [];
  const child = spawn(program, [...sandbox, '--disable-gpu', ...folder, `--app=${appFile}`, '--data-dir', dir, ...args], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...fake.env, ...(python === FAKE ? {} : REAL), DJDESK_PYTHON: python, DISPLAY: (await ensureDisplay()) || '' },
  });
  let text = '';
  child.stdout.on('data', (chunk) => { text += chunk; });
  atEnd(t, async () => {
    child.kill('SIGTERM');
    await until(() => !usersOf(dir).length, { limitMs: 12000, what: 'the end of the window' }).catch(() => child.kill('SIGKILL'));
  });
  return { pid: Number(child.pid), text: () => text, ended: new Promise((resolve) => { child.once('close', resolve); }) };
}

/**
 * The first line of its output.
 * @param {import('node:test').TestContext} t
 * @param {string[]} args
 * @returns {Promise<{line: string, pid: number}>}
 */
export async function firstLine(t, args) {
  const { pid, text } = await runShell(t, { args });
  await until(() => text().includes('\n'), { what: 'a line on stdout' });
  return { line: text().split('\n')[0], pid };
}

/** Milliseconds after which the shell itself has given up on a silent server. */
const START_ENDS = 90000;

/**
 * Wait until the window shows the app. A first start creates a database; its duration depends on the machine,
 * and the shell's own timeouts end it.
 * @param {Running} running
 */
export async function appShown({ page, log }) {
  await until(() => page.url().startsWith('http://127.0.0.1:'), { limitMs: START_ENDS, what: () => `the app's page; log:\n${log()}` });
  await page.waitForLoadState('load');
}
