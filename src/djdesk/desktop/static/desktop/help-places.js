/** The help drawer's state in this window: current place, history, and whether it is open. */

const KEY = 'djdesk.help';
const LONGEST = 50; // places in the Back history

/**
 * A place is `topic`, `topic#anchor`, `?search words`, or empty for the list of topics. `follows`:
 * it shows the page's own topic and changes with the page.
 * @typedef {{open: boolean, places: string[], at: number, follows: boolean}} State
 */

const state = restore();
// help-early.js decided before the first paint whether it stays open on this page.
state.open = document.documentElement.classList.contains('help-open');

/** @returns {State} */
function restore() {
  /** @type {State} */
  const fresh = { open: false, places: [], at: -1, follows: false };
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY) || '{}');
    return Array.isArray(kept.places) && kept.places.length > kept.at && kept.at >= 0 ? { ...fresh, ...kept } : fresh;
  } catch (error) {
    return fresh;
  }
}

export const isOpen = () => state.open;
export const place = () => state.places[state.at] || '';

/** @param {number} by @returns {boolean} whether there is a place that many steps away */
export const canStep = (by) => state.places[state.at + by] !== undefined;

/** @param {number} by */
export function step(by) {
  if (canStep(by)) state.at += by;
}

/** @param {string} to */
export function go(to) {
  state.open = true;
  if (to === state.places[state.at]) return;
  state.places = [...state.places.slice(0, state.at + 1), to].slice(-LONGEST);
  state.at = state.places.length - 1;
}

/** A search is one history entry, however often its text changes. @param {string} words */
export function search(words) {
  if (!place().startsWith('?')) go(`?${words}`);
  else state.places[state.at] = words ? `?${words}` : '';
}

/** Go to this page's topic if the help showed that of the previous page. @param {string} topic */
export function follow(topic) {
  if (state.follows && topic) state.places[state.at] = topic;
}

export function shut() {
  state.open = false;
}

/** Save the state for the next page of this window. @param {string} topic of this page */
export function keep(topic) {
  state.follows = place() === topic;
  sessionStorage.setItem(KEY, JSON.stringify(state));
}
