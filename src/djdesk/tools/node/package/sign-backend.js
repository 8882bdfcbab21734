/**
 * Signs the Python side before its manifest is final: signing makes files longer, and the app compares every
 * file with the manifest. Files signed here are skipped when the surrounding app is signed.
 */
import { execFile } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

import { machOFiles } from './mac-binaries.js';

const run = promisify(execFile);
/** Signing waits mostly for Apple's time-stamp server, so run several at once. */
const AT_ONCE = 8;

/** @typedef {(file: string) => Promise<boolean>} Sign false when it left the file as it was */

/**
 * Files that Windows executes or loads.
 * @param {string} backend @returns {string[]} relative paths
 */
export const windowsFiles = (backend) => fs.readdirSync(backend, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.(exe|dll|pyd)$/i.test(name)).sort();

/**
 * Signs files of a staged backend, then updates its manifest and the app's record of it.
 * @param {object} options
 * @param {string} options.backend
 * @param {string} options.app the staged shell, which holds backend.json
 * @param {string[]} options.files relative to the backend
 * @param {Sign} options.sign
 * @returns {Promise<number>} number of files signed
 */
export async function signBackend({ backend, app, files, sign }) {
  const manifest = path.join(backend, 'manifest.json');
  /** @type {{files: Record<string, [number, string]>}} */
  const listed = JSON.parse(fs.readFileSync(manifest, 'utf8'));
  const queue = [...files];
  let signed = 0;
  const one = async () => {
    for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
      const file = path.join(backend, name);
      if (!(await sign(file))) continue;
      const content = fs.readFileSync(file);
      listed.files[name.split(path.sep).join('/')] = [content.length, sha256(content)];
      signed += 1;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
  if (!signed) return 0;
  fs.writeFileSync(manifest, `${JSON.stringify(listed, null, 1)}\n`);
  fs.writeFileSync(path.join(app, 'backend.json'), JSON.stringify(describeBackend(backend)));
  return signed;
}

/** @param {string | Buffer} content */
const sha256 = (content) => crypto.createHash('sha256').update(content).digest('hex');

/**
 * The record that electron/backend/installation.js compares an installation with.
 * @param {string} backend
 */
export function describeBackend(backend) {
  const text = fs.readFileSync(path.join(backend, 'manifest.json'));
  const sizes = Object.values(/** @type {Record<string, [number, string]>} */ (JSON.parse(text.toString('utf8')).files)).map(([size]) => size);
  return {
    manifest: sha256(text),
    files: sizes.length,
    bytes: sizes.reduce((sum, size) => sum + size, 0),
  };
}

/**
 * Apple's codesign; files signed in the same way before are taken from `cache`.
 * @param {object} options
 * @param {string} options.identity of the certificate, or `-` for an ad-hoc signature
 * @param {string} options.entitlements file
 * @param {string | null} options.keychain file
 * @param {string} options.cache folder
 * @param {(words: string[]) => Promise<unknown>} [options.codesign]
 * @returns {Sign}
 */
export function appleSign({ identity, entitlements, keychain, cache, codesign = (words) => run('codesign', words) }) {
  const nobody = identity === '-';
  const words = [
    '--force', '--sign', identity, '--options', 'runtime', '--entitlements', entitlements,
    nobody ? '--timestamp=none' : '--timestamp', ...(keychain ? ['--keychain', keychain] : []),
  ];
  const how = sha256(`${identity}\0${fs.readFileSync(entitlements, 'utf8')}`);
  fs.mkdirSync(cache, { recursive: true });
  return async (file) => {
    const kept = path.join(cache, `${sha256(fs.readFileSync(file))}-${how.slice(0, 16)}`);
    if (fs.existsSync(kept)) {
      fs.copyFileSync(kept, file);
      return true;
    }
    await codesign([...words, file]);
    fs.copyFileSync(file, `${kept}.part`);
    fs.renameSync(`${kept}.part`, kept);
    return true;
  };
}

/**
 * electron-builder's hook before anything is packed.
 * @param {{backend: string, app: string, cache: string}} stage
 * @returns {(context: {packager: any, electronPlatformName: string}) => Promise<void>}
 */
export const beforePack = ({ backend, app, cache }) => async ({ packager, electronPlatformName }) => {
  if (electronPlatformName === 'darwin' && process.platform === 'darwin') {
    const config = packager.platformSpecificBuildOptions;
    const { keychainFile } = await packager.codeSigningInfo.value;
    const identity = await packager.helper.findSigningIdentity(false, false, config.identity, keychainFile, config);
    if (!identity) return;
    const sign = appleSign({ identity: identity.hash || identity.name, entitlements: config.entitlements, keychain: keychainFile, cache });
    console.log(`signed of the Python side: ${await signBackend({ backend, app, files: machOFiles(backend), sign })} files`);
  } else if (electronPlatformName === 'win32') {
    const sign = async (/** @type {string} */ file) => Boolean(await packager.signIf(file));
    console.log(`signed of the Python side: ${await signBackend({ backend, app, files: windowsFiles(backend), sign })} files`);
    // electron-builder would sign copied files again, invalidating the manifest.
    packager.createTransformerForExtraFiles = () => null;
  }
};
