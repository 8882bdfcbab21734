// Remembers where cards were put, per workspace, so that a re-scan or a restart does not reshuffle.

/**
 * @typedef {{load(): any, save(value: any): void}} State
 * @typedef {[number, number]|[number, number, 1]} Place  top left corner; the 1: put there by hand
 * @typedef {Record<string, Record<string, Place>>} Places  scene key → label → place
 */

const VERSION = 1;
/** Scenes to remember: more than anyone arranges by hand, and well within the storage of an origin. */
const MOST = 24;

/** @param {string} workspace @returns {State} */
export function localState(workspace) {
  const key = `djdesk.schema.${workspace}`;
  return {
    load() {
      try {
        return JSON.parse(localStorage.getItem(key) || 'null') || {};
      } catch {
        return {};
      }
    },
    save(value) {
      try {
        localStorage.setItem(key, JSON.stringify(value));
      } catch {
        // Full or forbidden storage: the diagram works, it only forgets.
      }
    },
  };
}

/** Only what really is a position: the storage is the page's, but a damaged entry must not blank the diagram. @param {any} value @returns {Places} */
export function cleanPlaces(value) {
  /** @type {Places} */
  const places = {};
  if (!value || typeof value !== 'object' || value.version !== VERSION || !value.places || typeof value.places !== 'object') return places;
  for (const [scene, positions] of Object.entries(value.places)) {
    if (!positions || typeof positions !== 'object') continue;
    const clean = Object.entries(positions).filter(([, at]) => Array.isArray(at) && (at.length === 2 || at.length === 3) && at.every((n) => Number.isFinite(n) && Math.abs(n) < 1e6));
    places[scene] = Object.fromEntries(/** @type {[string, Place][]} */ (clean));
  }
  return places;
}

/** @param {State} state */
export function createStore(state) {
  const places = cleanPlaces(state.load());
  const write = () => {
    const keep = Object.entries(places).slice(-MOST);
    state.save({ version: VERSION, places: Object.fromEntries(keep) });
  };
  return {
    /** @param {string} scene @returns {Record<string, Place>} */
    get: (scene) => places[scene] || {},
    /** Labels that are not shown now (a hidden app, a failed scan) keep their places. @param {string} scene @param {Record<string, Place>} positions */
    put(scene, positions) {
      const merged = { ...places[scene] };
      for (const [label, [x, y, hand]] of Object.entries(positions)) {
        const old = merged[label];
        // A layout confirms the places it was given; that a hand put one there is not forgotten by it.
        const byHand = hand || (old && old.length > 2 && old[0] === x && old[1] === y);
        merged[label] = byHand ? [x, y, 1] : [x, y];
      }
      delete places[scene];
      places[scene] = merged;
      write();
    },
    /** @param {string} scene */
    forget(scene) {
      delete places[scene];
      write();
    },
  };
}
