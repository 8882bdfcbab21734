import fs from 'node:fs';

/** Windows errors while a virus scanner or an indexer has one of the files open. */
const HELD = ['EPERM', 'EACCES', 'EBUSY'];
const TRIES = 6;
const PAUSE_MS = 40;

/**
 * Replaces a file, retrying for a quarter of a second while the system reports one of them as in
 * use, which only Windows does.
 * @param {string} from
 * @param {string} to
 * @param {{platform?: NodeJS.Platform, rename?: (from: string, to: string) => void}} [options]
 * @throws what the last try threw
 */
export function replaceFile(from, to, { platform = process.platform, rename = fs.renameSync } = {}) {
  for (let left = platform === 'win32' ? TRIES : 1; ; left -= 1) {
    try {
      rename(from, to);
      return;
    } catch (error) {
      if (left === 1 || !HELD.includes(String(/** @type {NodeJS.ErrnoException} */ (error).code))) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
    }
  }
}
