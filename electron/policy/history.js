import { isSameOrigin } from './origin.js';

/**
 * Where Back or Forward leads: to the next page of the app in that direction. Pages of the shell
 * (starting, error) lie in the same history and are no place to go back to.
 * @param {object} facts
 * @param {string[]} facts.urls of the history, the oldest first
 * @param {number} facts.active index of the one that is shown
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
