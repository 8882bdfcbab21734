// The surface: holds view, boxes and highlights, and draws a frame when one of them changed.
import { gettext } from '../i18n.js';
import { createCards } from './cards.js';
import { draw } from './canvas.js';
import { course, marks, routed } from './geometry.js';
import { h } from './dom.js';
import { region as regionBox } from './layout.js';
import { places } from './region-labels.js';
import { HEADER, fieldOffset, titleFont } from './measure.js';
import { readTheme, watchTheme } from './theme.js';
import { between, bounds, detailAt, touches, visible } from './viewport.js';

/**
 * @typedef {import('./graph.js').Graph} Graph
 * @typedef {import('./scene.js').Scene} Scene
 * @typedef {import('./viewport.js').View} View
 * @typedef {import('./viewport.js').Box} Box
 * @typedef {import('./canvas.js').Line} Line
 * @typedef {{selected: string|null, lit: Set<string>|null, edges: {item: import('./scene.js').SceneEdge, out: boolean}[]}} Focus
 * @typedef {ReturnType<typeof createStage>} Stage
 */

/** Above this many cards with titles only, they are painted instead of being elements. */
const MOST_TITLES = 120;
const OVERSCAN = 160;
const ANIMATION_MS = 140;

/**
 * @param {HTMLElement} parent
 * @param {{onView(view: View): void, onRegion(app: string): void}} on
 */
export function createStage(parent, on) {
  const canvas = /** @type {HTMLCanvasElement} */ (h('canvas', { class: 'schema-canvas', 'aria-hidden': 'true' }));
  const world = h('div', { class: 'schema-world' });
  const labels = h('div', { class: 'schema-labels' });
  const surface = h('div', { class: 'schema-surface', role: 'group', 'aria-label': gettext('Schema diagram'), tabindex: 0 }, [canvas, labels, world]);
  parent.append(surface);

  /** @type {Graph} */
  let graph;
  /** @type {Scene|null} */
  let scene = null;
  /** @type {Map<string, Box>} */
  let boxes = new Map();
  /** @type {Record<string, import('./elk-graph.js').Route>} */
  let routes = {};
  /** @type {Line[]} */
  let lines = [];
  /** @type {import('./canvas.js').Region[]} */
  let regions = [];
  /** @type {import('./scene.js').SceneNode[]} */
  let order = [];
  /** @type {import('./measure.js').Detail} */
  let detail = 'keys';
  /** @type {View} */
  let view = { x: 0, y: 0, k: 1 };
  let size = { w: surface.clientWidth, h: surface.clientHeight };
  /** @type {Focus} */
  let focus = { selected: null, lit: null, edges: [] };
  /** @type {Line[]} */
  let focusLines = [];
  /** The card that has the focus, or is about to get it: it is an element even where the others are only painted. @type {string|null} */
  let kept = null;
  let theme = readTheme(parent);
  /** Where an animation leads; the view itself when nothing moves. @type {View} */
  let goal = view;
  let frame = 0;
  let animation = 0;
  const cards = createCards(world);

  const invalidate = () => {
    if (!frame) frame = requestAnimationFrame(() => render());
  };
  const stopTheme = watchTheme(() => {
    theme = readTheme(parent);
    invalidate();
  });
  const observer = new ResizeObserver(() => {
    const next = { w: surface.clientWidth, h: surface.clientHeight };
    // What was in the middle stays in the middle.
    if (size.w && size.h) view = { k: view.k, x: view.x + (next.w - size.w) / 2, y: view.y + (next.h - size.h) / 2 };
    size = next;
    cancelAnimationFrame(animation);
    goal = view;
    invalidate();
    on.onView(view);
  });
  observer.observe(surface);
  // Focus in a card beyond the edge would scroll the surface away from its own coordinates.
  surface.addEventListener('scroll', () => surface.scrollTo(0, 0));

  /** @param {string} id @param {HTMLElement} element */
  function decorate(id, element) {
    element.classList.toggle('is-selected', id === focus.selected);
    element.classList.toggle('is-dim', focus.lit !== null && !focus.lit.has(id));
    if (id === focus.selected) element.setAttribute('aria-current', 'true');
    else element.removeAttribute('aria-current');
  }

  /** @param {import('./scene.js').SceneEdge} item @returns {Line|null} */
  function toLine(item) {
    const from = boxes.get(item.source);
    const to = boxes.get(item.target);
    const node = graph.byId.get(item.source);
    if (!from || !to || !node || !item.edge) return null;
    // The other way round, generic relations and inheritance have no field on the card: they leave at the header.
    const offset = fieldOffset(node, detail, item.edge.field);
    const route = routes[item.id];
    const path = (route && routed(route, from, to, offset, HEADER / 2, [...boxes.values()])) || course(from, to, offset, HEADER / 2, item.source === item.target);
    return { item, course: path, marks: marks(path, item.edge.kind, item.edge.nullable) };
  }

  /** @param {import('./scene.js').SceneEdge[]} items */
  const toLines = (items) => /** @type {Line[]} */ (items.map(toLine).filter((line) => line !== null));

  function reckon() {
    if (!scene) return;
    lines = toLines(scene.edges);
    focusLines = toLines(focus.edges.map(({ item }) => item));
    regions = [];
    if (scene.regions) {
      /** @type {Map<string, import('./separate.js').Rect[]>} */
      const members = new Map();
      for (const node of scene.nodes) {
        const box = boxes.get(node.id);
        if (!box) continue;
        const rect = { id: node.id, ...box };
        const inside = members.get(node.app);
        if (inside) inside.push(rect);
        else members.set(node.app, [rect]);
      }
      for (const [name, inside] of members) {
        regions.push({ name, box: regionBox(name, inside), color: graph.appOf.get(name)?.color || 0 });
      }
    }
    syncLabels();
  }

  function syncLabels() {
    const existing = new Map(Array.from(labels.children, (element) => [/** @type {HTMLElement} */ (element).dataset.app || '', /** @type {HTMLElement} */ (element)]));
    for (const region of regions) {
      if (existing.delete(region.name)) continue;
      labels.append(h('button', { type: 'button', class: `schema-label schema-app-${region.color + 1}`, 'data-app': region.name, tabindex: -1, text: region.name, title: gettext('Show the app {app} alone', { app: region.name }), onclick: () => on.onRegion(region.name) }));
    }
    for (const element of existing.values()) element.remove();
  }

  function placeLabels() {
    const byName = new Map(places(regions, view, size).map((one) => [one.name, one]));
    for (const child of Array.from(labels.children)) {
      const element = /** @type {HTMLElement} */ (child);
      const one = byName.get(element.dataset.app || '');
      element.hidden = !one;
      if (!one) continue;
      element.classList.toggle('is-on-border', one.onBorder);
      element.style.maxWidth = `${one.width}px`;
      element.style.transform = `translate(${one.left}px, ${one.top}px)`;
    }
  }

  /** @param {boolean} [all] not only as many new cards as fit into a frame */
  function render(all = false) {
    frame = 0;
    if (!scene || !size.w || !size.h) return;
    const around = visible(view, size, OVERSCAN);
    const near = order.filter((node) => touches(/** @type {Box} */ (boxes.get(node.id)), around));
    let level = scene.level.kind === 'apps' ? (view.k >= 0.35 ? 'fields' : 'box') : detailAt(view.k);
    if (level === 'title' && near.length > MOST_TITLES) level = 'box';
    const active = document.activeElement;
    const pinned = active && world.contains(active) ? /** @type {HTMLElement} */ (active.closest('[data-id]'))?.dataset.id : null;
    if (pinned) kept = pinned;
    const inView = level === 'box' ? new Set() : new Set(near);
    // The focused card stays, or the keyboard would lose its place when it is panned off the screen; so does the selected one.
    const asElements = order.filter((node) => inView.has(node) || node.id === kept || node.id === focus.selected);
    world.className = `schema-world at-${level === 'fields' ? 'fields' : 'title'} ${view.k < 0.28 ? 'is-far' : view.k < 0.42 ? 'is-middle' : ''} ${scene.named ? 'with-app' : ''}`;
    world.style.transform = `translate(${view.x}px, ${view.y}px) scale(${view.k})`;
    if (cards.sync(asElements, boxes, level === 'fields', decorate, all ? Infinity : undefined)) invalidate();
    placeLabels();
    draw(canvas, {
      view,
      size,
      theme,
      regions,
      lines,
      bows: scene.level.kind !== 'apps' ? [] : scene.edges.map((edge) => ({ from: edge.source, to: edge.target, weight: edge.weight, fromBox: /** @type {Box} */ (boxes.get(edge.source)), toBox: /** @type {Box} */ (boxes.get(edge.target)) })),
      cards: level === 'box' ? near.map((node) => paintable(node)) : [],
      lit: focus.lit,
      highlights: focusLines.map((line, at) => ({ line, out: focus.edges[at].out })),
    });
    surface.dataset.cards = String(cards.size);
    surface.dataset.level = level;
  }

  /** @param {import('./scene.js').SceneNode} node */
  function paintable(node) {
    const model = graph.byId.get(node.id);
    const name = model ? model.name : node.id;
    const box = /** @type {Box} */ (boxes.get(node.id));
    return { id: node.id, box, name, color: graph.appOf.get(node.app)?.color || 0, font: Math.min(titleFont(name, node.w, node.h), Math.round((node.w - 16) / (name.length * 0.56))) };
  }

  /** @param {View} next */
  function setView(next) {
    cancelAnimationFrame(animation);
    view = next;
    goal = next;
    invalidate();
    on.onView(view);
  }

  return {
    surface,
    get view() { return view; },
    get goal() { return goal; },
    get size() { return size; },
    get boxes() { return boxes; },
    get regions() { return regions; },
    get courses() { return new Map(lines.map((line) => [line.item.id, line.course])); },
    get theme() { return theme; },
    setView,
    /** @param {string} id */
    keep(id) { kept = id; },
    /** @param {View} target */
    animateTo(target) {
      cancelAnimationFrame(animation);
      if (matchMedia('(prefers-reduced-motion: reduce)').matches || !scene) {
        setView(target);
        return;
      }
      goal = target;
      const start = performance.now();
      const from = view;
      const step = () => {
        const t = Math.min(1, (performance.now() - start) / ANIMATION_MS);
        view = t === 1 ? target : between(from, target, 1 - Math.pow(1 - t, 3));
        invalidate();
        on.onView(view);
        if (t < 1) animation = requestAnimationFrame(step);
      };
      step();
    },
    /** @param {Graph} nextGraph @param {Scene} next @param {Map<string, Box>} nextBoxes @param {import('./measure.js').Detail} nextDetail @param {typeof routes} nextRoutes */
    setScene(nextGraph, next, nextBoxes, nextDetail, nextRoutes) {
      routes = nextRoutes;
      graph = nextGraph;
      scene = next;
      boxes = nextBoxes;
      detail = nextDetail;
      focus = { selected: null, lit: null, edges: [] };
      // Tab goes the way one reads: app by app, from top to bottom.
      order = [...next.nodes].sort((a, b) => {
        const [p, q] = [/** @type {Box} */ (boxes.get(a.id)), /** @type {Box} */ (boxes.get(b.id))];
        return (next.regions && a.app !== b.app ? (a.app < b.app ? -1 : 1) : 0) || Math.round(p.y / 120) - Math.round(q.y / 120) || p.x - q.x;
      });
      cards.reset(nextGraph, next, nextDetail);
      for (const label of Array.from(labels.children)) label.remove();
      reckon();
      invalidate();
    },
    /** @param {Focus} next */
    setFocus(next) {
      focus = next;
      focusLines = toLines(focus.edges.map(({ item }) => item));
      focus.edges = focusLines.map((line) => /** @type {Focus['edges'][number]} */ (next.edges.find(({ item }) => item === line.item)));
      cards.each(decorate);
      invalidate();
    },
    /** @param {string} id @param {number} x @param {number} y in the world */
    moveCard(id, x, y) {
      const box = boxes.get(id);
      if (!box) return;
      box.x = x;
      box.y = y;
      cards.move(id, box);
      reckon();
      invalidate();
    },
    element: cards.element,
    bounds: () => bounds([...boxes.values(), ...regions.map((region) => region.box)]),
    /** Draws at once and completely: for what needs the element of a card now. */
    flush() {
      cancelAnimationFrame(frame);
      render(true);
    },
    destroy() {
      cancelAnimationFrame(frame);
      cancelAnimationFrame(animation);
      observer.disconnect();
      stopTheme();
      surface.remove();
    },
  };
}
