// The diagram as one self-contained SVG file. Pure.
import { HEADER, PAD, ROW, fieldOffset, keyOffset, rowType, visibleRows } from './measure.js';
import { bow, middleOf, course, marks } from './geometry.js';
import { bounds } from './viewport.js';
import { models, moreFields } from './words.js';

/**
 * @typedef {import('./graph.js').Graph} Graph
 * @typedef {import('./scene.js').Scene} Scene
 * @typedef {import('./measure.js').Detail} Detail
 * @typedef {{surface: string, card: string, text: string, quiet: string, border: string, edge: string, apps: string[]}} Palette
 * @typedef {{x: number, y: number, w: number, h: number}} Box
 */

/** @param {string|number} text */
const esc = (text) => String(text).replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '').replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
/** @param {string} text @param {number} most */
const cut = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

/**
 * @param {Graph} graph @param {Scene} scene @param {Map<string, Box>} boxes @param {Box[]} regions
 * @param {{detail: Detail, palette: Palette, title: string, regionNames: string[], courses?: Map<string, import('./geometry.js').Course>}} options
 *   courses: as on the screen, by edge id
 * @returns {{text: string, width: number, height: number}} size in CSS pixels at 100 %
 */
export function toSvg(graph, scene, boxes, regions, options) {
  const { palette, detail } = options;
  const all = bounds([...boxes.values(), ...regions]) || { x: 0, y: 0, w: 200, h: 100 };
  const [x, y, w, h] = [all.x - 48, all.y - 48, Math.ceil(all.w + 96), Math.ceil(all.h + 96)];
  const out = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}" viewBox="${x} ${y} ${w} ${h}" font-family="system-ui, sans-serif" font-size="13">`,
    `<title>${esc(options.title)}</title>`,
    `<rect x="${x}" y="${y}" width="${w}" height="${h}" fill="${esc(palette.surface)}"/>`,
  ];
  regions.forEach((area, at) => {
    const color = colorOf(graph, palette, options.regionNames[at]);
    out.push(`<rect x="${area.x}" y="${area.y}" width="${area.w}" height="${area.h}" rx="12" fill="${esc(color)}" fill-opacity="0.06" stroke="${esc(color)}" stroke-opacity="0.35"/>`);
    out.push(`<text x="${area.x + 20}" y="${area.y + 28}" font-weight="600" font-size="16" fill="${esc(palette.text)}">${esc(options.regionNames[at])}</text>`);
  });
  const middle = scene.shape === 'ring' ? middleOf([...boxes.values()]) : null;
  for (const item of scene.edges) {
    const [from, to] = [boxes.get(item.source), boxes.get(item.target)];
    if (!from || !to) continue;
    if (!item.edge) {
      const { x1, y1, x2, y2, cx, cy } = bow(from, to, middle);
      out.push(`<path d="M${x1} ${y1}Q${cx} ${cy} ${x2} ${y2}" fill="none" stroke="${esc(palette.edge)}" stroke-width="${Math.min(6, 1 + Math.log2(item.weight))}"/>`);
      continue;
    }
    const node = graph.byId.get(item.source);
    const line = (options.courses && options.courses.get(item.id)) || course(from, to, node ? fieldOffset(node, detail, item.edge.field) : HEADER / 2, keyOffset(graph.byId.get(item.target), detail, item.edge.kind), item.source === item.target);
    const dash = item.edge.kind === 'proxy' || item.edge.kind === 'generic' ? ' stroke-dasharray="2 5"' : '';
    out.push(`<path d="${pathOf(line)}" fill="none" stroke="${esc(palette.edge)}" stroke-width="1.4"${dash}><title>${esc(`${item.source}.${item.edge.field || item.edge.kind} → ${item.target}`)}</title></path>`);
    const { lines, circles, triangles } = marks(line, item.edge.kind, item.edge.nullable);
    const strokes = lines.map(([x1, y1, x2, y2]) => `M${x1} ${y1}L${x2} ${y2}`).concat(triangles.map(([x1, y1, x2, y2, x3, y3]) => `M${x1} ${y1}L${x2} ${y2}L${x3} ${y3}Z`));
    out.push(`<path d="${strokes.join('')}" fill="${esc(palette.surface)}" stroke="${esc(palette.edge)}" stroke-width="1.4"/>`);
    for (const [cx, cy, r] of circles) out.push(`<circle cx="${cx}" cy="${cy}" r="${r}" fill="${esc(palette.surface)}" stroke="${esc(palette.edge)}" stroke-width="1.4"/>`);
  }
  for (const node of scene.nodes) {
    const box = boxes.get(node.id);
    if (box) out.push(card(graph, node.id, node.kind, box, detail, palette));
  }
  out.push('</svg>');
  return { text: `${out.join('\n')}\n`, width: w, height: h };
}

/** @param {import('./geometry.js').Course} line */
function pathOf({ a, b, c1, c2, way }) {
  if (!way) return `M${a.x} ${a.y}C${c1[0]} ${c1[1]} ${c2[0]} ${c2[1]} ${b.x} ${b.y}`;
  return `M${a.x} ${a.y}${way.map(({ to, corner, after }) => `L${to[0]} ${to[1]}Q${corner[0]} ${corner[1]} ${after[0]} ${after[1]}`).join('')}L${b.x} ${b.y}`;
}

/** @param {Graph} graph @param {Palette} palette @param {string} app */
const colorOf = (graph, palette, app) => palette.apps[graph.appOf.get(app)?.color || 0] || palette.edge;

/** @param {Graph} graph @param {string} id @param {'model'|'app'} kind @param {Box} box @param {Detail} detail @param {Palette} palette */
function card(graph, id, kind, box, detail, palette) {
  const node = graph.byId.get(id);
  const app = node ? node.app : id;
  const parts = [
    `<g transform="translate(${box.x} ${box.y})">`,
    `<rect width="${box.w}" height="${box.h}" rx="6" fill="${esc(palette.card)}" stroke="${esc(palette.border)}"/>`,
    `<rect width="4" height="${Math.min(box.h, HEADER)}" rx="2" fill="${esc(colorOf(graph, palette, app))}"/>`,
    `<text x="14" y="22" font-weight="600" fill="${esc(palette.text)}">${esc(node && kind === 'model' ? node.name : id)}</text>`,
  ];
  if (kind === 'app') parts.push(`<text x="14" y="46" fill="${esc(palette.quiet)}">${esc(models(graph.appOf.get(id)?.models.length || 0))}</text>`);
  if (node && kind === 'model') {
    const { rows, more } = visibleRows(node, detail);
    rows.forEach((row, at) => {
      const y = HEADER + PAD + at * ROW + 15;
      parts.push(`<text x="42" y="${y}" fill="${esc(palette.text)}">${esc(cut(row.name, 26))}</text>`);
      if (row.tag) parts.push(`<text x="12" y="${y}" font-size="9" fill="${esc(palette.quiet)}">${esc(row.tag)}</text>`);
      parts.push(`<text x="${box.w - 12}" y="${y}" text-anchor="end" font-family="ui-monospace, monospace" font-size="11" fill="${esc(palette.quiet)}">${esc((row.to ? '→ ' : '') + cut(rowType(row), 22))}</text>`);
    });
    if (more && detail !== 'names') parts.push(`<text x="42" y="${HEADER + PAD + rows.length * ROW + 15}" fill="${esc(palette.quiet)}">${esc(moreFields(more))}</text>`);
  }
  parts.push('</g>');
  return parts.join('');
}
