import assert from 'node:assert/strict';
import { test } from 'node:test';
import { egoLayout } from '../../inspector/static/inspector/schema/ego.js';
import { buildGraph } from '../../inspector/static/inspector/schema/graph.js';
import { layout, layoutSteps, region } from '../../inspector/static/inspector/schema/layout.js';
import { sceneFor } from '../../inspector/static/inspector/schema/scene.js';
import { overlapping, separate } from '../../inspector/static/inspector/schema/separate.js';
import { seeded } from '../../inspector/static/inspector/schema/random.js';
import { generateModels } from '../support/schema-models.js';

/** @typedef {import('../../inspector/static/inspector/schema/layout.js').LayoutInput} LayoutInput */

/** @param {number} count @param {number} seed @returns {LayoutInput} */
function input(count, seed) {
  const graph = buildGraph(generateModels(count, seed));
  const scene = sceneFor(graph, { kind: 'all' }, { detail: 'keys', drawHubs: false, hidden: new Set() });
  return { seed: 20, nodes: scene.nodes.map(({ id, w, h, app }) => ({ id, w, h, group: app })), links: scene.edges.map(({ source, target, weight }) => ({ source, target, weight })) };
}
/** @param {LayoutInput} from @param {Record<string, [number, number]>} positions */
const rects = (from, positions) => from.nodes.map(({ id, w, h }) => ({ id, w, h, x: positions[id][0], y: positions[id][1] }));

for (const [count, seed] of [[1, 1], [2, 1], [12, 2], [60, 3], [60, 4], [200, 5], [400, 6]]) {
  test(`${count} models (seed ${seed}): no two cards overlap, no two apps either`, () => {
    const given = input(count, seed);
    const placed = rects(given, layout(given));
    assert.deepEqual(overlapping(placed, 8), []);
    const groups = [...new Set(given.nodes.map((node) => node.group))];
    const regions = groups.map((name) => region(name, placed.filter((rect) => given.nodes.some((node) => node.id === rect.id && node.group === name))));
    assert.deepEqual(overlapping(regions, 0).map(([a, b]) => `${a.id} ${b.id}`), []);
  });
}

test('the same input gives the same picture, in one go or in slices', () => {
  const first = layout(input(80, 7));
  assert.deepEqual(layout(input(80, 7)), first);
  const steps = layoutSteps(input(80, 7));
  let count = 0;
  for (;;) {
    const { done, value } = steps.next();
    if (done) {
      assert.deepEqual(value, first);
      break;
    }
    count += 1;
  }
  assert.ok(count > 20, 'the slices are small');
});

test('a picture is about as wide as a screen, not a column and not a ribbon', () => {
  for (const count of [30, 120, 300]) {
    const given = input(count, 8);
    const { w, h } = region('', rects(given, layout(given)));
    assert.ok(w / h > 0.6 && w / h < 3.4, `${count}: ${(w / h).toFixed(2)}`);
  }
});

test('sizes that are no numbers, links to nowhere and to itself do no harm', () => {
  const positions = layout({ seed: 1, nodes: [{ id: 'a', w: NaN, h: 50, group: 'g' }, { id: 'b', w: 100, h: Infinity, group: 'g' }, { id: 'c', w: -5, h: 0, group: 'h', x: NaN, y: 3 }],
    links: [{ source: 'a', target: 'a' }, { source: 'a', target: 'gone' }, { source: 'a', target: 'b', weight: NaN }] });
  for (const [x, y] of Object.values(positions)) assert.ok(Number.isFinite(x) && Number.isFinite(y));
  assert.deepEqual(layout({ seed: 1, nodes: [], links: [] }), {});
});

test('known cards stay to the pixel; a new one gets a free place beside its app', () => {
  const before = input(60, 9);
  const positions = layout(before);
  const known = before.nodes.map((node) => ({ ...node, x: positions[node.id][0], y: positions[node.id][1] }));
  const group = known[0].group;
  const given = { ...before, nodes: [...known, { id: 'new.Model', w: 220, h: 120, group }], links: [...before.links, { source: 'new.Model', target: known[0].id }] };
  const after = layout(given);
  for (const node of known) assert.deepEqual(after[node.id], positions[node.id]);
  assert.deepEqual(overlapping(rects(given, after)), []);
});

test('cards put close together by hand are not pushed apart by a re-scan', () => {
  const nodes = [{ id: 'a', w: 200, h: 100, group: 'g', x: 0, y: 0 }, { id: 'b', w: 200, h: 100, group: 'g', x: 203, y: 0 }, { id: 'd', w: 200, h: 100, group: 'g', x: 20, y: 20, pinned: true }, { id: 'c', w: 200, h: 100, group: 'g' }];
  const after = layout({ seed: 1, nodes, links: [] });
  assert.deepEqual([after.a, after.b, after.d], [[0, 0], [203, 0], [20, 20]]);
});

test('the rectangle pass ends even when everything lies on one point', () => {
  const random = seeded(3);
  const pile = Array.from({ length: 150 }, (_, at) => ({ id: String(at), x: 0, y: 0, w: 50 + random() * 300, h: 30 + random() * 400 }));
  assert.deepEqual(overlapping(separate(pile, 12), 11.5), []);
  const broken = [{ id: 'a', x: NaN, y: NaN, w: 10, h: 10 }, { id: 'b', x: NaN, y: 0, w: 10, h: 10 }];
  assert.deepEqual(overlapping(separate(broken, 2)), []);
});

test('a neighbourhood stands in columns: who points here on the left, what is pointed to on the right', () => {
  const nodes = ['m', 'in1', 'in2', 'out1', 'far'].map((id) => ({ id, app: 'a', w: 200, h: 90, kind: /** @type {'model'} */ ('model') }));
  const positions = egoLayout(nodes, new Map([['m', 0], ['in1', -1], ['in2', -1], ['out1', 1], ['far', 2]]));
  assert.ok(positions.in1[0] + 200 < positions.m[0]);
  assert.equal(positions.in1[0], positions.in2[0]);
  assert.ok(positions.out1[0] > positions.m[0] + 200);
  assert.ok(positions.far[0] > positions.out1[0] + 200);
  const crowd = Array.from({ length: 120 }, (_, at) => ({ id: `n${at}`, app: 'a', w: 200, h: 60 + (at % 5) * 40, kind: /** @type {'model'} */ ('model') }));
  const wide = egoLayout([nodes[0], ...crowd], new Map([['m', 0], ...crowd.map((node) => /** @type {[string, number]} */ ([node.id, -1]))]));
  assert.deepEqual(overlapping([nodes[0], ...crowd].map(({ id, w, h }) => ({ id, w, h, x: wide[id][0], y: wide[id][1] })), 20), []);
});
