// Draws everything below the cards on one canvas: regions, edges and, when zoomed out,
// the cards themselves.
import { labels } from './bow-labels.js';
import { bow } from './geometry.js';
import { LINE } from './names.js';
import { touches, visible } from './viewport.js';

/**
 * @typedef {import('./viewport.js').View} View
 * @typedef {import('./viewport.js').Box} Box
 * @typedef {import('./theme.js').Theme} Theme
 * @typedef {{item: import('./scene.js').SceneEdge, course: import('./geometry.js').Course, marks: import('./geometry.js').Marks}} Line
 * @typedef {{id: string, box: Box, color: number}} CanvasCard
 * @typedef {{name: string, box: Box, color: number}} Region
 * @typedef {Object} Picture
 * @property {View} view
 * @property {{w: number, h: number}} size
 * @property {Theme} theme
 * @property {Region[]} regions
 * @property {Line[]} lines
 * @property {import('./bow-labels.js').Bow[]} bows  between apps; when zoomed out, between the models of two apps
 * @property {string|null} at  the app whose lines are highlighted
 * @property {CanvasCard[]} cards  only cards that are not elements now
 * @property {((widthOf: (text: string) => number) => import('./names.js').Written[])|null} names  drawn over these cards
 * @property {Set<string>|null} lit   ids that are not dimmed; null: nothing is dimmed
 * @property {{line: Line, out: boolean}[]} highlights
 */

/** @param {HTMLCanvasElement} canvas @param {Picture} picture */
export function draw(canvas, picture) {
  const { view, size, theme } = picture;
  const ratio = window.devicePixelRatio || 1;
  const [w, h] = [Math.round(size.w * ratio), Math.round(size.h * ratio)];
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w;
    canvas.height = h;
  }
  const ctx = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  ctx.setTransform(1, 0, 0, 1, 0, 0);
  ctx.clearRect(0, 0, w, h);
  ctx.setTransform(view.k * ratio, 0, 0, view.k * ratio, view.x * ratio, view.y * ratio);
  const window_ = visible(view, size, 20);
  for (const region of picture.regions) if (touches(region.box, window_)) drawRegion(ctx, region, picture);
  drawLines(ctx, picture.lines.filter((line) => touches(line.course.box, window_)), view.k, theme, theme.edge, picture.lit ? 0.16 : view.k < 0.2 ? 0.4 : 0.85, 1.25);
  for (const line of picture.bows) drawBow(ctx, line, picture);
  drawWeights(ctx, picture);
  for (const out of [false, true]) {
    const lines = picture.highlights.filter((item) => item.out === out && touches(item.line.course.box, window_)).map((item) => item.line);
    drawLines(ctx, lines, view.k, theme, out ? theme.out : theme.into, lines.length > 16 ? 0.7 : 1, lines.length > 16 ? 1.5 : 2);
  }
  drawCards(ctx, picture, window_);
  drawNames(ctx, picture, window_);
}

/** @param {CanvasRenderingContext2D} ctx @param {Box} box @param {number} radius */
function rounded(ctx, { x, y, w, h }, radius) {
  ctx.beginPath();
  ctx.moveTo(x + radius, y);
  ctx.arcTo(x + w, y, x + w, y + h, radius);
  ctx.arcTo(x + w, y + h, x, y + h, radius);
  ctx.arcTo(x, y + h, x, y, radius);
  ctx.arcTo(x, y, x + w, y, radius);
  ctx.closePath();
}

/** @param {CanvasRenderingContext2D} ctx @param {Region} region @param {Picture} picture */
function drawRegion(ctx, region, { theme, view }) {
  const color = theme.apps[region.color];
  rounded(ctx, region.box, 12);
  ctx.fillStyle = color;
  ctx.globalAlpha = theme.forced ? 0 : 0.055;
  ctx.fill();
  ctx.globalAlpha = theme.forced ? 1 : 0.3;
  ctx.strokeStyle = color;
  ctx.lineWidth = 1 / view.k;
  ctx.stroke();
  ctx.globalAlpha = 1;
}

/**
 * One path per style: hundreds of lines then cost as much as one.
 * @param {CanvasRenderingContext2D} ctx @param {Line[]} lines @param {number} k @param {Theme} theme
 * @param {string} color @param {number} alpha @param {number} width in screen pixels
 */
function drawLines(ctx, lines, k, theme, color, alpha, width) {
  if (!lines.length) return;
  ctx.strokeStyle = color;
  ctx.globalAlpha = theme.forced ? Math.max(alpha, 0.5) : alpha;
  ctx.lineWidth = Math.max(width * (k < 0.35 ? 0.8 : 1), width * Math.min(1, k)) / k;
  for (const dotted of [false, true]) {
    ctx.setLineDash(dotted ? [2 / Math.min(1, k), 4 / Math.min(1, k)] : []);
    ctx.beginPath();
    for (const { course, item } of lines) {
      const kind = item.edge ? item.edge.kind : 'fk';
      if ((kind === 'generic' || kind === 'proxy') !== dotted) continue;
      ctx.moveTo(course.a.x, course.a.y);
      if (course.way) {
        for (const { to, corner, after } of course.way) {
          ctx.lineTo(to[0], to[1]);
          ctx.quadraticCurveTo(corner[0], corner[1], after[0], after[1]);
        }
        ctx.lineTo(course.b.x, course.b.y);
      } else ctx.bezierCurveTo(course.c1[0], course.c1[1], course.c2[0], course.c2[1], course.b.x, course.b.y);
    }
    ctx.stroke();
  }
  ctx.setLineDash([]);
  if (k >= 0.35) drawMarks(ctx, lines, theme);
  ctx.globalAlpha = 1;
}

/** @param {CanvasRenderingContext2D} ctx @param {Line[]} lines @param {Theme} theme */
function drawMarks(ctx, lines, theme) {
  ctx.fillStyle = theme.surface;
  ctx.beginPath();
  for (const { marks } of lines) {
    for (const [x1, y1, x2, y2] of marks.lines) {
      ctx.moveTo(x1, y1);
      ctx.lineTo(x2, y2);
    }
  }
  ctx.stroke();
  ctx.beginPath();
  for (const { marks } of lines) {
    for (const [x, y, r] of marks.circles) {
      ctx.moveTo(x + r, y);
      ctx.arc(x, y, r, 0, Math.PI * 2);
    }
    for (const [x1, y1, x2, y2, x3, y3] of marks.triangles) {
      ctx.moveTo(x1, y1);
      ctx.lineTo(x2, y2);
      ctx.lineTo(x3, y3);
      ctx.closePath();
    }
  }
  const alpha = ctx.globalAlpha;
  ctx.globalAlpha = 1;
  ctx.fill();
  ctx.globalAlpha = alpha;
  ctx.stroke();
}

/** @param {CanvasRenderingContext2D} ctx @param {Picture['bows'][number]} line @param {Picture} picture */
function drawBow(ctx, line, { view, theme, lit, at, bows }) {
  const own = at === line.from || at === line.to;
  const { x1, y1, x2, y2, cx, cy } = bow(line.fromBox, line.toBox, line.middle);
  const width = Math.min(5, 1 + Math.log2(line.weight) * 0.7);
  ctx.strokeStyle = own ? (at === line.from ? theme.out : theme.into) : theme.edge;
  ctx.fillStyle = ctx.strokeStyle;
  // The more lines, the fainter each one.
  ctx.globalAlpha = own ? 1 : lit ? 0.1 : bows.length > 240 ? 0.18 : bows.length > 60 ? 0.4 : 0.75;
  ctx.lineWidth = width / Math.max(0.5, Math.min(1, view.k));
  ctx.beginPath();
  ctx.moveTo(x1, y1);
  ctx.quadraticCurveTo(cx, cy, x2, y2);
  ctx.stroke();
  const angle = Math.atan2(y2 - cy, x2 - cx);
  const head = 7 + width;
  ctx.beginPath();
  ctx.moveTo(x2, y2);
  ctx.lineTo(x2 - head * Math.cos(angle - 0.42), y2 - head * Math.sin(angle - 0.42));
  ctx.lineTo(x2 - head * Math.cos(angle + 0.42), y2 - head * Math.sin(angle + 0.42));
  ctx.fill();
  ctx.globalAlpha = 1;
}

/** Above this many lines, numbers are shown for one app at a time. */
const MOST_NUMBERS = 40;

/**
 * Draw the number of relations on each line between apps.
 * @param {CanvasRenderingContext2D} ctx @param {Picture} picture
 */
function drawWeights(ctx, { bows, view, theme, at }) {
  if (view.k < 0.4) return;
  const own = (/** @type {Picture['bows'][number]} */ line) => line.from === at || line.to === at;
  const told = at && bows.some(own) ? bows.filter(own) : bows.length > MOST_NUMBERS ? [] : bows.filter((line) => line.weight > 1);
  const unit = 1 / Math.min(1, view.k);
  ctx.font = `${11 * unit}px ui-monospace, monospace`;
  ctx.textAlign = 'center';
  ctx.textBaseline = 'middle';
  for (const { text, x, y, box } of labels(told, unit, (word) => ctx.measureText(word).width)) {
    rounded(ctx, box, box.h / 2);
    ctx.fillStyle = theme.surface;
    ctx.fill();
    ctx.fillStyle = theme.quiet;
    ctx.fillText(text, x, y + 0.5);
  }
}

/**
 * Cards without names; with a border if there is room.
 * @param {CanvasRenderingContext2D} ctx @param {Picture} picture @param {Box} window_
 */
function drawCards(ctx, { cards, theme, lit, view }, window_) {
  const bordered = view.k >= 0.17;
  ctx.lineWidth = 1 / view.k;
  for (const card of cards) {
    if (!touches(card.box, window_)) continue;
    const { x, y, w, h } = card.box;
    const dim = lit && !lit.has(card.id);
    ctx.globalAlpha = dim ? 0.25 : 1;
    ctx.fillStyle = theme.card;
    ctx.fillRect(x, y, w, h);
    ctx.fillStyle = theme.apps[card.color];
    ctx.globalAlpha = dim ? 0.18 : bordered ? 1 : 0.7;
    ctx.fillRect(x, y, bordered ? 4 / view.k : w, h);
    if (!bordered) continue;
    ctx.strokeStyle = theme.border;
    ctx.strokeRect(x, y, w, h);
  }
  ctx.globalAlpha = 1;
}

/**
 * Always the same size, on their own background.
 * @param {CanvasRenderingContext2D} ctx @param {Picture} picture @param {Box} window_
 */
function drawNames(ctx, { names, theme, view, lit }, window_) {
  if (!names) return;
  const unit = 1 / view.k;
  const font = (/** @type {number} */ size) => `600 ${size}px system-ui, sans-serif`;
  ctx.font = font(10);
  const written = names((text) => ctx.measureText(text).width);
  ctx.font = font(10 * unit);
  ctx.textAlign = 'center';
  ctx.textBaseline = 'middle';
  for (const { id, lines, x, y, box } of written) {
    if (!touches(box, window_) || (lit && !lit.has(id))) continue;
    rounded(ctx, { x: box.x + unit, y: box.y + unit, w: box.w - 2 * unit, h: box.h - 2 * unit }, 3 * unit);
    ctx.fillStyle = theme.card;
    ctx.globalAlpha = 0.9;
    ctx.fill();
    ctx.globalAlpha = 1;
    ctx.fillStyle = theme.text;
    lines.forEach((line, at) => ctx.fillText(line, x, y + (at - (lines.length - 1) / 2) * LINE * unit + 0.5 * unit));
  }
}
