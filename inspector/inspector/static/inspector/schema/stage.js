// The surface: holds view, boxes and highlights, and draws a frame when one of them changes.
import { gettext } from '../i18n.js';
import { createCards } from './cards.js';
import { draw } from './canvas.js';
import { middleOf, course, marks, routed } from './geometry.js';
import { h } from './dom.js';
import { region as regionBox } from './layout.js';
import { namesFor } from './names.js';
import { places } from './region-labels.js';
import { fieldOffset, keyOffset } from './measure.js';
import { readTheme, watchTheme } from './theme.js';
import { between, bounds, detailAt, touches, visible } from './viewport.js';

/**
 * @typedef {import('./graph.js').Graph} Graph
 * @typedef {import('./scene.js').Scene} Scene
 * @typedef {import('./viewport.js').View} View
 * @typedef {import('./viewport.js').Box} Box
 * @typedef {import('./canvas.js').Line} Line
 * @typedef {{selected: string|null, lit: Set<string>|null, edges: {item: import('./scene.js').SceneEdge, out: boolean}[], at?: string|null}} Focus
 *   `at`: the app whose lines are highlighted
 * @typedef {ReturnType<typeof createStage>} Stage
 */

/** With more cards without fields, they are painted instead of being elements. */
const MOST_TITLES = 120;
/** Zoom below which all lines between two apps are merged into one. */
const FAR = 0.36;
const OVERSCAN = 160;
const ANIMATION_MS = 140;

/**
 * @param {HTMLElement} parent
 * @param {{onView(view: View): void, onRegion(app: string): void, isWhole(): boolean, refit(): void}} on
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
  /** Lines between apps, or between regions when zoomed out. @type {import('./bow-labels.js').Bow[]} */
  let bows = [];
  /** Lines within an app, also drawn when zoomed out. @type {Line[]} */
  let inside = [];
  /** Names that fit at a zoom. @type {{k: number, names: import('./names.js').Written[]}|null} */
  let written = null;
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
  /**
   * The card with focus, or about to get it: always an element, even if others are only painted.
   * @type {string|null}
   */
  let kept = null;
  let theme = readTheme(parent);
  /** Target of the animation; the view itself if nothing moves. @type {View} */
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
    const whole = on.isWhole();
    // Keep the centre of the view.
    if (size.w && size.h) view = { k: view.k, x: view.x + (next.w - size.w) / 2, y: view.y + (next.h - size.h) / 2 };
    size = next;
    cancelAnimationFrame(animation);
    goal = view;
    invalidate();
    // If the whole picture was visible, fit it into the new size.
    if (whole) on.refit();
    else on.onView(view);
  });
  observer.observe(surface);
  // Focus in a card beyond the edge would scroll the surface.
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
    // Generic relations and inheritance, in reverse, have no field on the card: they
    // leave at the header.
    const offset = fieldOffset(node, detail, item.edge.field);
    const route = routes[item.id];
    const end = keyOffset(graph.byId.get(item.target), detail, item.edge.kind);
    const path = (route && routed(route, from, to, offset, end, [...boxes.values()])) || course(from, to, offset, end, item.source === item.target);
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
    reckonBows();
    written = null;
    syncLabels();
  }

  function reckonBows() {
    if (!scene) return;
    inside = [];
    if (scene.level.kind === 'apps') {
      const middle = scene.shape === 'ring' ? middleOf([...boxes.values()]) : null;
      bows = scene.edges.map(({ source, target, weight }) => ({ from: source, to: target, weight, fromBox: /** @type {Box} */ (boxes.get(source)), toBox: /** @type {Box} */ (boxes.get(target)), middle }));
      return;
    }
    // Zoomed out, all lines between two apps become one, whose width shows their number.
    const areas = new Map(regions.map((region) => [region.name, region.box]));
    const appOf = (/** @type {string} */ id) => graph.byId.get(id)?.app || '';
    /** @type {Map<string, import('./bow-labels.js').Bow>} */
    const bundles = new Map();
    for (const line of lines) {
      const [from, to] = [appOf(line.item.source), appOf(line.item.target)];
      const [fromBox, toBox] = [areas.get(from), areas.get(to)];
      if (from === to || !fromBox || !toBox) {
        inside.push(line);
        continue;
      }
      const key = JSON.stringify([from, to]);
      const bundle = bundles.get(key);
      if (bundle) bundle.weight += 1;
      else bundles.set(key, { from, to, weight: 1, fromBox, toBox });
    }
    bows = [...bundles.values()];
  }

  /**
   * Names on a map whose cards are too small for them; the names of apps are already placed.
   * @param {(text: string) => number} widthOf
   */
  function names(widthOf) {
    if (!scene) return [];
    if (written && written.k === view.k) return written.names;
    const unit = 1 / view.k;
    const taken = regions.map(({ name, box }) => ({ x: box.x, y: box.y - 12 * unit, w: (name.length * 8 + 30) * unit, h: 22 * unit }));
    const areas = new Map(regions.map((region) => [region.name, region.box]));
    const cards = scene.nodes.map((node) => ({
      within: areas.get(node.app) || null,
      id: node.id, name: graph.byId.get(node.id)?.name || node.id, box: /** @type {Box} */ (boxes.get(node.id)),
      rank: node.id === focus.selected ? Infinity : (graph.hubs.has(node.id) ? 1000 : 0) + (graph.touching.get(node.id) || []).length,
    }));
    written = { k: view.k, names: namesFor(cards, view.k, taken, widthOf) };
    return written.names;
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

  /** @param {boolean} [all] create all new cards, not only one frame's budget */
  function render(all = false) {
    frame = 0;
    if (!scene || !size.w || !size.h) return;
    const around = visible(view, size, OVERSCAN);
    const near = order.filter((node) => touches(/** @type {Box} */ (boxes.get(node.id)), around));
    let level = scene.level.kind === 'apps' ? (view.k >= 0.42 ? 'fields' : 'box') : detailAt(view.k, detail === 'names');
    if (level === 'title' && near.length > MOST_TITLES) level = 'box';
    const active = document.activeElement;
    const pinned = active && world.contains(active) ? /** @type {HTMLElement} */ (active.closest('[data-id]'))?.dataset.id : null;
    if (pinned) kept = pinned;
    const crowded = level === 'box' && near.length > MOST_TITLES;
    const inView = crowded ? new Set(order.slice(0, 1)) : new Set(near);
    // The focused card stays an element, or the keyboard would lose its position when it is panned
    // off the screen; so does the selected one. If cards are painted, the first is an element for
    // Tab; arrows lead on from there.
    const asElements = order.filter((node) => inView.has(node) || node.id === kept || node.id === focus.selected);
    world.className = `schema-world at-${level} ${view.k < 0.5 ? 'is-middle' : ''} ${view.k < 0.82 ? 'is-small' : ''} ${scene.named ? 'with-app' : ''}`;
    world.style.transform = `translate(${view.x}px, ${view.y}px) scale(${view.k})`;
    if (cards.sync(asElements, boxes, level === 'fields', decorate, all ? Infinity : undefined)) invalidate();
    placeLabels();
    const far = scene.regions && view.k < FAR;
    draw(canvas, {
      view,
      size,
      theme,
      regions,
      lines: far ? inside : lines,
      bows: far || scene.level.kind === 'apps' ? bows : [],
      at: focus.at || focus.selected,
      cards: level === 'box' ? near.map((node) => paintable(node)) : [],
      names: level === 'box' ? names : null,
      lit: focus.lit,
      highlights: focusLines.map((line, at) => ({ line, out: focus.edges[at].out })),
    });
    surface.dataset.cards = String(cards.size);
    surface.dataset.level = level;
  }

  /** @param {import('./scene.js').SceneNode} node */
  function paintable(node) {
    return { id: node.id, box: /** @type {Box} */ (boxes.get(node.id)), color: graph.appOf.get(node.app)?.color || 0 };
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
      // Tab follows reading order: app by app, from top to bottom.
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
      if (next.selected !== focus.selected) written = null;
      focus = next;
      focusLines = toLines(focus.edges.map(({ item }) => item));
      focus.edges = focusLines.map((line) => /** @type {Focus['edges'][number]} */ (next.edges.find(({ item }) => item === line.item)));
      cards.each(decorate);
      invalidate();
    },
    /** @param {string} id @param {number} x @param {number} y in world units */
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
    /** Draw everything at once, for code that needs a card's element now. */
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
