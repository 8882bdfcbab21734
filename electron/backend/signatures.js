import crypto from 'node:crypto';

/** What stands before 32 bytes in a public key of Ed25519 (RFC 8410). */
const PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

/**
 * @param {string} key 32 bytes in base64
 * @param {Uint8Array} data
 * @param {Uint8Array} signature 64 bytes
 * @returns {boolean} false for a key that is none as well
 */
export function verifyEd25519(key, data, signature) {
  const raw = Buffer.from(key, 'base64');
  if (raw.length !== 32 || signature.length !== 64) return false;
  try {
    const publicKey = crypto.createPublicKey({ key: Buffer.concat([PREFIX, raw]), format: 'der', type: 'spki' });
    return crypto.verify(null, data, publicKey, signature);
  } catch {
    return false;
  }
}
