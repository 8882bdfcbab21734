import { isOwnAddress, isPdfViewer, isShellPage } from './origin.js';

/**
 * Whether one of our documents may navigate to this URL. A page may navigate only within the app;
 * only the shell itself opens shell pages.
 * @param {object} facts
 * @param {string} facts.to
 * @param {string} facts.from URL of the navigating document
 * @param {string | null} facts.origin the app's origin, null while there is no server
 * @returns {'allow' | 'external' | 'deny'} `external`: not here, but it may be offered to the user's browser
 */
export function decideNavigation({ to, from, origin }) {
  if (isOwnAddress(to, origin)) return 'allow';
  if (isShellPage(to)) return isShellPage(from) ? 'allow' : 'deny';
  return /^(https|mailto):/i.test(to) ? 'external' : 'deny';
}

/**
 * Frames inside a page: our own pages only, and nothing is opened externally for them.
 * @param {{to: string, origin: string | null}} facts
 * @returns {'allow' | 'deny'}
 */
export function decideFrameNavigation({ to, origin }) {
  return isOwnAddress(to, origin) || isPdfViewer(to) || to === 'about:blank' || to === 'about:srcdoc' ? 'allow' : 'deny';
}

/** URLs of a window into which nothing has been loaded; the third is Chromium's for `window.open("")`. */
const EMPTY = ['', 'about:blank', 'about:blank#blocked'];

/**
 * Whether one of our pages may open a window for this URL. Only for the app's own content: a link
 * with a target, an admin popup, an empty window that the page writes into, a preview created by
 * the page.
 * @param {object} facts
 * @param {string} facts.to
 * @param {string} facts.from URL of the opener
 * @param {string | null} facts.origin the app's origin
 * @param {string} facts.newWindows what the app allows: `own-origin` or `none`
 * @returns {'allow' | 'external' | 'deny'} `external`: not here, but it may be offered to the user's browser
 */
export function decideNewWindow({ to, from, origin, newWindows }) {
  const fromOurPage = isOwnAddress(from, origin) || EMPTY.includes(from);
  if (fromOurPage && origin !== null && (isOwnAddress(to, origin) || EMPTY.includes(to))) return newWindows === 'own-origin' ? 'allow' : 'deny';
  return /^(https|mailto):/i.test(to) ? 'external' : 'deny';
}
