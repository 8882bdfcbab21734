import { isOwnAddress, isPdfViewer, isSameOrigin, isShellPage } from './origin.js';

/**
 * Whether a request may leave the window: only to our own server and for the shell's own pages,
 * Chromium's PDF viewer included. `blob:` and `data:` never reach a network.
 * @param {{url: string, origin: string | null}} facts
 */
export function mayRequest({ url, origin }) {
  if (isOwnAddress(url, origin) || isShellPage(url) || isPdfViewer(url)) return true;
  return url.startsWith('data:') || url.startsWith('devtools://devtools/');
}

/** What one of our frames may contain besides our pages: nothing yet, or Chromium's error page. */
const BLANK = ['', 'about:blank', 'about:blank#blocked', 'chrome-error://chromewebdata/'];

/**
 * Whether a request gets the token: only to our own origin, by one of our windows, from a frame
 * that shows our pages (or nothing yet). A frame that Electron no longer knows (a beacon of a page
 * just left) counts as its window's.
 *
 * Electron does not report a window for every request: workers have none; and in the versions
 * tested, neither had a page reloaded after its process died, a document loaded into a frame, or a
 * download. Such a request gets the token only while the session has no web contents but ours, so
 * that nobody else can have made it, and only if our own origin issued it or, if Electron does not
 * report that either, if it loads a document, which only the shell and our pages can request.
 * (Requests made by a sandboxed frame itself are refused by the server: their Sec-Fetch-Site is
 * wrong.)
 * @param {object} facts
 * @param {string} facts.url
 * @param {string | null} facts.origin
 * @param {'own' | 'foreign' | 'unknown'} facts.window whose window makes the request
 * @param {boolean} facts.alone whether the session has no web contents but ours
 * @param {boolean} facts.document whether it loads a document into a window or frame
 * @param {string | null} facts.frameUrl URL of the requesting frame; null if unknown
 * @param {string | null} facts.initiator origin that issued it; null if the shell did, or if unknown
 */
export function mayCarryToken({ url, origin, window, alone, document, frameUrl, initiator }) {
  if (!isSameOrigin(url, origin) || window === 'foreign') return false;
  const ours = frameUrl === null || BLANK.includes(frameUrl) || isSameOrigin(frameUrl, origin) || isShellPage(frameUrl);
  if (!ours || window === 'own') return ours;
  return alone && (initiator === null ? document : initiator === origin);
}
