// The schema diagram: assembles its parts under one element of the page.
import { gettext, ngettext } from '../i18n.js';
import { isTyping } from '../typing.js';
import { fromQuery, isElsewhere, toQuery } from './address.js';
import { attachGestures } from './gestures.js';
import { buildGraph } from './graph.js';
import { commandFor } from './keyboard.js';
import { createDiagram } from './diagram.js';
import { createMinimap } from './minimap.js';
import { createPanel } from './panel.js';
import { createStore, localState } from './store.js';
import { createTables } from './tables.js';
import { createToolbar } from './toolbar.js';
import { empty, h, icon } from './dom.js';

/** Milliseconds for which the view must be still before the URL is updated: browsers limit URL changes. */
const STILL = 300;

/**
 * Synchronizes the page's URL with the diagram's state.
 * @param {import('./diagram.js').Diagram} diagram
 */
function createAddress(diagram) {
  let written = diagram.looked();
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  let timer;
  let restoring = true;

  function write() {
    clearTimeout(timer);
    if (restoring || diagram.busy) return;
    const now = diagram.looked();
    const query = toQuery(now, new URLSearchParams(location.search));
    const elsewhere = isElsewhere(now, written);
    written = now;
    if (query === location.search) return;
    const url = location.pathname + query + location.hash;
    if (elsewhere) history.pushState(null, '', url);
    else history.replaceState(null, '', url);
  }
  diagram.listen((change) => {
    // Navigation changes the URL at once; panning and zooming only once the view is still.
    if (change === 'view' || restoring || diagram.busy) {
      clearTimeout(timer);
      timer = setTimeout(write, STILL);
    } else if (change !== 'graph') write();
  });
  async function restore() {
    restoring = true;
    await diagram.restore(fromQuery(new URLSearchParams(location.search)));
    written = diagram.looked();
    restoring = false;
  }
  const back = () => { void restore(); };
  addEventListener('popstate', back);
  return {
    start: restore,
    destroy() {
      clearTimeout(timer);
      removeEventListener('popstate', back);
    },
  };
}

/**
 * @param {HTMLElement} root  `data-project`: key for stored positions; `data-worker-url`: URL of layout-worker.js;
 *   `data-layered-url`: URL of ELK's worker;
 *   `data-name`: base name of exported files
 * @param {{models: any, state?: import('./store.js').State, onOpenModel?: (label: string) => void}} setup
 *   `models`: data of the snapshot's `models` section
 * @returns {{destroy(): void, update(models: any): void, focus(label: string): void, ready: Promise<void>}}
 *   `ready` resolves when the first picture is drawn
 */
export function mountSchema(root, { models, state, onOpenModel }) {
  const graph = buildGraph(models);
  const store = createStore(state || localState(root.dataset.project || 'default'));
  empty(root);
  root.classList.add('schema');
  const body = h('div', { class: 'schema-body' });
  const live = h('div', { class: 'schema-live', role: 'status' });
  const say = (/** @type {string} */ text) => { live.textContent = text; };
  const blank = h('div', { class: 'schema-empty' });

  // Must be in the page before anything measures it or reads its colours.
  const row = h('div', { class: 'schema-row-of-two' }, [body]);
  root.append(row, live);
  const diagram = createDiagram(body, { graph, store, workerUrl: root.dataset.workerUrl, layeredUrl: root.dataset.layeredUrl, onOpenModel: onOpenModel || (() => {}) });
  const tables = createTables(diagram, say);
  const toolbar = createToolbar(root, diagram, say, tables.button);
  row.prepend(tables.element);
  const panel = createPanel(diagram);
  const minimap = createMinimap(diagram);
  const percent = h('button', { type: 'button', class: 'schema-zoom-value', title: gettext('Zoom to 100 %'), onclick: () => diagram.zoom(1 / diagram.stage.view.k) });
  /** @param {string} name @param {string} label @param {() => void} onclick */
  const tool = (name, label, onclick) => h('button', { type: 'button', class: 'schema-icon-button', 'aria-label': label, title: label, onclick }, [icon(name)]);
  const zoom = h('div', { class: 'schema-zoom', role: 'group', 'aria-label': gettext('Zoom') }, [
    tool('minus', gettext('Zoom out (-)'), () => diagram.zoom(1 / 1.4)), percent, tool('plus', gettext('Zoom in (+)'), () => diagram.zoom(1.4)), tool('fit', gettext('Show all (0)'), () => diagram.home()),
  ]);
  body.append(minimap.element, zoom, panel.element, blank);
  root.prepend(toolbar.element);

  function emptyState(/** @type {any} */ data) {
    const none = diagram.graph.nodes.length === 0;
    root.classList.toggle('is-empty', none);
    blank.hidden = !none;
    empty(blank);
    if (!none) return;
    const errors = data && Array.isArray(data.errors) ? data.errors.length : 0;
    blank.append(icon('boxes'), h('h2', { text: gettext('No models') }), h('p', {
      text: errors
        ? ngettext('No model could be read: {count} file of this project could not be parsed. The list of models says which and why.', 'No model could be read: {count} files of this project could not be parsed. The list of models says which and why.', errors)
        : gettext('No app of this project defines a model. A class in a models.py that derives from django.db.models.Model appears here after the next scan.'),
    }));
  }

  diagram.listen((change) => {
    if (change === 'view') {
      const text = `${Math.round(diagram.stage.view.k * 100)} %`;
      if (percent.textContent !== text) {
        percent.textContent = text;
        percent.setAttribute('aria-label', gettext('Zoom {zoom}, set to 100 %', { zoom: text }));
      }
    }
    if (change === 'selection') {
      root.classList.toggle('has-selection', diagram.selected !== null);
      if (diagram.selected && diagram.scene && diagram.scene.level.kind !== 'apps') {
        const { out, into } = diagram.relations(diagram.selected);
        say(gettext('{model} selected, references {out}, referenced by {into}', { model: diagram.selected, out: out.length, into: into.length }));
      }
    }
  });

  attachGestures(diagram.stage, {
    select: diagram.select,
    open: diagram.open,
    go: diagram.goTo,
    app: diagram.enter,
    enter: diagram.enter,
    moved: (id) => {
      diagram.moved(id);
      minimap.refresh();
    },
    hover: diagram.hover,
    canMove: () => !(diagram.scene && diagram.scene.sides),
  });

  const { surface } = diagram.stage;
  /** @returns {string|null} label of the focused card */
  const focused = () => /** @type {HTMLElement|null} */ (document.activeElement?.closest('.schema-card'))?.dataset.id || null;
  let byKeyboard = false;
  const pointed = () => { byKeyboard = false; };
  const typed = () => { byKeyboard = true; };
  document.addEventListener('pointerdown', pointed, true);
  document.addEventListener('keydown', typed, true);
  surface.addEventListener('focusin', (event) => {
    const id = focused();
    // By keyboard only: a press on a partly visible card must not move it away under the pointer.
    if (id && byKeyboard && event.target instanceof HTMLElement && event.target.classList.contains('schema-card')) diagram.reveal(id);
  });

  const MOVES = /** @type {Record<string, [number, number]>} */ ({ left: [1, 0], right: [-1, 0], up: [0, 1], down: [0, -1] });
  /** @param {KeyboardEvent} event */
  function keydown(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    const command = commandFor(event, { typing: isTyping(target), onButton: target.closest('button, summary, a') !== null });
    // Elsewhere on the page only the search key is ours, and only while the diagram is visible.
    if (!command || root.offsetParent === null) return;
    if (!root.contains(target) && !(command === 'search' && target === document.body)) return;
    // In the toolbar and the panel, arrows and Enter belong to the focused control.
    if (!surface.contains(target) && !['search', 'back', 'in', 'out', 'fit'].includes(command)) return;
    const at = focused() || diagram.selected;
    if (command in MOVES) diagram.step(at, /** @type {'left'|'right'|'up'|'down'} */ (command));
    else if (command.startsWith('pan-')) diagram.pan(...MOVES[command.slice(4)]);
    else if (command.startsWith('nudge-')) {
      const [x, y] = MOVES[command.slice(6)];
      if (at && !diagram.scene?.sides) diagram.nudge(at, -x, -y);
    } else if (command === 'in') diagram.zoom(1.4);
    else if (command === 'out') diagram.zoom(1 / 1.4);
    else if (command === 'fit') diagram.home();
    else if (command === 'search') toolbar.searchbox.focus();
    else if (command === 'back') diagram.back();
    else if (command === 'open' && at && diagram.graph.byId.has(at)) diagram.open(at);
    else if (command === 'enter' && at) {
      // The first Enter selects, so that relations can be read; the second opens.
      if (diagram.selected === at && !diagram.pathFrom) diagram.enter(at);
      else diagram.select(at);
    } else return;
    event.preventDefault();
  }
  // After the menus and the search field, which handle their own keys first.
  document.addEventListener('keydown', keydown);

  let last = JSON.stringify(models);
  emptyState(models);
  const address = createAddress(diagram);
  const ready = address.start();
  // The page's main content: one Tab leads to the first card.
  if (document.activeElement === document.body) surface.focus({ preventScroll: true });
  return {
    ready,
    update(next) {
      // Sections arrive one by one during a scan; unchanged data must not disturb the user.
      const text = JSON.stringify(next);
      if (text === last) return;
      last = text;
      void diagram.update(buildGraph(next));
      emptyState(next);
    },
    focus(label) { void ready.then(() => diagram.goTo(label)); },
    destroy() {
      document.removeEventListener('keydown', keydown);
      document.removeEventListener('keydown', typed, true);
      document.removeEventListener('pointerdown', pointed, true);
      address.destroy();
      toolbar.destroy();
      minimap.destroy();
      diagram.destroy();
      root.classList.remove('schema', 'is-empty', 'has-selection');
      empty(root);
    },
  };
}
