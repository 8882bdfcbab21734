// The state of the diagram: level, selection and options; everything visible follows from it.
import { egoLayout } from './ego.js';
import { nearestTo, nearestTowards } from './geometry.js';
import { relationsOf } from './graph.js';
import { createRunner } from './runner.js';
import { createLayered } from './layered.js';
import { gridLayout, ringLayout } from './ring.js';
import { firstHidden, firstLevel, overflows, sceneFor, validLevel } from './scene.js';
import { createStage } from './stage.js';
import { bounds, centre, clampZoom, fit, opening, pan, READABLE, reveal, zoomAt } from './viewport.js';
import { otherEnd, shortestPath } from './walk.js';

/**
 * @typedef {import('./graph.js').Graph} Graph
 * @typedef {import('./scene.js').Level} Level
 * @typedef {import('./scene.js').Scene} Scene
 * @typedef {import('./viewport.js').Box} Box
 * @typedef {'scene'|'selection'|'view'|'graph'} Change
 * @typedef {ReturnType<typeof createDiagram>} Diagram
 */

const SEED = 20;
const STEP = 80;
/** Zoom for a card found by search, so that its fields are readable. */
const READING = 0.9;
/** Minimum zoom for showing a small project with all fields; otherwise it shows only keys. */
const COMFORT = 0.8;
/** Minimum relative size at which a neighbourhood uses lines routed around cards. */
const WORTH = 0.85;
const MOST_HISTORY = 50;
/** Width of the panel, as in schema.css. */
const PANEL = 288;
/** In a narrow window the panel comes from below and leaves this share of the height. */
const SHEET = 0.55;

/**
 * @param {HTMLElement} parent
 * @param {{graph: Graph, store: ReturnType<typeof import('./store.js').createStore>, workerUrl: string|undefined, layeredUrl: string|undefined, onOpenModel(label: string): void}} setup
 */
export function createDiagram(parent, setup) {
  let { graph } = setup;
  const runner = createRunner(setup.workerUrl);
  const layered = createLayered(setup.layeredUrl);
  /** @type {Set<(change: Change) => void>} */
  const listeners = new Set();
  const tell = (/** @type {Change} */ change) => listeners.forEach((listener) => listener(change));

  /** @type {Level} */
  let level = firstLevel(graph);
  /** @type {{level: Level, view: import('./viewport.js').View, selected: string|null}[]} */
  const history = [];
  /** @type {import('./scene.js').Options} */
  const options = { detail: 'all', drawHubs: false, hidden: firstHidden(graph), chosen: false };
  /** @type {Scene|null} */
  let scene = null;
  /** @type {string|null} */
  let selected = null;
  /** @type {string|null} */
  let hovered = null;
  /** @type {{nodes: string[], edges: import('./graph.js').Edge[]}|null} */
  let path = null;
  /** @type {string|null} the model at which a path search starts */
  let pathFrom = null;
  let busy = false;
  let detailChosen = false;
  let run = 0;

  const stage = createStage(parent, { onView: () => tell('view'), onRegion: (app) => go({ kind: 'app', app }), isWhole: () => isWhole(), refit: () => home(false) });

  const area = (stage.size.w || 1000) * (stage.size.h || 700) / (COMFORT * COMFORT);
  const margin = () => Math.min(40, stage.size.w * 0.05);
  /** @returns {import('./measure.js').Detail} */
  const firstDetail = () => (level.kind === 'apps' || overflows(graph, options.hidden, 'all', area) ? 'keys' : 'all');
  options.detail = firstDetail();

  /** @param {Scene} next @returns {Promise<{boxes: Map<string, Box>, routes: import('./store.js').Routes}|null>} */
  async function place(next) {
    const kept = setup.store.get(next.key);
    let routes = setup.store.routes(next.key);
    /** @type {Record<string, import('./store.js').Place>|null} */
    let positions;
    // All or nothing: an arranged or familiar view keeps its positions.
    const fresh = !next.nodes.some((node) => kept[node.id]);
    const drawn = fresh && layered.takes(next) ? await layered.run(graph, next, options.detail, room()) : null;
    if (next.sides) {
      // Around a hub the layers form one long column, which the other layout splits.
      const columns = egoLayout(next.nodes, next.sides);
      const { k } = fit(bounds(next.nodes.map(({ id, w, h }) => ({ x: columns[id][0], y: columns[id][1], w, h }))), room(), 40, 4);
      ({ positions, routes } = drawn && drawn.k > k * WORTH ? drawn.routed : { positions: columns, routes: {} });
    } else if (drawn) ({ positions, routes } = drawn.routed);
    else {
      const nodes = next.nodes.map((node) => {
        const at = kept[node.id];
        return { id: node.id, w: node.w, h: node.h, group: next.level.kind === 'all' ? node.app : '', ...(at ? { x: at[0], y: at[1], pinned: at.length > 2 } : {}) };
      });
      if (nodes.every((node) => kept[node.id])) positions = kept;
      else if (next.shape === 'ring' || next.shape === 'grid') {
        const aspect = stage.size.w / Math.max(1, stage.size.h);
        const byHand = Object.entries(kept).filter(([, at]) => at.length > 2);
        positions = { ...(next.shape === 'ring' ? ringLayout(next.nodes, next.edges, aspect) : gridLayout(next.nodes, aspect)), ...Object.fromEntries(byHand) };
      }
      else positions = await runner.run({ nodes, links: next.edges.map(({ source, target, weight }) => ({ source, target, weight })), seed: SEED, ...(next.level.kind === 'apps' ? { gap: 88 } : {}) });
    }
    if (!positions) return null;
    if (!next.sides && positions !== kept) setup.store.put(next.key, positions, drawn ? routes : undefined);
    const found = positions;
    const boxes = new Map(next.nodes.map((node) => [node.id, { x: found[node.id][0], y: found[node.id][1], w: node.w, h: node.h }]));
    return { boxes, routes };
  }

  /**
   * Show the level with the current options.
   * @param {{view?: import('./viewport.js').View|null, select?: string|null, keepView?: boolean, focus?: string|null}} [then]
   */
  async function show(then = {}) {
    run += 1;
    const mine = run;
    level = validLevel(graph, level);
    const next = sceneFor(graph, level, options);
    busy = true;
    parent.classList.add('is-busy');
    const placed = await place(next);
    if (mine !== run || !placed) return;
    const { boxes } = placed;
    // Unless the user chose otherwise: readable keys are better than unreadable fields.
    if (options.detail === 'all' && !detailChosen && level.kind === 'all' && fit(bounds([...boxes.values()]), room(), margin()).k < READABLE) {
      options.detail = 'keys';
      return show(then);
    }
    busy = false;
    parent.classList.remove('is-busy');
    const hadFocus = stage.surface.contains(document.activeElement);
    const focused = hadFocus ? /** @type {HTMLElement|null} */ (document.activeElement?.closest('.schema-card'))?.dataset.id : null;
    scene = next;
    stage.setScene(graph, next, boxes, options.detail, placed.routes);
    const wanted = then.select === undefined ? selected : then.select;
    selected = wanted && boxes.has(wanted) ? wanted : null;
    refocus();
    if (then.view) stage.setView(then.view);
    else if (!then.keepView) home(false);
    tell('scene');
    tell('selection');
    if (then.keepView) stage.flush();
    const focusNext = then.focus || (focused && boxes.has(focused) ? focused : null);
    if (focusNext) focusCard(focusNext);
    else if (hadFocus && !stage.surface.contains(document.activeElement)) stage.surface.focus({ preventScroll: true });
  }

  /** The part of the surface not covered by the panel. */
  function room() {
    const { w, h } = stage.size;
    if (!selected) return { w, h };
    return w > 720 ? { w: w - PANEL, h } : { w, h: h * SHEET };
  }

  /** Whether the view is the level's initial one. */
  function isWhole() {
    if (!scene || busy) return false;
    const { view } = stage;
    const whole = target(false);
    return Math.abs(whole.k / view.k - 1) < 0.001 && Math.hypot(whole.x - view.x, whole.y - view.y) < 1;
  }

  /** @returns {import('./address.js').Looked} */
  function looked() {
    const { view, size } = stage;
    const first = firstLevel(graph);
    return {
      level: level.kind === first.kind ? null : level,
      selected,
      hidden: options.chosen ? [...options.hidden] : null,
      detail: detailChosen ? options.detail : null,
      hubs: options.drawHubs,
      // Always set with a selection, because a link with only a model leads to
      // that model's position.
      at: scene && (selected || !isWhole()) ? { x: (size.w / 2 - view.x) / view.k, y: (size.h / 2 - view.y) / view.k, k: view.k } : null,
    };
  }

  /** @param {import('./address.js').Looked} wanted */
  function restore(wanted) {
    level = validLevel(graph, wanted.level || firstLevel(graph));
    detailChosen = wanted.detail !== null;
    Object.assign(options, { hidden: wanted.hidden ? new Set(wanted.hidden) : firstHidden(graph), chosen: wanted.hidden !== null, drawHubs: wanted.hubs, detail: wanted.detail || firstDetail() });
    path = null;
    pathFrom = null;
    const { size } = stage;
    const { at, selected: id } = wanted;
    const view = at && { k: clampZoom(at.k), x: size.w / 2 - at.x * clampZoom(at.k), y: size.h / 2 - at.y * clampZoom(at.k) };
    const shown = show({ select: id && (graph.byId.has(id) || graph.appOf.has(id)) ? id : null, view });
    // A link with only a model leads to it, on whatever level it is visible.
    return id && !at ? shown.then(() => goTo(id)) : shown;
  }

  /**
   * The whole scene; a neighbourhood too large to read centres its model instead.
   * @param {boolean} again requested by the user, not the first view
   */
  function target(again) {
    const first = !again && scene && scene.level.kind !== 'apps' && !selected;
    const whole = first ? opening(stage.bounds(), room(), margin(), stage.boxes.size) : fit(stage.bounds(), room(), margin());
    const box = !again && scene && scene.level.kind === 'near' && whole.k < 0.45 && stage.boxes.get(scene.level.id);
    return box ? centre(box, room(), READABLE) : whole;
  }

  /** @param {boolean} animate */
  function home(animate) {
    if (animate) stage.animateTo(target(true));
    else stage.setView(target(false));
  }

  /** Highlight the path, or the selected (else hovered) card with its neighbours, including hubs. */
  function refocus() {
    if (!scene) return;
    const at = selected || hovered;
    if (path && path.nodes.every((id) => stage.boxes.has(id))) {
      stage.setFocus({ selected, lit: new Set(path.nodes), edges: path.edges.map((edge) => ({ item: asItem(edge), out: true })) });
    } else if (!at) stage.setFocus({ selected: null, lit: null, edges: [] });
    else if (scene.level.kind === 'apps') {
      const touching = scene.edges.filter((edge) => edge.source === at || edge.target === at);
      const lit = new Set([at, ...touching.map((edge) => (edge.source === at ? edge.target : edge.source))]);
      stage.setFocus({ selected, lit: selected ? lit : null, edges: [], at });
    } else {
      const edges = (graph.touching.get(at) || []).filter((edge) => stage.boxes.has(otherEnd(edge, at)));
      const items = edges.map((edge) => ({ item: scene?.edges.find((item) => item.id === edge.id) || asItem(edge), out: edge.from === at }));
      stage.setFocus({ selected, lit: selected ? new Set([at, ...edges.map((edge) => otherEnd(edge, at))]) : null, edges: items });
    }
  }

  /** @param {import('./graph.js').Edge} edge */
  const asItem = (edge) => ({ id: edge.id, source: edge.from, target: edge.to, weight: 1, edge });

  /** @param {Level} next @param {{select?: string|null, focus?: string|null}} [then] */
  function go(next, then = {}) {
    history.push({ level, view: stage.view, selected });
    if (history.length > MOST_HISTORY) history.shift();
    level = next;
    path = null;
    return show({ select: null, ...then });
  }

  /** @param {string|null} id */
  function select(id) {
    if (pathFrom && id && id !== pathFrom) {
      path = shortestPath(graph, pathFrom, id);
      const from = pathFrom;
      pathFrom = null;
      if (path && !path.nodes.every((each) => stage.boxes.has(each))) {
        const found = path;
        void go({ kind: 'all' }, { select: id }).then(() => {
          path = found;
          refocus();
          showPath(found.nodes);
          tell('selection');
        });
        return;
      }
      selected = path ? id : from;
      refocus();
      if (path) showPath(path.nodes);
      tell('selection');
      return;
    }
    if (id !== selected) path = null;
    if (!id) pathFrom = null;
    selected = id;
    refocus();
    tell('selection');
    const box = id && stage.boxes.get(id);
    // The panel now covers it.
    if (box && (stage.goal.x + box.x * stage.goal.k > room().w - 24 || stage.goal.y + box.y * stage.goal.k > room().h - 24)) stage.animateTo(reveal(stage.goal, box, room()));
  }

  /** @param {string[]} ids */
  function showPath(ids) {
    const inside = ids.map((id) => stage.boxes.get(id)).filter((box) => box !== undefined);
    const [x0, y0] = [Math.min(...inside.map((box) => box.x)), Math.min(...inside.map((box) => box.y))];
    const area = { x: x0, y: y0, w: Math.max(...inside.map((box) => box.x + box.w)) - x0, h: Math.max(...inside.map((box) => box.y + box.h)) - y0 };
    stage.animateTo(fit(area, room(), 64));
  }

  /** @param {string} id */
  function focusCard(id) {
    stage.keep(id);
    stage.flush();
    const element = stage.element(id);
    (element || stage.surface).focus({ preventScroll: true });
  }

  /** Centre a model, on a level where it is visible. @param {string} id @param {{focus?: boolean}} [then] */
  function goTo(id, then = {}) {
    if (!graph.byId.has(id)) return;
    if (scene && scene.level.kind !== 'apps' && stage.boxes.has(id)) {
      select(id);
      const box = /** @type {Box} */ (stage.boxes.get(id));
      stage.animateTo(centre(box, room(), Math.max(stage.view.k, READING)));
      if (then.focus) focusCard(id);
    } else void go({ kind: 'near', id, hops: 1 }, { select: id, focus: then.focus ? id : null });
  }

  /** @param {string} id the activated card: shows a model's neighbourhood or an app's models */
  function enter(id) {
    if (scene && scene.level.kind === 'apps') void go({ kind: 'app', app: id }, { focus: graph.appOf.get(id)?.models[0] });
    else if (!(level.kind === 'near' && level.id === id)) void go({ kind: 'near', id, hops: 1 }, { select: id, focus: id });
  }

  return {
    stage,
    /** @param {(change: Change) => void} listener */
    listen(listener) { listeners.add(listener); },
    get graph() { return graph; },
    get scene() { return scene; },
    get level() { return level; },
    get selected() { return selected; },
    get options() { return options; },
    get path() { return path; },
    get pathFrom() { return pathFrom; },
    get busy() { return busy; },
    get canGoBack() { return history.length > 0; },
    show,
    looked,
    restore,
    go,
    goTo,
    select,
    enter,
    home: () => home(true),
    open: (/** @type {string} */ id) => setup.onOpenModel(id),
    /** @param {string|null} id */
    hover(id) {
      if (id === hovered) return;
      hovered = id;
      if (!selected && !path) refocus();
    },
    back() {
      if (pathFrom || path || selected) {
        pathFrom = null;
        path = null;
        select(null);
        return;
      }
      const last = history.pop();
      if (!last) return;
      level = last.level;
      void show({ view: last.view, select: last.selected });
    },
    startPath() {
      pathFrom = selected;
      tell('selection');
    },
    /** @param {Partial<import('./scene.js').Options>} change */
    setOptions(change) {
      const resized = change.detail !== undefined && change.detail !== options.detail;
      detailChosen ||= change.detail !== undefined;
      Object.assign(options, change);
      return show({ keepView: !resized });
    },
    resetLayout() {
      if (scene) setup.store.forget(scene.key);
      return show();
    },
    zoom(/** @type {number} */ factor) {
      const { size, goal } = stage;
      stage.animateTo(zoomAt(goal, factor, size.w / 2, size.h / 2));
    },
    /**
     * Move focus to the next card in a direction; without a focused card, to the one
     * nearest the view's centre.
     * @param {string|null} id of the focused card @param {'left'|'right'|'up'|'down'} direction
     */
    step(id, direction) {
      const from = id ? stage.boxes.get(id) : undefined;
      const { goal, size } = stage;
      const middle = { x: (size.w / 2 - goal.x) / goal.k, y: (size.h / 2 - goal.y) / goal.k, w: 0, h: 0 };
      const next = from ? nearestTowards(stage.boxes, from, direction) : nearestTo(stage.boxes, middle);
      if (next) focusCard(next);
    },
    pan(/** @type {number} */ dx, /** @type {number} */ dy) { stage.setView(pan(stage.goal, dx * STEP, dy * STEP)); },
    /** @param {string} id @param {number} dx @param {number} dy */
    nudge(id, dx, dy) {
      const box = stage.boxes.get(id);
      if (!box) return;
      stage.moveCard(id, box.x + dx * 20, box.y + dy * 20);
      this.moved(id);
    },
    /** @param {string} id */
    moved(id) {
      const box = stage.boxes.get(id);
      if (box && scene && !scene.sides) setup.store.put(scene.key, { [id]: [box.x, box.y, 1] });
    },
    /** @param {string} id */
    reveal(id) {
      const box = stage.boxes.get(id);
      if (!box) return;
      const next = reveal(stage.goal, box, room());
      if (next.x !== stage.goal.x || next.y !== stage.goal.y) stage.setView(next);
    },
    relations: (/** @type {string} */ id) => relationsOf(graph, id),
    /** New data of the same project: positions, level and view stay. @param {Graph} next */
    update(next) {
      const first = graph.nodes.length === 0;
      graph = next;
      if (first) level = firstLevel(graph);
      tell('graph');
      return show({ keepView: !first });
    },
    destroy() {
      run += 1;
      listeners.clear();
      runner.destroy();
      layered.destroy();
      stage.destroy();
    },
  };
}
