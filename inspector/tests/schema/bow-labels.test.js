import assert from 'node:assert/strict';
import test from 'node:test';

import { labels } from '../../inspector/static/inspector/schema/bow-labels.js';
import { touches } from '../../inspector/static/inspector/schema/viewport.js';

const W = 210;
const H = 84;
/** @param {string} text */
const widthOf = (text) => text.length * 7;

/**
 * Lines between all pairs of apps on a grid, as in a fully connected project.
 * @param {number} side @param {number} step
 */
function crowded(side, step) {
  /** @type {Record<string, import('../../inspector/static/inspector/schema/viewport.js').Box>} */
  const boxes = {};
  for (let at = 0; at < side * side; at += 1) boxes[`app${at}`] = { x: (at % side) * step, y: Math.floor(at / side) * step * 0.6, w: W, h: H };
  const names = Object.keys(boxes);
  const pairs = names.flatMap((from) => names.filter((to) => to !== from).map((to) => [from, to]));
  return { boxes, bows: pairs.map(([from, to], at) => ({ from, to, weight: 2 + (at * 7) % 90, fromBox: boxes[from], toBox: boxes[to] })) };
}

test('no number covers another or a card, whatever the zoom', () => {
  const { boxes, bows } = crowded(4, 420);
  for (const unit of [1, 1.6, 2.5]) {
    const placed = labels(bows, unit, (text) => widthOf(text) * unit);
    assert.ok(placed.length > 10, `${placed.length} of ${bows.length} at ${unit}`);
    placed.forEach((one, at) => {
      for (const box of Object.values(boxes)) assert.ok(!touches(box, one.box), `${one.text} on a card`);
      for (const other of placed.slice(at + 1)) assert.ok(!touches(other.box, one.box), `${one.text} on ${other.text}`);
    });
  }
});

test('the heaviest line has its number where there is room for one only', () => {
  const fromBox = { x: 0, y: 0, w: W, h: H };
  const toBox = { x: W + 40, y: 0, w: W, h: H };
  const bows = [3, 40].map((weight, at) => ({ from: `a${at}`, to: 'b', weight, fromBox, toBox }));
  assert.deepEqual(labels(bows, 1, widthOf).map((label) => label.text), ['40']);
});

test('a number stands on its line, and one between cards that touch is left out', () => {
  const fromBox = { x: 0, y: 0, w: W, h: H };
  const far = { from: 'a', to: 'b', weight: 5, fromBox, toBox: { x: 1000, y: 0, w: W, h: H } };
  const [label] = labels([far], 1, widthOf);
  assert.equal(label.x, (W + 1000) / 2);
  const near = { from: 'a', to: 'b', weight: 5, fromBox, toBox: { x: W + 2, y: 0, w: W, h: H } };
  assert.deepEqual(labels([near], 1, widthOf), []);
});
