import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

/**
 * A stamp records the inputs of a finished step. It is written after the step, so that an interrupted step is
 * repeated.
 * @param {string} file
 * @returns {string}
 */
export function readStamp(file) {
  try {
    return fs.readFileSync(file, 'utf8').trim();
  } catch {
    return '';
  }
}

/**
 * @param {string} file
 * @param {string} value
 */
export function writeStamp(file, value) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, `${value}\n`);
}

/**
 * @param {...string} parts
 * @returns {string} 32 hexadecimal digits
 */
export const digest = (...parts) =>
  crypto.createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 32);

/** @param {string} file */
export const contents = (file) => fs.readFileSync(file, 'utf8');
