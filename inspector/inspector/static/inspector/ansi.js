/** Converts text with ANSI escape sequences into pieces with class names. Pure. */

/** @typedef {{color: string, background: string, bold: boolean, dim: boolean, italic: boolean, underline: boolean}} Style */
/** @typedef {{text: string, classes: string}} Piece */

const COLORS = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'];
/** @type {Readonly<Style>} */
export const PLAIN = Object.freeze({ color: '', background: '', bold: false, dim: false, italic: false, underline: false });
// Colours; then other sequences (cursor, title, links) and control characters, which are removed.
// eslint-disable-next-line no-control-regex
const SEQUENCE = /\x1b\[([0-9;:]*)m|\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[@-_]|[\x00-\x08\x0b-\x1f\x7f]/g;

/**
 * @param {string} line
 * @param {Readonly<Style>} style at the end of the previous line
 * @returns {{pieces: Piece[], style: Readonly<Style>}}
 */
export function parse(line, style) {
  const text = lastWritten(line).replace(/\r+$/, '');
  /** @type {Piece[]} */
  const pieces = [];
  let now = style;
  let from = 0;
  const add = (/** @type {number} */ to) => {
    if (to > from) pieces.push({ text: text.slice(from, to), classes: classes(now) });
  };
  for (const found of text.matchAll(SEQUENCE)) {
    const at = /** @type {number} */ (found.index);
    add(at);
    from = at + found[0].length;
    if (found[1] !== undefined) now = apply(now, found[1]);
  }
  add(text.length);
  return { pieces, style: now };
}

/**
 * Text overwritten after a carriage return is dropped; a carriage return at the end
 * overwrites nothing yet.
 * @param {string} line
 */
export function lastWritten(line) {
  let end = line.length;
  while (line[end - 1] === '\r') end -= 1;
  return line.slice(end && line.lastIndexOf('\r', end - 1) + 1);
}

/** Whether a line contains no control characters. @param {string} line */
export const isPlain = (line) => !/[\x00-\x08\x0b-\x1f\x7f]/.test(line);

/** @param {Readonly<Style>} style @param {string} codes @returns {Readonly<Style>} */
function apply(style, codes) {
  const list = codes.split(/[;:]/).map(Number);
  let next = { ...style };
  for (let at = 0; at < list.length; at += 1) {
    const code = list[at];
    if (code === 0) next = { ...PLAIN };
    else if (code === 1) next.bold = true;
    else if (code === 2) next.dim = true;
    else if (code === 3) next.italic = true;
    else if (code === 4) next.underline = true;
    else if (code === 22) next.bold = next.dim = false;
    else if (code === 23) next.italic = false;
    else if (code === 24) next.underline = false;
    else if (code === 39) next.color = '';
    else if (code === 49) next.background = '';
    else if (code === 38 || code === 48) {
      // 5;n or 2;r;g;b: only the sixteen named colours are shown; others keep the text colour.
      const named = list[at + 1] === 5 && list[at + 2] < 16 ? COLORS[list[at + 2] % 8] : '';
      if (code === 38) next.color = named;
      else next.background = named;
      at += list[at + 1] === 5 ? 2 : 4;
    } else if (code >= 30 && code <= 37) next.color = COLORS[code - 30];
    else if (code >= 90 && code <= 97) next.color = COLORS[code - 90];
    else if (code >= 40 && code <= 47) next.background = COLORS[code - 40];
    else if (code >= 100 && code <= 107) next.background = COLORS[code - 100];
  }
  return next;
}

/** @param {Readonly<Style>} style */
function classes(style) {
  return [
    style.color && `ansi-${style.color}`,
    style.background && `ansi-on-${style.background}`,
    style.bold && 'ansi-bold',
    style.dim && 'ansi-dim',
    style.italic && 'ansi-italic',
    style.underline && 'ansi-underline',
  ].filter(Boolean).join(' ');
}
