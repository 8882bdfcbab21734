import assert from 'node:assert/strict';
import test from 'node:test';

import { places } from '../../inspector/static/inspector/schema/region-labels.js';

const size = { w: 1000, h: 700 };
const far = { k: 0.1, x: 0, y: 0 };
/** @param {string} name @param {number} x @param {number} y @param {number} [w] */
const region = (name, x, y, w = 500) => ({ name, box: { x, y, w, h: 600 } });

test('a name ends where the next one on its line begins', () => {
  const [left, right, below] = places([region('data_validation', 1000, 1000), region('tenancy', 1600, 1020), region('vpn', 1600, 3000)], far, size);
  assert.equal(left.left + left.width + 4, right.left);
  assert.equal(right.width, 112, 'nothing is beside it');
  assert.equal(below.width, 112);
});

test('of two names in one place only one is shown', () => {
  const shown = places([region('auth', 1000, 1000), region('admin', 1000, 1010)], far, size);
  assert.deepEqual(shown.map((one) => one.name), ['auth']);
});

test('apps that are out of sight or too small have no name', () => {
  assert.deepEqual(places([region('gone', 20000, 0), region('small', 0, 1000, 300)], far, size), []);
});

test('near, the name is in the head of its app and stays in sight with it', () => {
  const [one] = places([region('shop', -300, -200, 900)], { k: 1, x: 0, y: 0 }, size);
  assert.deepEqual([one.left, one.top, one.onBorder], [8, 8, true]);
  const [whole] = places([region('shop', 100, 100, 900)], { k: 1, x: 0, y: 0 }, size);
  assert.deepEqual([whole.left, whole.top, whole.onBorder], [110, 109, false]);
});
