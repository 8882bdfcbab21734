// Finds models, apps and fields by a few letters. Pure.
import { models } from './words.js';

/**
 * @typedef {{kind: 'model'|'app'|'field', id: string, app: string, title: string, detail: string}} Entry
 *   id: label of the model (of the field's model), or of the app
 * @typedef {import('./graph.js').Graph} Graph
 */

/** @param {Graph} graph @returns {Entry[]} */
export function buildIndex(graph) {
  /** @type {Entry[]} */
  const entries = graph.apps.map((app) => ({ kind: 'app', id: app.label, app: app.label, title: app.label, detail: models(app.models.length) }));
  for (const node of graph.nodes) {
    entries.push({ kind: 'model', id: node.id, app: node.app, title: node.name, detail: node.app });
    for (const row of node.rows) entries.push({ kind: 'field', id: node.id, app: node.app, title: row.name, detail: `${node.id}, ${row.type}` });
  }
  return entries;
}

/** 0 is best; null is no match. @param {string} text @param {string} query */
export function score(text, query) {
  const lower = text.toLowerCase();
  if (lower === query) return 0;
  if (lower.startsWith(query)) return 1;
  const at = lower.indexOf(query);
  // The start of a word inside the name: `entry` in `LogEntry`, `at` in `created_at`.
  if (at > 0) return /[A-Z_.]/.test(text[at]) || /[_.\s]/.test(text[at - 1]) ? 2 : 3;
  const initials = (text[0] || '').toLowerCase() + text.slice(1).replace(/_([a-z])|[a-z0-9_.]/g, '$1').toLowerCase();
  if (query.length > 1 && initials.startsWith(query)) return 4;
  return query.length > 2 && subsequence(lower, query) ? 5 : null;
}

/** @param {string} text @param {string} query */
function subsequence(text, query) {
  let at = 0;
  for (const letter of text) if (letter === query[at]) at += 1;
  return at === query.length;
}

const WEIGHT = { model: 0, app: 0.4, field: 2.5 };

/**
 * @param {Entry[]} index @param {string} query @param {number} limit
 * @returns {Entry[]} best first; accepts `app.Model` and `Model.field`
 */
export function search(index, query, limit = 30) {
  const wanted = query.trim().toLowerCase().slice(0, 200);
  if (!wanted) return [];
  const found = [];
  for (const entry of index) {
    const whole = entry.kind === 'field' ? `${entry.id}.${entry.title}` : entry.id;
    const best = score(entry.title, wanted);
    const dotted = wanted.includes('.') || wanted.includes(' ') ? dottedScore(whole, wanted) : null;
    const value = best === null ? dotted : dotted === null ? best : Math.min(best, dotted);
    if (value !== null) found.push({ entry, value: value + WEIGHT[entry.kind], length: entry.title.length });
  }
  found.sort((a, b) => a.value - b.value || a.length - b.length || (a.entry.title + a.entry.id < b.entry.title + b.entry.id ? -1 : 1));
  return found.slice(0, limit).map((item) => item.entry);
}

/**
 * Match all parts in order, each within the name: `cat.boo`, `book title`.
 * @param {string} whole @param {string} wanted
 */
function dottedScore(whole, wanted) {
  const lower = whole.toLowerCase();
  let from = 0;
  const parts = wanted.split(/[.\s]+/).filter(Boolean);
  if (!parts.length) return null;
  for (const part of parts) {
    const at = lower.indexOf(part, from);
    if (at < 0) return null;
    from = at + part.length;
  }
  return lower.endsWith(wanted) ? 0.5 : 1.5;
}
