import { ipcMain } from 'electron';

import { maySend } from '../policy/ipc-senders.js';
import { isOwnContents } from './own-contents.js';

/** @typedef {(value: unknown) => boolean} Shape */

/** @param {number} max characters @returns {Shape} */
export const text = (max) => (value) => typeof value === 'string' && value.length <= max;
/** @type {Shape} */
export const flag = (value) => typeof value === 'boolean';
/**
 * An object with exactly these keys.
 * @param {Record<string, Shape>} shapes
 * @returns {Shape}
 */
export const record = (shapes) => (value) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const entries = /** @type {Record<string, unknown>} */ (value);
  const names = Object.keys(shapes);
  return Object.keys(entries).length === names.length
    && names.every((name) => Object.prototype.hasOwnProperty.call(entries, name) && shapes[name](entries[name]));
};

/**
 * The only use of ipcMain: a message is answered when it comes from the right page, from its top
 * frame, with arguments of the right number and shape.
 * @param {() => string | null} origin the app's origin
 * @param {(line: string) => void} log
 */
export function createHandle(origin, log) {
  /**
   * @param {string} channel
   * @param {import('../policy/ipc-senders.js').Audience} audience
   * @param {Shape[]} shapes one for each argument
   * @param {(...args: any[]) => unknown} answer
   */
  return function handle(channel, audience, shapes, answer) {
    ipcMain.handle(channel, (event, ...args) => {
      const frame = event.senderFrame;
      const sender = { url: frame ? frame.url : null, topFrame: Boolean(frame) && frame?.parent === null, origin: origin() };
      if (!isOwnContents(event.sender.id) || !maySend(audience, sender)) {
        log(`message ${channel} refused: sender ${String(sender.url).slice(0, 200)}`);
        throw new Error('This page may not do that.');
      }
      if (args.length !== shapes.length || !shapes.every((fits, i) => fits(args[i]))) {
        log(`message ${channel} refused: arguments`);
        throw new TypeError(`Wrong arguments for ${channel}.`);
      }
      return answer(...args);
    });
  };
}
