import { isSameOrigin, isShellPage } from './origin.js';

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
  if (isSameOrigin(to, origin)) return 'allow';
  if (isShellPage(to)) return isShellPage(from) ? 'allow' : 'deny';
  return /^(https|mailto):/i.test(to) ? 'external' : 'deny';
}

/**
 * Frames inside a page: our own pages only, and nothing is opened outside on their behalf.
 * @param {{to: string, origin: string | null}} facts
 * @returns {'allow' | 'deny'}
 */
export function decideFrameNavigation({ to, origin }) {
  return isSameOrigin(to, origin) || to === 'about:blank' || to === 'about:srcdoc' ? 'allow' : 'deny';
}
