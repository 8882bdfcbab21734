/** The signing keys for updates: Ed25519, the private key in a PEM file, the public key in the app's table. */
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

import { SetupProblem } from '../setup/say.js';

/** @param {crypto.KeyObject} key private or public @returns {string} 32 bytes in base64, as in the table */
export function publicPart(key) {
  const own = key.type === 'private' ? crypto.createPublicKey(key) : key;
  return own.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64');
}

/**
 * Creates a key pair. An existing file is never replaced: published apps know its key.
 * @param {string} file for the private key
 * @returns {string} the public key
 */
export function makeKey(file) {
  const { privateKey } = crypto.generateKeyPairSync('ed25519');
  try {
    fs.writeFileSync(file, privateKey.export({ format: 'pem', type: 'pkcs8' }), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    const { code, message } = /** @type {NodeJS.ErrnoException} */ (error);
    if (code === 'EEXIST') throw new SetupProblem(`There is a file ${file} already.`, 'Choose another name: a key that is lost or replaced cannot sign updates any more.');
    throw new SetupProblem(`The key could not be written: ${message}.`, 'Choose another folder.');
  }
  return publicPart(privateKey);
}

/**
 * The private key: from the given file, or from DJDESK_UPDATE_KEY, which holds the key itself or its file's
 * path.
 * @param {string} named
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {crypto.KeyObject | null} null if there is none
 */
export function privateKey(named, env = process.env) {
  const given = named || env.DJDESK_UPDATE_KEY || '';
  if (!given) return null;
  try {
    const pem = given.includes('PRIVATE KEY') ? given : fs.readFileSync(path.resolve(given), 'utf8');
    const key = crypto.createPrivateKey(pem);
    if (key.asymmetricKeyType !== 'ed25519') throw new Error(`it is for ${key.asymmetricKeyType}`);
    return key;
  } catch (error) {
    // Never the value itself: it may be the key.
    const where = named || (given.includes('PRIVATE KEY') ? 'DJDESK_UPDATE_KEY' : given);
    throw new SetupProblem(`${where} is no private key for updates: ${/** @type {Error} */ (error).message}.`, 'Make one with "djdesk release key FILE".');
  }
}
