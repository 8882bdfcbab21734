/** Tables of measured figures: printed, or written into the documents with date and machine. */
import { readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { inRoot } from '../../../scripts/setup/paths.js';

/** @typedef {Record<string, string | number>} Row */

/** As Markdown; all columns but the first are numbers. @param {Row[]} rows @returns {string} */
export function tableOf(rows) {
  const heads = Object.keys(rows[0]);
  const line = (/** @type {(string | number)[]} */ cells) => `| ${cells.join(' | ')} |`;
  return [line(heads), line(heads.map((_, at) => (at ? '---:' : '---'))), ...rows.map((row) => line(Object.values(row)))].join('\n');
}

/**
 * @param {string} text of a document @param {string} name of the figures, which are between
 *   `<!-- figures: NAME -->` and `<!-- end of figures -->` @param {string} body
 * @returns {string}
 */
export function withFigures(text, name, body) {
  const start = `<!-- figures: ${name} -->\n`;
  const end = '<!-- end of figures -->';
  const from = text.indexOf(start) + start.length;
  const to = text.indexOf(end, from);
  if (from < start.length || to < 0) throw new Error(`The document has no place for the figures of ${name}.`);
  return `${text.slice(0, from)}\n${body}\n\n${text.slice(to)}`;
}

/**
 * @param {Row[]} rows
 * @param {{docs: boolean, file: string, name: string}} where `docs`: write them into `file` (a path in the
 *   repository) instead of printing them
 */
export function show(rows, { docs, file, name }) {
  const table = tableOf(rows);
  if (!docs) {
    console.log(table);
    return;
  }
  const whole = inRoot(...file.split('/'));
  const load = os.loadavg()[0].toFixed(1);
  const measured = `Measured on ${new Date().toISOString().slice(0, 10)}, ${os.cpus().length} cores, load ${load} at the end:`;
  writeFileSync(whole, withFigures(readFileSync(whole, 'utf8'), name, `${measured}\n\n${table}`));
  console.log(`${path.relative(process.cwd(), whole)}: ${rows.length} rows`);
}
