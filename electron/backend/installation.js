import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

import { say } from '../locale/messages.js';

/**
 * The manifest that the packaged app was built with. It is inside the asar archive, whose integrity
 * the system checks where it can; the Python side lies beside the archive and is checked against
 * it.
 * @typedef {{manifest: string, files: number, bytes: number}} Expected `manifest`: SHA-256 of manifest.json
 */

/**
 * @param {string} root the app's folder inside its archive
 * @returns {Expected | null} null in a checkout
 */
export function expectedBackend(root) {
  try {
    return JSON.parse(fs.readFileSync(path.join(root, 'backend.json'), 'utf8'));
  } catch {
    return null;
  }
}

/** @param {string | Buffer} data */
const sha256 = (data) => crypto.createHash('sha256').update(data).digest('hex');

/**
 * The quick check: the manifest is the one that was built, and every file in it exists with the
 * right size. It finds what usually happens to installations (an interrupted update, a file
 * quarantined by an antivirus program); the command line's `doctor` also compares contents.
 * @param {string} resources
 * @param {Expected} expected
 * @returns {Promise<string[]>} what is wrong, at most twenty sentences; empty when nothing is
 */
export async function checkInstallation(resources, expected) {
  const folder = path.join(resources, 'backend');
  let text;
  try {
    text = await fs.promises.readFile(path.join(folder, 'manifest.json'));
  } catch (error) {
    return [`manifest.json cannot be read (${/** @type {Error} */ (error).message})`];
  }
  if (sha256(text) !== expected.manifest) return ['manifest.json is not the one that belongs to this version'];
  /** @type {{files: Record<string, [number, string]>}} */
  const { files } = JSON.parse(text.toString('utf8'));
  const names = Object.keys(files);
  /** @type {string[]} */
  const wrong = [];
  let next = 0;
  const one = async () => {
    while (next < names.length && wrong.length < 20) {
      const name = names[next];
      next += 1;
      try {
        const { size } = await fs.promises.lstat(path.join(folder, name));
        if (size !== files[name][0]) wrong.push(`${name} has a different size`);
      } catch {
        wrong.push(`${name} is missing`);
      }
    }
  };
  // As many as Node's thread pool runs at once.
  await Promise.all([one(), one(), one(), one()]);
  return wrong.sort();
}

/**
 * @param {string[]} wrong
 * @returns {import('./problem.js').Failure}
 */
export const installationFailure = (wrong) => ({
  stage: 'installation',
  code: 'installation_damaged',
  reason: wrong.length > 1
    ? say('This installation is damaged: {wrong}, and {more} more.', { wrong: wrong[0], more: wrong.length - 1 })
    : say('This installation is damaged: {wrong}.', { wrong: wrong[0] }),
  hint: say('Install the app again; your data stays where it is. If this happens again, an antivirus program may be removing files.'),
  detail: wrong.join('\n'),
});
