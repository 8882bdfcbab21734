// Wheel, drag, pinch and double click on the surface.
import { pan, zoomAt } from './viewport.js';

/** @typedef {import('./stage.js').Stage} Stage */

/** Movement in pixels up to which a press counts as a click. */
const SLOP = 4;
/** Milliseconds between the two clicks of a double click. */
const DOUBLE_MS = 500;

/**
 * @param {Stage} stage
 * @param {{select(id: string|null): void, open(id: string): void, go(id: string): void, app(label: string): void, enter(id: string): void, moved(id: string): void, hover(id: string|null): void, canMove(): boolean}} on
 */
export function attachGestures(stage, on) {
  const { surface } = stage;
  /** @type {Map<number, {x: number, y: number}>} */
  const pointers = new Map();
  /** @type {{id: string|null, x: number, y: number, boxX: number, boxY: number, moving: boolean, target: Element}|null} */
  let press = null;
  let spread = 0;
  /**
   * The first click of a possible double click: its selection may move the card away from the
   * pointer.
   * @type {{id: string, time: number, x: number, y: number}|null}
   */
  let first = null;

  /** @param {MouseEvent} event */
  const local = (event) => {
    const area = surface.getBoundingClientRect();
    return { x: event.clientX - area.left, y: event.clientY - area.top };
  };
  /** @param {EventTarget|null} target */
  const cardOf = (target) => /** @type {HTMLElement|null} */ (target instanceof Element ? target.closest('[data-id]') : null)?.dataset.id || null;
  /** Painted cards have no element: find them by position. @param {{x: number, y: number}} at */
  const painted = (at) => {
    if (surface.dataset.level !== 'box') return null;
    const { view } = stage;
    const [x, y] = [(at.x - view.x) / view.k, (at.y - view.y) / view.k];
    for (const [id, box] of stage.boxes) if (x >= box.x && x <= box.x + box.w && y >= box.y && y <= box.y + box.h) return id;
    return null;
  };

  /** @param {WheelEvent} event */
  function wheel(event) {
    event.preventDefault();
    const at = local(event);
    // Convert lines and pages of old mice to pixels. A touchpad pinch arrives as a
    // wheel event with Ctrl.
    const unit = event.deltaMode === 1 ? 16 : event.deltaMode === 2 ? 400 : 1;
    if (event.shiftKey && !event.ctrlKey) stage.setView(pan(stage.view, -(event.deltaX || event.deltaY) * unit, 0));
    else if (!event.ctrlKey && !event.metaKey && event.deltaX !== 0) stage.setView(pan(stage.view, -event.deltaX * unit, -event.deltaY * unit));
    else stage.setView(zoomAt(stage.view, Math.exp(-Math.max(-240, Math.min(240, event.deltaY * unit)) * (event.ctrlKey ? 0.008 : 0.0018)), at.x, at.y));
  }

  /** @param {PointerEvent} event */
  function down(event) {
    if (event.button > 1 || (event.target instanceof Element && event.target.closest('.schema-label'))) return;
    const at = local(event);
    pointers.set(event.pointerId, at);
    if (pointers.size === 2) {
      const [a, b] = [...pointers.values()];
      spread = Math.hypot(a.x - b.x, a.y - b.y);
      press = null;
      return;
    }
    const id = cardOf(event.target) || painted(at);
    const box = id && stage.boxes.get(id);
    press = { id, ...at, boxX: box ? box.x : 0, boxY: box ? box.y : 0, moving: false, target: /** @type {Element} */ (event.target) };
  }

  /** @param {PointerEvent} event */
  function move(event) {
    const before = pointers.get(event.pointerId);
    const at = local(event);
    if (!before) {
      if (event.pointerType === 'mouse') on.hover(cardOf(event.target));
      return;
    }
    pointers.set(event.pointerId, at);
    if (pointers.size === 2) {
      const [a, b] = [...pointers.values()];
      const now = Math.hypot(a.x - b.x, a.y - b.y);
      const shifted = pan(stage.view, (at.x - before.x) / 2, (at.y - before.y) / 2);
      stage.setView(zoomAt(shifted, spread > 0 ? now / spread : 1, (a.x + b.x) / 2, (a.y + b.y) / 2));
      spread = now;
      return;
    }
    if (!press) return;
    if (!press.moving) {
      if (Math.hypot(at.x - press.x, at.y - press.y) < SLOP) return;
      press.moving = true;
      // Captured only now: earlier, a click on a button inside a card would go to the
      // surface. A pointer that is already gone (or made by a script) cannot be captured;
      // dragging works without it.
      try { surface.setPointerCapture(event.pointerId); } catch { /* see above */ }
      surface.classList.add('is-dragging');
    }
    const dragsCard = press.id !== null && on.canMove() && surface.dataset.level !== 'box';
    if (dragsCard) stage.moveCard(/** @type {string} */ (press.id), Math.round(press.boxX + (at.x - press.x) / stage.view.k), Math.round(press.boxY + (at.y - press.y) / stage.view.k));
    else stage.setView(pan(stage.view, at.x - before.x, at.y - before.y));
  }

  /** @param {PointerEvent} event */
  function up(event) {
    pointers.delete(event.pointerId);
    const done = press;
    press = null;
    surface.classList.remove('is-dragging');
    if (!done || event.type === 'pointercancel') return;
    if (done.moving) {
      if (done.id && on.canMove() && surface.dataset.level !== 'box') on.moved(done.id);
      return;
    }
    const action = done.target.closest('[data-open], [data-to], [data-app]');
    if (action && surface.contains(action)) return;
    if (done.id) first = { id: done.id, time: event.timeStamp, x: event.clientX, y: event.clientY };
    on.select(done.id);
  }

  /** Buttons in cards, clicked by pointer or assistive technology. @param {MouseEvent} event */
  function click(event) {
    const action = /** @type {HTMLElement|null} */ (event.target instanceof Element ? event.target.closest('button') : null);
    if (!action || action.classList.contains('schema-label')) return;
    if (action.dataset.open) on.open(action.dataset.open);
    else if (action.dataset.to) on.go(action.dataset.to);
    else if (action.dataset.app) on.app(action.dataset.app);
  }

  /** @param {MouseEvent} event */
  function double(event) {
    if (event.target instanceof Element && event.target.closest('button')) return;
    const at = local(event);
    const id = secondOf(event) || cardOf(event.target) || painted(at);
    first = null;
    if (id) on.enter(id);
    else stage.animateTo(zoomAt(stage.view, event.shiftKey ? 0.5 : 2, at.x, at.y));
  }

  /**
   * @param {MouseEvent} event @returns {string|null} the card that was clicked just before at the same position
   */
  function secondOf(event) {
    if (!first || event.timeStamp - first.time > DOUBLE_MS || Math.hypot(event.clientX - first.x, event.clientY - first.y) > SLOP) return null;
    return first.id;
  }

  /** The second click on a card now covered by the panel. @param {MouseEvent} event */
  function beside(event) {
    if (event.target instanceof Node && surface.contains(event.target)) return;
    const id = secondOf(event);
    first = null;
    if (!id) return;
    event.preventDefault();
    event.stopPropagation();
    on.enter(id);
  }

  const leave = () => on.hover(null);
  surface.parentElement?.addEventListener('click', beside, true);
  surface.addEventListener('wheel', wheel, { passive: false });
  surface.addEventListener('pointerdown', down);
  surface.addEventListener('pointermove', move);
  surface.addEventListener('pointerup', up);
  surface.addEventListener('pointercancel', up);
  surface.addEventListener('pointerleave', leave);
  surface.addEventListener('click', click);
  surface.addEventListener('dblclick', double);
}
