import { isSameOrigin } from './origin.js';

/**
 * What every app is granted, with the reason. An app can allow more in its table, each with its reason;
 * everything else is denied, a permission that a later Chromium invents included.
 * @type {Record<string, string>}
 */
export const GRANTED = {
  'clipboard-sanitized-write': 'a page puts text on the clipboard after a click',
  fullscreen: 'a picture or a diagram can fill the screen',
};

/**
 * @param {object} facts
 * @param {string} facts.permission Electron's name for it
 * @param {string} facts.requester address or origin of the frame that asks
 * @param {string | null} facts.origin the app's origin
 * @param {boolean} facts.mainFrame
 * @param {{name: string, reason: string}[]} [facts.allowed] by the app
 */
export function decidePermission({ permission, requester, origin, mainFrame, allowed = [] }) {
  const listed = Object.prototype.hasOwnProperty.call(GRANTED, permission)
    || allowed.some(({ name, reason }) => name === permission && Boolean(reason));
  return listed && mainFrame && isSameOrigin(requester, origin);
}
