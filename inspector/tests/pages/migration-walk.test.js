import assert from 'node:assert/strict';
import { test } from 'node:test';

import { closure, neighbours } from '../../inspector/static/inspector/migration-walk.js';

test('a row lights up what it needs and what needs it, and nothing beside', () => {
  const near = neighbours([[0, 1], [1, 2], [1, 3], [2, 4], [5, 4]]);
  assert.deepEqual([...closure(near, 2)].sort(), [0, 1, 2, 4]);
  assert.deepEqual([...closure(near, 0)].sort(), [0, 1, 2, 3, 4]);
  assert.deepEqual([...closure(near, 9)], [9]);
});

test('a circle ends', () => {
  assert.deepEqual([...closure(neighbours([[0, 1], [1, 0]]), 0)].sort(), [0, 1]);
});
