// Stores card positions per project, so that a rescan or restart keeps them.

/**
 * @typedef {{load(): any, save(value: any): void}} State
 * @typedef {[number, number]|[number, number, 1]} Place  top left corner; 1: placed by the user
 * @typedef {Record<string, Record<string, Place>>} Places  scene key → label → position
 * @typedef {Record<string, import('./elk-graph.js').Route>} Routes  edge id → corners
 */

const VERSION = 1;
/** Maximum number of stored scenes: more than anyone arranges by hand, and well within the storage quota. */
const MOST = 24;

/** @param {string} project @returns {State} */
export function localState(project) {
  const key = `djdesk.schema.${project}`;
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
        // Storage full or forbidden: the diagram works but does not remember.
      }
    },
  };
}

/**
 * Keep only valid positions: a damaged entry must not blank the diagram.
 * @param {any} value
 * @returns {Places}
 */
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

/** Like `cleanPlaces`, for the corners of edges. @param {any} value @returns {Record<string, Routes>} */
export function cleanRoutes(value) {
  /** @type {Record<string, Routes>} */
  const routes = {};
  if (!value || typeof value !== 'object' || value.version !== VERSION || !value.routes || typeof value.routes !== 'object') return routes;
  const isPoint = (/** @type {any} */ at) => Array.isArray(at) && at.length === 2 && at.every((n) => Number.isFinite(n) && Math.abs(n) < 1e6);
  for (const [scene, edges] of Object.entries(value.routes)) {
    if (!edges || typeof edges !== 'object') continue;
    routes[scene] = Object.fromEntries(/** @type {[string, any][]} */ (Object.entries(edges)).filter(([, route]) => Array.isArray(route) && route.length > 1 && route.length < 200 && route.every(isPoint)));
  }
  return routes;
}

/** @param {State} state */
export function createStore(state) {
  const loaded = state.load();
  const places = cleanPlaces(loaded);
  const routes = cleanRoutes(loaded);
  const write = () => {
    const keep = Object.entries(places).slice(-MOST);
    const scenes = new Set(keep.map(([scene]) => scene));
    state.save({ version: VERSION, places: Object.fromEntries(keep), routes: Object.fromEntries(Object.entries(routes).filter(([scene]) => scenes.has(scene))) });
  };
  return {
    /** @param {string} scene @returns {Record<string, Place>} */
    get: (scene) => places[scene] || {},
    /** @param {string} scene @returns {Routes} */
    routes: (scene) => routes[scene] || {},
    /**
     * Labels not shown now (a hidden app, a failed scan) keep their positions.
     * @param {string} scene @param {Record<string, Place>} positions @param {Routes} [ways]
     */
    put(scene, positions, ways) {
      if (ways) routes[scene] = { ...routes[scene], ...ways };
      const merged = { ...places[scene] };
      for (const [label, [x, y, hand]] of Object.entries(positions)) {
        const old = merged[label];
        // A layout returns positions it was given; those placed by the user stay marked.
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
      delete routes[scene];
      write();
    },
  };
}
