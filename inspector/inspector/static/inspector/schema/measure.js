// Card sizes, computed from text alone: the layout needs them before drawing, in a worker without
// fonts, and identical on every machine. Pure.
import { noteWord } from './words.js';

/** @typedef {import('./graph.js').ModelNode} ModelNode @typedef {import('./graph.js').Row} Row @typedef {'all'|'keys'|'names'} Detail */

export const HEADER = 34;
export const ROW = 22;
export const PAD = 6;
export const MAX_ROWS = 16;
const NAME_CHAR = 8.2;
const FIELD_CHAR = 7.1;
const TYPE_CHAR = 7.3;
const GUTTER = 42;

/** @param {string} label */
export const shortName = (label) => label.slice(label.lastIndexOf('.') + 1);

/** Text on the right of a row. @param {Row} row */
export const rowType = (row) => (row.to ? shortName(row.to) : row.type.replace(/Field$/, '') || row.type);

/**
 * Rows that a card shows, and the number left out.
 * @param {ModelNode} node @param {Detail} detail
 * @returns {{rows: Row[], more: number}}
 */
export function visibleRows(node, detail) {
  if (detail === 'names') return { rows: [], more: 0 };
  const wanted = detail === 'keys' ? node.rows.filter((row) => row.pk || row.to || row.tag) : node.rows;
  const rows = wanted.length > MAX_ROWS ? wanted.slice(0, MAX_ROWS - 1) : wanted;
  return { rows, more: node.rows.length - rows.length };
}

/**
 * @param {ModelNode} node @param {Detail} detail @param {boolean} withApp whether the header includes the app's name @returns {{w: number, h: number}} in world units: CSS pixels at 100 %
 */
export function cardSize(node, detail, withApp = false) {
  const { rows, more } = visibleRows(node, detail);
  let w = 34 + node.name.length * NAME_CHAR + (node.note ? 20 + noteWord(node.note).length * 6 : 0) + (withApp ? 14 + Math.min(node.app.length, 16) * 7.4 : 0);
  for (const row of rows) {
    w = Math.max(w, GUTTER + Math.min(row.name.length, 28) * FIELD_CHAR + 16 + Math.min(rowType(row).length + (row.to ? 3 : 0), 26) * TYPE_CHAR + (row.to ? 22 : 10));
  }
  const lines = rows.length + (more ? 1 : 0);
  return { w: Math.round(Math.min(448, Math.max(176, w)) / 8) * 8, h: HEADER + (lines ? lines * ROW + PAD * 2 : 0) };
}

/**
 * Vertical offset in the card at which a field's edge leaves it.
 * @param {ModelNode} node @param {Detail} detail @param {string} field
 */
export function fieldOffset(node, detail, field) {
  const at = visibleRows(node, detail).rows.findIndex((row) => row.name === field);
  return at < 0 ? HEADER / 2 : HEADER + PAD + at * ROW + ROW / 2;
}

/**
 * Vertical offset in the card at which an edge arrives: the row of the key. Inheritance
 * refers to the whole card.
 * @param {ModelNode|undefined} node @param {Detail} detail @param {import('./graph.js').EdgeKind|undefined} kind
 */
export function keyOffset(node, detail, kind) {
  const key = kind === 'inherits' || kind === 'proxy' ? undefined : node?.rows.find((row) => row.pk);
  return node && key ? fieldOffset(node, detail, key.name) : HEADER / 2;
}

/** Parts of a name between which it may break. @param {string} name */
export const words = (name) => name.split(/(?=[A-Z][a-z])/);

/**
 * Font size, in world units, of the name on a card that shows nothing else: as large as fits.
 * @param {string} name @param {number} w @param {number} h
 */
export function titleFont(name, w, h) {
  for (let font = 36; font > 13; font -= 1) {
    const room = (w - 30) / (font * 0.68);
    let lines = 1;
    let used = 0;
    let fits = true;
    for (const { length } of words(name)) {
      if (length > room) fits = false;
      if (used && used + length > room) {
        lines += 1;
        used = 0;
      }
      used += length;
    }
    if (fits && lines * font * 1.15 <= h - 8) return font;
  }
  return 13;
}
