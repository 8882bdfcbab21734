import assert from 'node:assert/strict';
import test from 'node:test';

import { places } from '../../inspector/static/inspector/schema/region-labels.js';

const size = { w: 1000, h: 700 };
const far = { k: 0.1, x: 0, y: 0 };
/** @param {string} name @param {number} x @param {number} y @param {number} [w] */
const region = (name, x, y, w = 500) => ({ name, box: { x, y, w, h: 600 } });

const needs = (/** @type {string} */ name) => name.length * 8;

test('names are whole; where two would meet on a line, one goes up', () => {
  const shown = places([region('data_validation', 1000, 1000), region('tenancy', 1600, 1020), region('vpn', 1600, 3000)], far, size);
  assert.deepEqual(shown.map((one) => one.name).sort(), ['data_validation', 'tenancy', 'vpn']);
  for (const one of shown) assert.ok(one.width > needs(one.name), one.name);
  const [first, second] = ['data_validation', 'tenancy'].map((name) => shown.find((one) => one.name === name));
  assert.ok(first && second && first.top - second.top > 15, JSON.stringify(shown));
});

test('names in one place stand above one another, and what finds no line is left out', () => {
  const shown = places([region('auth', 1000, 1000), region('admin', 1000, 1010)], far, size);
  assert.equal(new Set(shown.map((one) => Math.round(one.top / 10))).size, 2);
  const many = places(Array.from({ length: 9 }, (_, at) => region(`app${at}`, 1000, 1000 + at)), far, size);
  assert.ok(many.length > 2 && many.length < 9, `${many.length}`);
  many.forEach((a, at) => many.slice(at + 1).forEach((b) => assert.ok(Math.abs(a.top - b.top) >= 18)));
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
