import { isOwnAddress, isPdfViewer, isShellPage } from './origin.js';

/**
 * May a document of ours go to this address? The page itself may move within the app only; to a
 * page of the shell only the shell brings it.
 * @param {object} facts
 * @param {string} facts.to
 * @param {string} facts.from address of the document that wants to go
 * @param {string | null} facts.origin the app's origin, null while there is no server
 * @returns {'allow' | 'external' | 'deny'} `external`: not here, but a link the user's browser may be offered
 */
export function decideNavigation({ to, from, origin }) {
  if (isOwnAddress(to, origin)) return 'allow';
  if (isShellPage(to)) return isShellPage(from) ? 'allow' : 'deny';
  return /^(https|mailto):/i.test(to) ? 'external' : 'deny';
}

/**
 * Frames inside a page: our own pages only, and nothing is opened outside on their behalf.
 * @param {{to: string, origin: string | null}} facts
 * @returns {'allow' | 'deny'}
 */
export function decideFrameNavigation({ to, origin }) {
  return isOwnAddress(to, origin) || isPdfViewer(to) || to === 'about:blank' || to === 'about:srcdoc' ? 'allow' : 'deny';
}

/** What a window shows before anything was loaded into it; Chromium's word for `window.open("")` is the third. */
const EMPTY = ['', 'about:blank', 'about:blank#blocked'];

/**
 * May a page of ours open a window for this address? One of the app: a link with a target, a popup of
 * the admin, an empty window that the page writes into, a preview made by the page.
 * @param {object} facts
 * @param {string} facts.to
 * @param {string} facts.from address of the page that asks
 * @param {string | null} facts.origin the app's origin
 * @param {string} facts.newWindows what the app allows: `own-origin` or `none`
 * @returns {'allow' | 'external' | 'deny'} `external`: not here, but a link the user's browser may be offered
 */
export function decideNewWindow({ to, from, origin, newWindows }) {
  const asked = isOwnAddress(from, origin) || EMPTY.includes(from);
  if (asked && origin !== null && (isOwnAddress(to, origin) || EMPTY.includes(to))) return newWindows === 'own-origin' ? 'allow' : 'deny';
  return /^(https|mailto):/i.test(to) ? 'external' : 'deny';
}
