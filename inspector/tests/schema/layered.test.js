import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { routed } from '../../inspector/static/inspector/schema/geometry.js';
import { buildGraph } from '../../inspector/static/inspector/schema/graph.js';
import { fromElk, toElk } from '../../inspector/static/inspector/schema/elk-graph.js';
import { createLayered, isSmall } from '../../inspector/static/inspector/schema/layered.js';
import { fieldOffset, keyOffset } from '../../inspector/static/inspector/schema/measure.js';
import { firstHidden, firstLevel, sceneFor } from '../../inspector/static/inspector/schema/scene.js';
import { cleanRoutes, createStore } from '../../inspector/static/inspector/schema/store.js';
import { generateModels, model, relation } from '../support/schema-models.js';

const ELK = createRequire(import.meta.url)('elkjs/lib/elk.bundled.js');
/** @type {import('../../inspector/static/inspector/schema/scene.js').Options} */
const options = { detail: 'keys', drawHubs: false, hidden: new Set() };

test('ELK’s answer: no cards overlap, every line leads from its field to its target past all other cards', async () => {
  const graph = buildGraph(generateModels(28, 4));
  const scene = sceneFor(graph, { kind: 'all' }, options);
  assert.ok(isSmall(scene) && scene.edges.length > 15);
  const { positions, routes } = fromElk(await new ELK().layout(toElk(graph, scene, 'keys', 1.5)));
  const boxes = new Map(scene.nodes.map(({ id, w, h }) => [id, { x: positions[id][0], y: positions[id][1], w, h }]));
  const cards = [...boxes.values()];
  cards.forEach((a, at) => cards.slice(at + 1).forEach((b) => {
    assert.ok(a.x + a.w <= b.x || b.x + b.w <= a.x || a.y + a.h <= b.y || b.y + b.h <= a.y, JSON.stringify([a, b]));
  }));
  for (const item of scene.edges) {
    if (item.source === item.target) continue;
    const [from, to] = [boxes.get(item.source), boxes.get(item.target)];
    const node = graph.byId.get(item.source);
    assert.ok(from && to && node && item.edge);
    const course = routed(routes[item.id], from, to, fieldOffset(node, 'keys', item.edge.field), keyOffset(graph.byId.get(item.target), 'keys', item.edge.kind), cards);
    assert.ok(course && course.way, item.id);
    assert.equal(course.way.length, routes[item.id].length - 2);
  }
});

test('a remembered course is dropped when a card moved away from it or onto it', () => {
  const from = { x: 0, y: 0, w: 100, h: 80 };
  const to = { x: 300, y: 200, w: 100, h: 80 };
  /** @type {[number, number][]} */
  const route = [[100, 40], [200, 40], [200, 217], [300, 217]];
  assert.ok(routed(route, from, to, 40, 17, [from, to]));
  assert.equal(routed(route, { ...from, x: 30 }, to, 40, 17, [from, to]), null);
  assert.equal(routed(route, from, { ...to, y: 220 }, 40, 17, [from, to]), null);
  assert.equal(routed(route, from, to, 40, 17, [from, to, { x: 180, y: 100, w: 60, h: 40 }]), null);
});

test('large views, the app map and cards without lines are not for layers', () => {
  const large = buildGraph(generateModels(100));
  assert.equal(isSmall(sceneFor(large, { kind: 'all' }, options)), false);
  assert.equal(isSmall(sceneFor(large, { kind: 'apps' }, options)), false);
  assert.equal(isSmall(sceneFor(buildGraph({ models: [model('a.A'), model('a.B')] }), { kind: 'all' }, options)), false);
  assert.equal(createLayered(undefined).takes(sceneFor(buildGraph(generateModels(12)), { kind: 'all' }, options)), false);
});

test('a small project is first shown without what packages bring; a large one whole', () => {
  const installed = { origin: 'dependency' };
  const small = buildGraph({ models: [model('shop.Order', [relation('user', 'auth.User')]), model('auth.User', [], installed), model('auth.Group', [], installed)] });
  assert.deepEqual([...firstHidden(small)], ['auth']);
  assert.deepEqual(firstLevel(small), { kind: 'all' });
  const near = (/** @type {boolean} */ chosen) => sceneFor(small, { kind: 'near', id: 'shop.Order', hops: 1 }, { ...options, hidden: new Set(['auth']), chosen }).nodes.map((node) => node.id);
  assert.deepEqual(near(false), ['shop.Order', 'auth.User']);
  assert.deepEqual(near(true), ['shop.Order']);
  assert.equal(firstHidden(buildGraph({ models: [model('auth.User', [], installed), model('sites.Site', [], installed)] })).size, 0, 'nothing else to show');
  assert.equal(firstHidden(buildGraph(generateModels(100))).size, 0);
});

test('courses are remembered with the places, and damaged ones forgotten', () => {
  /** @type {any} */
  let saved = {};
  const state = { load: () => saved, save: (/** @type {any} */ value) => { saved = JSON.parse(JSON.stringify(value)); } };
  const store = createStore(state);
  store.put('all/keys', { 'a.A': [0, 0] }, { e: [[0, 0], [5, 5]] });
  assert.deepEqual(createStore(state).routes('all/keys'), { e: [[0, 0], [5, 5]] });
  store.put('all/keys', { 'a.A': [9, 9, 1] });
  assert.deepEqual(createStore(state).routes('all/keys'), { e: [[0, 0], [5, 5]] }, 'a moved card keeps the courses of the others');
  store.forget('all/keys');
  assert.deepEqual(createStore(state).routes('all/keys'), {});
  assert.deepEqual(cleanRoutes({ version: 1, routes: { s: { a: [[0, 0], [1, null]], b: 'x', c: [[1, 2], [3, 4]], d: [[1, 2]] }, t: 3 } }), { s: { c: [[1, 2], [3, 4]] } });
  assert.deepEqual(cleanRoutes(null), {});
});

test('a worker that does not answer in time is given up, for this view and the next', async () => {
  let ended = 0;
  const given = globalThis.Worker;
  globalThis.Worker = /** @type {any} */ (class {
    postMessage() {}
    terminate() { ended += 1; }
  });
  try {
    const graph = buildGraph(generateModels(12));
    const scene = sceneFor(graph, { kind: 'all' }, options);
    const layered = createLayered('/never.js', 20);
    assert.equal(layered.takes(scene), true);
    assert.equal(await layered.run(graph, scene, 'keys', { w: 1000, h: 700 }), null);
    assert.equal(ended, 1);
    assert.equal(layered.takes(scene), false);
  } finally {
    globalThis.Worker = given;
  }
});
