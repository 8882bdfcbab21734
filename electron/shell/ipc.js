import { ipcMain } from 'electron';

import { maySend } from '../policy/ipc-senders.js';
import { fitAll } from '../policy/shapes.js';
import { isOwnContents } from './own-contents.js';

/**
 * The only use of ipcMain: a message is answered if it comes from an allowed page's top frame, with
 * arguments of the right number and shape.
 * @param {() => string | null} origin the app's origin
 * @param {(line: string) => void} log
 */
export function createHandle(origin, log) {
  const check = checker(origin, log);
  /**
   * @param {string} channel
   * @param {import('../policy/ipc-senders.js').Audience} audience
   * @param {import('../policy/shapes.js').Shape[]} shapes one per argument
   * @param {(...args: any[]) => unknown} answer called with the arguments, then the page's web contents
   */
  return function handle(channel, audience, shapes, answer) {
    ipcMain.handle(channel, (event, ...args) => {
      check(event, channel, audience, shapes, args);
      return answer(...args, event.sender);
    });
  };
}

/**
 * The same for a page that blocks until it has the answer, as in prompt(). A refusal is null.
 * @param {() => string | null} origin
 * @param {(line: string) => void} log
 */
export function createSlowHandle(origin, log) {
  const check = checker(origin, log);
  /**
   * @param {string} channel
   * @param {import('../policy/ipc-senders.js').Audience} audience
   * @param {import('../policy/shapes.js').Shape[]} shapes
   * @param {(contents: Electron.WebContents, ...args: any[]) => Promise<unknown>} answer
   */
  return function handleSlowly(channel, audience, shapes, answer) {
    ipcMain.on(channel, (event, ...args) => {
      const reply = (/** @type {unknown} */ value) => { event.returnValue = value; };
      try {
        check(event, channel, audience, shapes, args);
      } catch {
        reply(null);
        return;
      }
      answer(event.sender, ...args).then(reply, () => reply(null));
    });
  };
}

/**
 * @param {() => string | null} origin
 * @param {(line: string) => void} log
 */
function checker(origin, log) {
  /**
   * @param {{senderFrame: Electron.WebFrameMain | null, sender: Electron.WebContents}} event
   * @param {string} channel
   * @param {import('../policy/ipc-senders.js').Audience} audience
   * @param {import('../policy/shapes.js').Shape[]} shapes
   * @param {unknown[]} args
   */
  return (event, channel, audience, shapes, args) => {
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
  };
}
