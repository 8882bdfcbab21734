import { isSameOrigin } from './origin.js';

/**
 * Permissions that every app is granted, with the reason. An app can allow more in its table, each
 * with a reason; everything else is denied, including permissions that later Chromium versions add.
 * @type {Record<string, string>}
 */
export const GRANTED = {
  'clipboard-sanitized-write': 'a page puts text on the clipboard after a click',
  fullscreen: 'a picture or a diagram can fill the screen',
};

/**
 * @param {object} facts
 * @param {string} facts.permission Electron's name for it
 * @param {string} facts.requester URL or origin of the requesting frame
 * @param {string | null} facts.origin the app's origin
 * @param {boolean} facts.mainFrame
 * @param {{name: string, reason: string}[]} [facts.allowed] allowed by the app
 */
export function decidePermission({ permission, requester, origin, mainFrame, allowed = [] }) {
  const listed = Object.prototype.hasOwnProperty.call(GRANTED, permission)
    || allowed.some(({ name, reason }) => name === permission && Boolean(reason));
  return listed && mainFrame && isSameOrigin(requester, origin);
}
