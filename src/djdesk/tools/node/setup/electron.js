import fs from 'node:fs';
import path from 'node:path';

import { lastWords, run } from './run.js';
import { step } from './say.js';
import { readStamp, writeStamp } from './stamp.js';

/**
 * @typedef {{program: string, version: string}} Electron
 * @typedef {{electron: Electron | null, reason: string}} Found `reason`: why there is none (a phrase)
 */

/** A failed download is not retried before this time, unless requested. */
const RETRY_AFTER_MS = 24 * 60 * 60 * 1000;
const DOWNLOAD_LIMIT = 10 * 60 * 1000;

/** The first version that supports ES modules in the main process. */
export const FIRST_WITH_ESM = 28;

/**
 * Electron's executable: from ELECTRON_OVERRIDE_DIST_PATH, or npm's, which is downloaded on first use.
 * @param {object} options
 * @param {() => Promise<string>} options.modules the folder that holds node_modules; called only if needed
 * @param {boolean} [options.insist] retry a download that failed recently
 * @param {boolean} [options.download] false: only an existing one
 * @param {NodeJS.ProcessEnv} [options.env]
 * @returns {Promise<Found>}
 */
export async function findElectron({ modules, insist = false, download = true, env = process.env }) {
  const dist = env.ELECTRON_OVERRIDE_DIST_PATH;
  if (dist) {
    const electron = inFolder(dist);
    return electron
      ? { electron, reason: '' }
      : { electron: null, reason: `ELECTRON_OVERRIDE_DIST_PATH names ${dist}, which holds no Electron` };
  }
  const folder = await modules();
  const home = path.join(folder, 'node_modules', 'electron');
  const failed = path.join(folder, 'node_modules', '.djdesk-no-electron');
  const present = inFolder(path.join(home, 'dist'));
  if (present) return { electron: present, reason: '' };
  if (!download) return { electron: null, reason: 'Electron is not installed' };

  const failedAt = Number(readStamp(failed));
  if (failedAt && !insist && Date.now() - failedAt < RETRY_AFTER_MS) {
    return { electron: null, reason: 'Electron could not be downloaded lately (try again with --shell electron)' };
  }
  const result = await step('downloading Electron', () =>
    run(process.execPath, [path.join(home, 'install.js')], { env, timeoutMs: DOWNLOAD_LIMIT }));
  const electron = result.code === 0 ? inFolder(path.join(home, 'dist')) : null;
  if (electron) {
    fs.rmSync(failed, { force: true });
    return { electron, reason: '' };
  }
  writeStamp(failed, String(Date.now()));
  const why = result.timedOut ? 'it took too long' : (lastWords(result).split('\n').find((line) => /error/i.test(line)) ?? 'the download failed').trim();
  return { electron: null, reason: `Electron could not be downloaded (${why.slice(0, 200)})` };
}

/**
 * @param {string} dist an unpacked Electron
 * @returns {Electron | null}
 */
export function inFolder(dist) {
  const name = process.platform === 'darwin' ? 'Electron.app/Contents/MacOS/Electron' : process.platform === 'win32' ? 'electron.exe' : 'electron';
  const program = path.join(dist, name);
  if (!fs.existsSync(program)) return null;
  return { program, version: readStamp(path.join(dist, 'version')).replace(/^v/, '') || 'unknown' };
}

/**
 * Why no window can be shown here, or an empty string.
 * @param {NodeJS.Platform} [platform]
 * @param {NodeJS.ProcessEnv} [env]
 */
export function noDisplay(platform = process.platform, env = process.env) {
  if (platform === 'win32') return '';
  if (platform === 'darwin') return env.SSH_CONNECTION ? 'this is a remote session' : '';
  return env.DISPLAY || env.WAYLAND_DISPLAY ? '' : 'there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)';
}

/**
 * Why Chromium's sandbox would not start, or an empty string. Linux only: it needs either unprivileged user
 * namespaces or its setuid helper.
 * @param {Electron} electron
 */
export function noSandbox({ program }) {
  if (process.platform !== 'linux') return '';
  const helper = path.join(path.dirname(program), 'chrome-sandbox');
  try {
    const { uid, mode } = fs.statSync(helper);
    if (uid === 0 && mode & 0o4000) return '';
  } catch {
    // No helper: namespaces decide.
  }
  const denied = ['/proc/sys/kernel/apparmor_restrict_unprivileged_userns', '/proc/sys/kernel/unprivileged_userns_clone']
    .some((file, index) => readStamp(file) === ['1', '0'][index]);
  return denied
    ? `this system does not let Chromium's sandbox start; allow it once with: sudo chown root "${helper}" && sudo chmod 4755 "${helper}"`
    : '';
}
