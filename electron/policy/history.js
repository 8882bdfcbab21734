import { isSameOrigin } from './origin.js';

/**
 * The target of Back or Forward: the next page of the app in that direction. Shell pages (starting,
 * error) share the history and are skipped.
 * @param {object} facts
 * @param {string[]} facts.urls of the history, oldest first
 * @param {number} facts.active index of the current entry
 * @param {-1 | 1} facts.step
 * @param {string | null} facts.origin the app's origin
 * @returns {number | null} its index
 */
export function historyTarget({ urls, active, step, origin }) {
  for (let at = active + step; at >= 0 && at < urls.length; at += step) {
    if (isSameOrigin(urls[at], origin)) return at;
  }
  return null;
}
