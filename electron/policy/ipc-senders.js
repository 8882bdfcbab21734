import { isSameOrigin, isShellPage } from './origin.js';

/**
 * @typedef {'app' | 'shell'} Audience the app's pages, or the shell's own
 *
 * @typedef {object} SenderFacts
 * @property {string | null} url address of the frame that sent; null if the frame is gone
 * @property {boolean} topFrame
 * @property {string | null} origin the app's origin
 */

/**
 * Whether this frame may use a message meant for that audience.
 * @param {Audience} audience
 * @param {SenderFacts} sender
 */
export function maySend(audience, { url, topFrame, origin }) {
  if (url === null || !topFrame) return false;
  return audience === 'shell' ? isShellPage(url) : isSameOrigin(url, origin);
}
