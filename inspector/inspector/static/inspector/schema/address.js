// The state of the view as part of the page's URL, so that back, forward, reload and copied links
// lead to the same picture. Pure.

/**
 * @typedef {import('./scene.js').Level} Level
 * @typedef {Object} Looked
 * @property {Level|null} level  null: the project's initial level
 * @property {string|null} selected  label of a model, or of an app on the map of apps
 * @property {string[]|null} hidden  labels of apps and models; null: default
 * @property {import('./measure.js').Detail|null} detail  null: default
 * @property {boolean} hubs  whether lines to hubs are drawn
 * @property {{x: number, y: number, k: number}|null} at  centre of the view and zoom; null: the whole picture
 */

/** The diagram's query parameters; all others are kept. */
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

/**
 * @param {Looked} looked @param {URLSearchParams} [others] of the current URL @returns {string} including the question mark, or empty
 */
export function toQuery({ level, selected, hidden, detail, hubs, at }, others = new URLSearchParams()) {
  const query = new URLSearchParams(others);
  for (const key of KEYS) query.delete(key);
  if (level) query.set('view', named(level));
  if (selected) query.set('model', selected);
  if (hidden) query.set('hide', [...hidden].sort().join(','));
  if (detail) query.set('fields', detail);
  if (hubs) query.set('hubs', '1');
  if (at) query.set('at', [Math.round(at.x), Math.round(at.y), Number(at.k.toPrecision(4))].join(','));
  // Commas, colons and dots are readable and need no escape.
  const text = query.toString().replace(/%2C/g, ',').replace(/%3A/g, ':');
  return text && `?${text}`;
}

/** Invalid values are ignored. @param {URLSearchParams} query @returns {Looked} */
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

/**
 * Whether two states are different places in the history, not just another zoom.
 * @param {Looked} a @param {Looked} b
 */
export const isElsewhere = (a, b) => a.selected !== b.selected || (a.level ? named(a.level) : '') !== (b.level ? named(b.level) : '');
