import crypto from 'node:crypto';

/** DER prefix of a 32-byte Ed25519 public key (RFC 8410). */
const PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

/**
 * @param {string} key 32 bytes in base64
 * @param {Uint8Array} data
 * @param {Uint8Array} signature 64 bytes
 * @returns {boolean} also false for an invalid key
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
