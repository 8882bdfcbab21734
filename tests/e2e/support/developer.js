/** A developer's machine with nothing of this checkout except the wheel. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { inRoot } from '../../../scripts/setup/paths.js';

export const WINDOWS = process.platform === 'win32';
/**
 * Whether packaging is possible; a machine in a closed network names its Python archive. See
 * docs/packaging.md.
 */
export const canPackage = !WINDOWS && Boolean(process.env.DJDESK_PYTHON_ARCHIVE || process.env.CI);

/** @param {string} venv */
export const programs = (venv) => path.join(venv, WINDOWS ? 'Scripts' : 'bin');

/**
 * The environment of a user who has just logged in.
 * @param {string} home
 * @param {{bin?: string, more?: Record<string, string>}} [options] `bin`: first on PATH
 * @returns {Record<string, string>}
 */
export function developer(home, { bin = '', more = {} } = {}) {
  const kept = Object.entries(process.env).filter(([name]) =>
    !/^(npm_|PYTHON|VIRTUAL_ENV|DJANGO|NODE|INIT_CWD)/.test(name) && !/^DJDESK_(?!PYTHON_ARCHIVE|COMPRESSION)/.test(name));
  return /** @type {Record<string, string>} */ ({
    ...Object.fromEntries(kept),
    HOME: home,
    XDG_DATA_HOME: path.join(home, 'data'),
    // Electron and its tools are installed once for all of a user's apps.
    XDG_CACHE_HOME: process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache'),
    PATH: `${bin}${path.delimiter}${process.env.PATH}`,
    ...more,
  });
}

/** Builds the wheel into a folder. @param {string} folder @returns {string} its path */
export function buildWheel(folder) {
  execFileSync('npm', ['run', 'wheel', '--', folder], { cwd: inRoot(), stdio: ['ignore', 2, 2], shell: WINDOWS });
  return path.join(folder, fs.readdirSync(folder)[0]);
}

/**
 * Runs a program to its end and checks its exit status.
 * @param {string[]} words
 * @param {{cwd: string, env: Record<string, string>, fails?: boolean}} how
 * @returns {string} all of its output
 */
export function run(words, { cwd, env, fails = false }) {
  const done = spawnSync(words[0], words.slice(1), { cwd, env, encoding: 'utf8', timeout: 600_000 });
  const said = `${done.stdout}${done.stderr}`;
  assert.equal(done.status !== 0, fails, `${words.join(' ')} ended with ${done.status}:\n${said}`);
  return said;
}

/**
 * @template T
 * @param {() => Promise<T> | T} condition
 * @param {string} what
 * @param {number} [limitMs]
 * @returns {Promise<T>}
 */
export async function until(condition, what, limitMs = 60_000) {
  const deadline = Date.now() + limitMs;
  for (;;) {
    const found = await condition();
    if (found) return found;
    if (Date.now() > deadline) assert.fail(`within ${limitMs} ms: ${what}`);
    await new Promise((resolve) => { setTimeout(resolve, 100); });
  }
}
