import { spawn } from 'node:child_process';

import { systemProgram } from './system-program.js';

/**
 * @param {string} page path of a page; must not be secret, since every user can read a process's arguments
 * @param {NodeJS.Platform} platform
 * @param {NodeJS.ProcessEnv} env
 * @returns {[string, string[]]}
 */
export function openerCommand(page, platform, env) {
  if (platform === 'darwin') return ['open', [page]];
  // `start` is a cmd built-in, and cmd would interpret & and % in the path; this program does not.
  if (platform === 'win32') return [systemProgram('rundll32.exe', env), ['url.dll,FileProtocolHandler', page]];
  return ['xdg-open', [page]];
}

/**
 * Whether there is a display for a browser.
 * @param {NodeJS.Platform} platform
 * @param {NodeJS.ProcessEnv} env
 */
export const hasDisplay = (platform, env) =>
  platform === 'darwin' || platform === 'win32' || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);

/**
 * Opens a local page in the default browser.
 * @param {string} page its path
 * @param {{platform?: NodeJS.Platform, env?: NodeJS.ProcessEnv, limitMs?: number}} [options]
 * @returns {Promise<string | null>} null if it was opened, else the error
 */
export function openInBrowser(page, { platform = process.platform, env = process.env, limitMs = 5000 } = {}) {
  if (!hasDisplay(platform, env)) return Promise.resolve('there is no display');
  const [command, args] = openerCommand(page, platform, env);
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: 'ignore', env, detached: platform !== 'win32', windowsHide: true });
    // Some openers become the browser and keep running: that is success too.
    const timer = setTimeout(() => settle(null), limitMs);
    const settle = (/** @type {string | null} */ outcome) => {
      clearTimeout(timer);
      child.unref();
      resolve(outcome);
    };
    child.once('error', (error) => settle(`${command} could not be started (${error.message})`));
    child.once('exit', (code, signal) => settle(code === 0 ? null : `${command} ended with ${signal || `exit code ${code}`}`));
  });
}
