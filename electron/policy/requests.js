import { isSameOrigin, isShellPage } from './origin.js';

/**
 * May a request leave the window? Only to our own server and for the shell's own pages. `blob:`
 * and `data:` never reach a network.
 * @param {{url: string, origin: string | null}} facts
 */
export function mayRequest({ url, origin }) {
  if (isSameOrigin(url, origin) || isShellPage(url)) return true;
  if (url.startsWith('blob:')) return isSameOrigin(url.slice('blob:'.length), origin);
  return url.startsWith('data:') || url.startsWith('devtools://devtools/');
}

/**
 * Does a request get the token? Only one to our own origin that one of our windows makes, from
 * a frame that shows us (or shows nothing yet). A frame that Electron no longer knows (a beacon
 * of a page just left) counts as its window's. Workers may have no window: then the origin that
 * issued the request has to be ours.
 * @param {object} facts
 * @param {string} facts.url
 * @param {string | null} facts.origin
 * @param {'own' | 'foreign' | 'unknown'} facts.window whose window makes it
 * @param {string | null} facts.frameUrl address of the asking frame; null when not known
 * @param {string | null} facts.initiator origin that issued it; null when not known
 */
export function mayCarryToken({ url, origin, window, frameUrl, initiator }) {
  if (!isSameOrigin(url, origin) || window === 'foreign') return false;
  if (window === 'unknown') return initiator === origin;
  return !frameUrl || frameUrl === 'about:blank' || isSameOrigin(frameUrl, origin) || isShellPage(frameUrl);
}
