import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout. */
export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
export const WINDOWS = process.platform === 'win32';

/** @param {...string} parts */
export const inRoot = (...parts) => path.join(ROOT, ...parts);

/**
 * A program inside a virtual environment.
 * @param {string} venv
 * @param {string} name
 */
export const venvProgram = (venv, name) =>
  WINDOWS ? path.join(venv, 'Scripts', `${name}.exe`) : path.join(venv, 'bin', name);
