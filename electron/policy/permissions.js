import { isSameOrigin } from './origin.js';

/**
 * Everything that is granted, with its reason. What is not here is denied, a permission that a
 * later Chromium invents included.
 * @type {Record<string, string>}
 */
export const GRANTED = {
  'clipboard-sanitized-write': 'the Copy buttons put text on the clipboard after a click',
  fullscreen: 'a diagram can fill the screen',
};

/**
 * @param {object} facts
 * @param {string} facts.permission Electron's name for it
 * @param {string} facts.requester address or origin of the frame that asks
 * @param {string | null} facts.origin the app's origin
 * @param {boolean} facts.mainFrame
 */
export function decidePermission({ permission, requester, origin, mainFrame }) {
  return Object.prototype.hasOwnProperty.call(GRANTED, permission) && mainFrame && isSameOrigin(requester, origin);
}
