// What is looked at, as part of the page's address: back, forward, reload and a copied link lead to the same picture. Pure.

/**
 * @typedef {import('./scene.js').Level} Level
 * @typedef {Object} Looked
 * @property {Level|null} level  null: the one that the project opens on
 * @property {string|null} selected  label of a model, on the map of apps that of an app
 * @property {string[]|null} hidden  labels of apps and models; null: nobody chose
 * @property {import('./measure.js').Detail|null} detail  null: nobody chose
 * @property {boolean} hubs  lines to hubs are drawn
 * @property {{x: number, y: number, k: number}|null} at  the place in the middle of the view and the zoom; null: the whole picture
 */

/** The parameters that are the diagram's; all others of the address stay. */
export const KEYS = ['view', 'model', 'hide', 'fields', 'hubs', 'at'];
const DETAILS = ['all', 'keys', 'names'];

/** @param {Level} level */
const named = (level) => (level.kind === 'app' ? `app:${level.app}` : level.kind === 'near' ? `near:${level.hops}:${level.id}` : level.kind);

/** @param {string} text @returns {Level|null} */
function levelOf(text) {
  if (text === 'apps' || text === 'all') return { kind: text };
  const [, app] = /^app:(.+)$/.exec(text) || [];
  if (app) return { kind: 'app', app };
  const [, hops, id] = /^near:([12]):(.+)$/.exec(text) || [];
  return id ? { kind: 'near', id, hops: Number(hops) } : null;
}

/** @param {Looked} looked @param {URLSearchParams} [others] of the address as it is @returns {string} with its question mark, or nothing */
export function toQuery({ level, selected, hidden, detail, hubs, at }, others = new URLSearchParams()) {
  const query = new URLSearchParams(others);
  for (const key of KEYS) query.delete(key);
  if (level) query.set('view', named(level));
  if (selected) query.set('model', selected);
  if (hidden) query.set('hide', [...hidden].sort().join(','));
  if (detail) query.set('fields', detail);
  if (hubs) query.set('hubs', '1');
  if (at) query.set('at', [Math.round(at.x), Math.round(at.y), Number(at.k.toPrecision(4))].join(','));
  // Commas, colons and dots are read by people and need no escape.
  const text = query.toString().replace(/%2C/g, ',').replace(/%3A/g, ':');
  return text && `?${text}`;
}

/** What is damaged counts as not said. @param {URLSearchParams} query @returns {Looked} */
export function fromQuery(query) {
  const numbers = (query.get('at') || '').split(',').map((text) => (text.trim() ? Number(text) : NaN));
  const [x, y, k] = numbers;
  const placed = numbers.length === 3 && numbers.every((number) => Number.isFinite(number) && Math.abs(number) < 1e6) && k > 0;
  const detail = query.get('fields');
  const hidden = query.get('hide');
  return {
    level: levelOf(query.get('view') || ''),
    selected: query.get('model') || null,
    hidden: hidden === null ? null : hidden.split(',').filter(Boolean),
    detail: detail && DETAILS.includes(detail) ? /** @type {import('./measure.js').Detail} */ (detail) : null,
    hubs: query.get('hubs') === '1',
    at: placed ? { x, y, k } : null,
  };
}

/** Whether two looks are different places to go back to, and not the same one seen closer. @param {Looked} a @param {Looked} b */
export const isElsewhere = (a, b) => a.selected !== b.selected || (a.level ? named(a.level) : '') !== (b.level ? named(b.level) : '');
