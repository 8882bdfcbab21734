/** Formats rows of texts (header first) for other programs. */

/** @param {string[][]} rows tab-separated, for pasting into a spreadsheet */
export function asText(rows) {
  return rows.map((row) => row.join('\t')).join('\n');
}

/** @param {string[][]} rows */
export function asCsv(rows) {
  return rows.map((row) => row.map(csvCell).join(',')).join('\r\n');
}

/** @param {string} text */
function csvCell(text) {
  // Spreadsheets run a cell that looks like a formula, and these names come from a project.
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
}

/** @param {string[][]} rows */
export function asMarkdown(rows) {
  const [head = [], ...body] = rows;
  const line = (/** @type {string[]} */ cells) =>
    `| ${cells.map((cell) => cell.replace(/\\/g, '\\\\').replace(/\|/g, '\\|')).join(' | ')} |`;
  return [line(head), `|${head.map(() => ' --- |').join('')}`, ...body.map(line)].join('\n');
}
