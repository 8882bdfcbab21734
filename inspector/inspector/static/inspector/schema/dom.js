// Builds elements without HTML strings, so that project text is never parsed as HTML.

/**
 * @param {string} tag @param {Record<string, any>} [props] attributes, including `class`, `text`, `on…` listeners and booleans
 * @param {(Node|string|null|undefined)[]} [children]
 * @returns {HTMLElement}
 */
export function h(tag, props = {}, children = []) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === 'text') element.textContent = value;
    else if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  for (const child of children) if (child !== null && child !== undefined) element.append(child);
  return element;
}

const SVG = 'http://www.w3.org/2000/svg';

/** Outline icons, 16 by 16, drawn for this diagram. */
const ICONS = /** @type {Record<string, string>} */ ({
  plus: 'M8 3v10M3 8h10',
  minus: 'M3 8h10',
  fit: 'M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10',
  search: 'M7 11.5a4.5 4.5 0 1 1 0-9 4.5 4.5 0 0 1 0 9zM10.5 10.5l3 3',
  back: 'M9.5 3.5L5 8l4.5 4.5',
  close: 'M4 4l8 8M12 4l-8 8',
  open: 'M6.5 3.5h-3v9h9v-3M9.5 2.5h4v4M13.5 2.5l-6 6',
  near: 'M8 10.5a2.5 2.5 0 1 1 0-5 2.5 2.5 0 0 1 0 5zM8 5.5v-3M8 13.5v-3M5.5 8h-3M13.5 8h-3',
  path: 'M4 13.5a1.5 1.5 0 1 1 0-3 1.5 1.5 0 0 1 0 3zM12 5.500a1.500 1.500 0 1 1 0-3 1.500 1.500 0 0 1 0 3zM5.500 12h4a2 2 0 0 0 2-2V5.500',
  list: 'M6 4h7.5M6 8h7.5M6 12h7.5M2.5 4h1M2.5 8h1M2.5 12h1',
  eye: 'M1.5 8S4 3.500 8 3.500 14.500 8 14.500 8 12 12.500 8 12.500 1.500 8 1.500 8zM8 10a2 2 0 1 1 0-4 2 2 0 0 1 0 4z',
  hidden: 'M2 2l12 12M6.500 3.700A6.500 6.500 0 0 1 8 3.500c4 0 6.500 4.500 6.500 4.500s-.7 1.300-2 2.500M4 4.800C2.400 6 1.500 8 1.500 8S4 12.500 8 12.500c1.200 0 2.300-.4 3.200-1',
  down: 'M4.5 6.500L8 10l3.500-3.500',
  boxes: 'M2.500 3.500h5v4h-5zM9.500 8.500h4v4h-4zM5 7.500v3h4.500',
});

/** @param {string} name */
export function icon(name) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('class', 'schema-icon');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', ICONS[name]);
  svg.append(path);
  return svg;
}

/** @param {Element} element */
export function empty(element) {
  while (element.firstChild) element.firstChild.remove();
}
