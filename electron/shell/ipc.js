import { ipcMain } from 'electron';

import { maySend } from '../policy/ipc-senders.js';
import { fitAll } from '../policy/shapes.js';
import { isOwnContents } from './own-contents.js';

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
   * @param {import('../policy/shapes.js').Shape[]} shapes one for each argument
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
      if (!fitAll(args, shapes)) {
        log(`message ${channel} refused: arguments`);
        throw new TypeError(`Wrong arguments for ${channel}.`);
      }
      return answer(...args);
    });
  };
}
