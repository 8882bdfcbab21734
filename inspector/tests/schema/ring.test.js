import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bow, middleOf } from '../../inspector/static/inspector/schema/geometry.js';
import { buildGraph } from '../../inspector/static/inspector/schema/graph.js';
import { gridLayout, ringLayout } from '../../inspector/static/inspector/schema/ring.js';
import { APP_CARD, sceneFor } from '../../inspector/static/inspector/schema/scene.js';
import { touches } from '../../inspector/static/inspector/schema/viewport.js';
import { generateModels, model, relation } from '../support/schema-models.js';

/** @param {number} apps @param {boolean} joined every app points to every other */
function scene(apps, joined) {
  const labels = Array.from({ length: apps }, (_, at) => `app${String(at).padStart(3, '0')}`);
  const models = labels.flatMap((app, at) => [
    model(`${app}.One`, (joined ? labels : labels.slice(0, at ? 1 : 0)).filter((other) => other !== app).map((other) => relation(`to_${other}`, `${other}.One`))),
    ...Array.from({ length: 40 / apps + 1 }, (_, index) => model(`${app}.More${index}`)),
  ]);
  return sceneFor(buildGraph({ models }), { kind: 'apps' }, { detail: 'keys', drawHubs: false, hidden: new Set() });
}
/** @param {import('../../inspector/static/inspector/schema/layout.js').Positions} positions */
const boxesOf = (positions) => Object.entries(positions).map(([id, [x, y]]) => ({ id, x, y, w: APP_CARD.w, h: APP_CARD.h }));
/** @param {ReturnType<typeof boxesOf>} boxes */
const noneTouches = (boxes) => boxes.forEach((a, at) => boxes.slice(at + 1).forEach((b) => assert.ok(!touches(a, b), `${a.id} ${b.id}`)));

test('few relations, many, and too many apps: each map has its shape', () => {
  assert.equal(scene(8, false).shape, 'free');
  assert.equal(scene(8, true).shape, 'ring');
  assert.equal(scene(60, true).shape, 'grid');
});

test('on a ring no card lies on another, and no line runs behind a card', () => {
  for (const count of [6, 7, 16, 31, 44]) {
    const { nodes, edges } = scene(count, true);
    const boxes = boxesOf(ringLayout(nodes, edges, 1.6));
    assert.equal(boxes.length, count);
    noneTouches(boxes);
    const middle = middleOf(boxes);
    const byId = new Map(boxes.map((box) => [box.id, box]));
    for (const { source, target } of edges) {
      const [from, to] = [byId.get(source), byId.get(target)];
      assert.ok(from && to);
      const { x1, y1, x2, y2, cx, cy } = bow(from, to, middle);
      for (let t = 0.1; t < 0.95; t += 0.1) {
        const at = { x: (1 - t) ** 2 * x1 + 2 * t * (1 - t) * cx + t ** 2 * x2, y: (1 - t) ** 2 * y1 + 2 * t * (1 - t) * cy + t ** 2 * y2, w: 0, h: 0 };
        /** @type {unknown} */
        const behind = boxes.find((box) => box !== from && box !== to && at.x > box.x + 4 && at.x < box.x + box.w - 4 && at.y > box.y + 4 && at.y < box.y + box.h - 4);
        assert.equal(behind, undefined, `${count}: ${source} to ${target} behind ${JSON.stringify(behind)}`);
      }
    }
  }
});

test('the lines of one direction share an end', () => {
  const { nodes, edges } = scene(12, true);
  const boxes = boxesOf(ringLayout(nodes, edges, 1.6));
  const [one, ...others] = boxes;
  const starts = new Set(others.map((other) => { const { x1, y1 } = bow(one, other, middleOf(boxes)); return `${x1} ${y1}`; }));
  const ends = new Set(others.map((other) => { const { x2, y2 } = bow(other, one, middleOf(boxes)); return `${x2} ${y2}`; }));
  assert.deepEqual([starts.size, ends.size], [1, 1]);
  assert.notDeepEqual([...starts], [...ends]);
});

test('apps with much in common are neighbours, and the same graph gives the same ring', () => {
  const { nodes } = scene(12, true);
  const pairs = nodes.slice(0, 6).map(({ id }, at) => ({ id, source: id, target: nodes[at + 6].id, weight: 9, edge: null }));
  const first = ringLayout(nodes, pairs, 1.6);
  const near = pairs.filter(({ source, target }) => Math.hypot(first[source][0] - first[target][0], first[source][1] - first[target][1]) < 400);
  assert.ok(near.length >= 5, `${near.length}`);
  assert.deepEqual(ringLayout(nodes, pairs, 1.6), first);
});

test('a hundred apps are a grid in the order of their names, of the proportions of the room', () => {
  const { nodes } = scene(100, false);
  const boxes = boxesOf(gridLayout(nodes, 1.6));
  noneTouches(boxes);
  const sorted = [...boxes].sort((a, b) => a.y - b.y || a.x - b.x).map(({ id }) => id);
  assert.deepEqual(sorted, [...sorted].sort());
  const [w, h] = [Math.max(...boxes.map((box) => box.x + box.w)), Math.max(...boxes.map((box) => box.y + box.h))];
  assert.ok(w / h > 1.2 && w / h < 2.1, `${w} by ${h}`);
});

test('a project of few models has no such map', () => {
  assert.equal(sceneFor(buildGraph(generateModels(12)), { kind: 'all' }, { detail: 'keys', drawHubs: false, hidden: new Set() }).shape, undefined);
});
