/**
 * Starts a packaged app as a user's system would, with next to nothing in the environment, and lets
 * Playwright look into its window. Shared by the package test and the smoke run of a release.
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
 * @property {Promise<void>} gone when the main process has ended
 * @property {() => string} log what it wrote to stderr, last lines
 *
 * @typedef {object} How
 * @property {string} home
 * @property {string} [display] X display
 * @property {string[]} [args]
 * @property {Record<string, string>} [env] more of it
 * @property {number} [limitMs]
 */

/**
 * The environment of somebody who has just logged in.
 * @param {How} how
 * @param {NodeJS.ProcessEnv} env
 * @returns {Record<string, string>}
 */
export function bareEnvironment({ home, display, env: more = {} }, env = process.env) {
  /** @type {Record<string, string>} */
  const bare = { HOME: home, LANG: 'C.UTF-8', ...more };
  if (display) bare.DISPLAY = display;
  if (process.platform === 'win32') {
    // Windows itself wants these.
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
 * With its fuses set, only Chromium's own door is left; Playwright finds the window behind it.
 * @param {string} program
 * @param {How} how
 * @returns {Promise<Driven>}
 */
export async function drive(program, how) {
  const { args = [], limitMs = 60000, display = '' } = how;
  const child = spawn(program, [...args, '--remote-debugging-port=0'], { env: bareEnvironment(how), stdio: ['ignore', 'ignore', 'pipe'] });
  const { gone, log, said } = watch(child);
  try {
    const [, endpoint] = await said(/DevTools listening on (ws:\S+)/, limitMs);
    // Its defaults for a browser context want what Electron does not have.
    const browser = await chromium.connectOverCDP(endpoint, { timeout: limitMs, noDefaults: true });
    const [context] = browser.contexts();
    const page = context.pages()[0] ?? await context.waitForEvent('page', { timeout: limitMs });
    return { page, pid: Number(child.pid), display, gone, log };
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
}

/** @param {import('node:child_process').ChildProcess} child */
function watch(child) {
  let text = '';
  /** @type {Set<() => void>} */
  const listeners = new Set();
  child.stderr?.on('data', (chunk) => {
    text = (text + chunk).slice(-20000);
    listeners.forEach((listener) => listener());
  });
  /** @type {Promise<void>} */
  const gone = new Promise((resolve) => { child.once('exit', () => resolve()); });
  /** @param {RegExp} pattern @param {number} limitMs @returns {Promise<RegExpExecArray>} */
  const said = (pattern, limitMs) => new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`It did not say ${pattern} within ${limitMs} ms:\n${text}`)), limitMs);
    const look = () => {
      const match = pattern.exec(text);
      if (!match) return;
      clearTimeout(timer);
      listeners.delete(look);
      resolve(match);
    };
    listeners.add(look);
    child.once('exit', () => reject(new Error(`It ended at once:\n${text}`)));
    look();
  });
  return { gone, log: () => text.slice(-4000), said };
}

/**
 * A display of one's own, without access control: another user's process may draw on it.
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
