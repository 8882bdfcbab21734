/**
 * Starts a packaged app as a user's system would, with an almost empty environment, and connects Playwright
 * to its window. Shared by the package tests and the smoke test of a release.
 */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

import { chromium } from 'playwright-core';

/**
 * @typedef {object} Driven
 * @property {import('playwright-core').Page} page the window
 * @property {number} pid
 * @property {string} display
 * @property {Promise<void>} gone resolves when the main process has ended
 * @property {() => string} log the last lines of its stderr
 *
 * @typedef {object} How
 * @property {string} home
 * @property {string} [display] X display
 * @property {string[]} [args]
 * @property {Record<string, string>} [env] further variables
 * @property {string[]} [places] folders besides the home where it may keep its data
 * @property {number} [limitMs]
 */

/**
 * The environment of a user who has just logged in.
 * @param {How} how
 * @param {NodeJS.ProcessEnv} env
 * @returns {Record<string, string>}
 */
export function bareEnvironment({ home, display, env: more = {} }, env = process.env) {
  /** @type {Record<string, string>} */
  const bare = { HOME: home, LANG: 'C.UTF-8', ...more };
  if (display) bare.DISPLAY = display;
  if (process.platform === 'win32') {
    // Required by Windows itself.
    for (const name of ['SystemRoot', 'SystemDrive', 'ComSpec', 'PATHEXT', 'windir', 'NUMBER_OF_PROCESSORS', 'PROCESSOR_ARCHITECTURE', 'USERNAME']) {
      if (env[name]) bare[name] = String(env[name]);
    }
    const local = path.join(home, 'AppData', 'Local');
    Object.assign(bare, { USERPROFILE: home, LOCALAPPDATA: local, APPDATA: path.join(home, 'AppData', 'Roaming'), TEMP: path.join(local, 'Temp'), TMP: path.join(local, 'Temp') });
    for (const folder of [bare.LOCALAPPDATA, bare.APPDATA, bare.TEMP]) fs.mkdirSync(folder, { recursive: true });
    bare.PATH = `${env.SystemRoot}\\System32;${env.SystemRoot}`;
  } else bare.PATH = '/usr/bin:/bin';
  return bare;
}

/**
 * With the fuses set, only Chromium's own debugging port works; Playwright connects to the window through it.
 * @param {string} program
 * @param {How} how
 * @returns {Promise<Driven>}
 */
export async function drive(program, how) {
  const { args = [], limitMs = 60000, display = '' } = how;
  const begun = Date.now();
  const child = spawn(program, [...args, '--remote-debugging-port=0'], { env: bareEnvironment(how), stdio: ['ignore', 'ignore', 'pipe'] });
  const { gone, log, ended } = watch(child);
  try {
    const endpoint = await Promise.race([devTools([how.home, ...(how.places ?? [])], begun, limitMs, log), ended]);
    // The defaults for a browser context need features that Electron lacks.
    const browser = await chromium.connectOverCDP(endpoint, { timeout: limitMs, noDefaults: true });
    const [context] = browser.contexts();
    const page = context.pages()[0] ?? await context.waitForEvent('page', { timeout: limitMs });
    return { page, pid: Number(child.pid), display, gone, log };
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
}

/**
 * The DevTools endpoint of the window. Chromium prints it, and also writes it beside its own files, which is
 * the only source for a program without output, such as the portable one for Windows.
 * @param {string[]} places folders that the app may keep its data below
 * @param {number} begun milliseconds since the epoch: an older file belongs to an earlier start
 * @param {number} limitMs
 * @param {() => string} [log] its stderr so far
 */
export async function devTools(places, begun, limitMs, log = () => '') {
  while (Date.now() < begun + limitMs) {
    const [, said] = /DevTools listening on (ws:\S+)/.exec(log()) || [];
    if (said) return said;
    for (const place of places) {
      const file = fs.existsSync(place) && fs.readdirSync(place, { recursive: true, encoding: 'utf8' })
        .map((name) => path.join(place, name))
        .find((name) => path.basename(name) === 'DevToolsActivePort' && (fs.statSync(name, { throwIfNoEntry: false })?.mtimeMs ?? 0) >= begun - 1000);
      const [port, target] = file ? fs.readFileSync(file, 'utf8').split('\n') : [];
      if (target) return `ws://127.0.0.1:${port}${target.trim()}`;
    }
    await new Promise((resolve) => { setTimeout(resolve, 100); });
  }
  throw new Error(`There is no DevToolsActivePort below ${places.join(', ')} after ${limitMs} ms.`);
}

/** @param {import('node:child_process').ChildProcess} child */
function watch(child) {
  let text = '';
  child.stderr?.on('data', (chunk) => { text = (text + chunk).slice(-20000); });
  /** @type {Promise<void>} */
  const gone = new Promise((resolve) => { child.once('exit', () => resolve()); });
  /** @type {Promise<never>} */
  const ended = new Promise((_resolve, reject) => {
    child.once('exit', () => reject(new Error(`It ended at once:\n${text}`)));
  });
  // Ignored once nobody waits for a page any more.
  ended.catch(() => {});
  return { gone, ended, log: () => text.slice(-4000) };
}

/**
 * A separate X display without access control, because another user's process may draw on it.
 * @returns {Promise<{display: string, end: () => void}>}
 */
export function virtualDisplay() {
  return new Promise((resolve, reject) => {
    const child = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1280x900x24', '-nolisten', 'tcp', '-ac'], { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`Xvfb ended with ${code}`)));
    /** @type {import('node:stream').Readable} */ (child.stdio[3]).once('data', (chunk) => {
      resolve({ display: `:${String(chunk).trim()}`, end: () => child.kill() });
    });
  });
}
