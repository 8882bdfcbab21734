// A minimap of the scene with a frame around the visible part. Click or drag to move.
import { h } from './dom.js';
import { bounds, fit, visible } from './viewport.js';

const SIZE = { w: 168, h: 112 };
/** Scenes larger than the screen by this factor get a minimap. */
const WORTH = 1.25;

/** @param {import('./diagram.js').Diagram} diagram */
export function createMinimap(diagram) {
  // For the pointer only: the keyboard has 0, the arrows and search.
  const canvas = /** @type {HTMLCanvasElement} */ (h('canvas', { class: 'schema-minimap', 'aria-hidden': 'true', hidden: true }));
  const still = document.createElement('canvas');
  let map = { x: 0, y: 0, k: 1 };
  let frame = 0;
  let stale = true;

  function paintStill() {
    const { stage, graph, scene } = diagram;
    const ratio = window.devicePixelRatio || 1;
    still.width = canvas.width = SIZE.w * ratio;
    still.height = canvas.height = SIZE.h * ratio;
    const area = bounds([...stage.boxes.values()]);
    map = fit(area, SIZE, 8, 1);
    const ctx = /** @type {CanvasRenderingContext2D} */ (still.getContext('2d'));
    ctx.setTransform(map.k * ratio, 0, 0, map.k * ratio, map.x * ratio, map.y * ratio);
    for (const node of scene ? scene.nodes : []) {
      const box = stage.boxes.get(node.id);
      if (!box) continue;
      ctx.fillStyle = stage.theme.apps[graph.appOf.get(node.app)?.color || 0];
      ctx.fillRect(box.x, box.y, Math.max(box.w, 2 / map.k), Math.max(box.h, 2 / map.k));
    }
    stale = false;
  }

  function paint() {
    frame = 0;
    const { stage } = diagram;
    const area = stage.bounds();
    canvas.hidden = !area || stage.size.w < 560 || (area.w * stage.view.k < stage.size.w * WORTH && area.h * stage.view.k < stage.size.h * WORTH);
    if (canvas.hidden) return;
    if (stale) paintStill();
    const ratio = window.devicePixelRatio || 1;
    const ctx = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
    ctx.setTransform(1, 0, 0, 1, 0, 0);
    ctx.clearRect(0, 0, canvas.width, canvas.height);
    ctx.globalAlpha = 0.55;
    ctx.drawImage(still, 0, 0);
    ctx.globalAlpha = 1;
    ctx.scale(ratio, ratio);
    const seen = visible(stage.view, stage.size);
    ctx.strokeStyle = stage.theme.out;
    ctx.lineWidth = 1.5;
    ctx.strokeRect(seen.x * map.k + map.x, seen.y * map.k + map.y, Math.max(6, seen.w * map.k), Math.max(6, seen.h * map.k));
  }

  /** @param {PointerEvent} event */
  function go(event) {
    const area = canvas.getBoundingClientRect();
    const x = (event.clientX - area.left - map.x) / map.k;
    const y = (event.clientY - area.top - map.y) / map.k;
    const { view, size } = diagram.stage;
    diagram.stage.setView({ k: view.k, x: size.w / 2 - x * view.k, y: size.h / 2 - y * view.k });
  }
  canvas.addEventListener('pointerdown', (event) => {
    try { canvas.setPointerCapture(event.pointerId); } catch { /* a pointer made by a script */ }
    go(event);
  });
  canvas.addEventListener('pointermove', (event) => { if (event.buttons) go(event); });

  diagram.listen((change) => {
    if (change === 'scene') stale = true;
    if (!frame) frame = requestAnimationFrame(paint);
  });
  return { element: canvas, refresh() { stale = true; }, destroy() { cancelAnimationFrame(frame); } };
}
