import { isOwnAddress, isPdfViewer, isSameOrigin, isShellPage } from './origin.js';

/**
 * May a request leave the window? Only to our own server and for the shell's own pages,
 * Chromium's viewer of PDF files included. `blob:`
 * and `data:` never reach a network.
 * @param {{url: string, origin: string | null}} facts
 */
export function mayRequest({ url, origin }) {
  if (isOwnAddress(url, origin) || isShellPage(url) || isPdfViewer(url)) return true;
  return url.startsWith('data:') || url.startsWith('devtools://devtools/');
}

/** What a frame of ours may show besides us: nothing yet, or Chromium's word that we did not load. */
const BLANK = ['', 'about:blank', 'about:blank#blocked', 'chrome-error://chromewebdata/'];

/**
 * Does a request get the token? Only one to our own origin, of one of our windows, from a frame that
 * shows us (or shows nothing yet). A frame that Electron no longer knows (a beacon of a page just
 * left) counts as its window's.
 *
 * Electron cannot name the window of everything: a worker has none; and a page that is loaded again
 * after its process died, a document that goes into a frame, or a file that is saved, came without
 * one in the versions tried. Such a request gets the token only while no contents but ours live in
 * the session, so that there is nobody else who could have made it; and then only if our own origin
 * issued it or, where Electron does not tell that either, if it loads a document, which only the
 * shell and our pages can ask for. (What a sandboxed frame asks for by itself the server refuses: its
 * Sec-Fetch-Site is not ours.)
 * @param {object} facts
 * @param {string} facts.url
 * @param {string | null} facts.origin
 * @param {'own' | 'foreign' | 'unknown'} facts.window whose window makes it
 * @param {boolean} facts.alone whether no contents but ours live in the session
 * @param {boolean} facts.document whether it loads a document, into a window or a frame of it
 * @param {string | null} facts.frameUrl address of the asking frame; null when not known
 * @param {string | null} facts.initiator origin that issued it; null when the shell did, or when not known
 */
export function mayCarryToken({ url, origin, window, alone, document, frameUrl, initiator }) {
  if (!isSameOrigin(url, origin) || window === 'foreign') return false;
  const ours = frameUrl === null || BLANK.includes(frameUrl) || isSameOrigin(frameUrl, origin) || isShellPage(frameUrl);
  if (!ours || window === 'own') return ours;
  return alone && (initiator === null ? document : initiator === origin);
}
