import assert from 'node:assert/strict';
import { test } from 'node:test';

import { nearestTo, nearestTowards } from '../../inspector/static/inspector/schema/geometry.js';

const at = (/** @type {number} */ x, /** @type {number} */ y) => ({ x, y, w: 10, h: 10 });
const boxes = new Map([['middle', at(0, 0)], ['right', at(40, 5)], ['far right', at(90, 0)], ['below', at(5, 60)], ['aside', at(20, 60)]]);
const middle = at(0, 0);

test('an arrow leads to the nearest card in its direction', () => {
  assert.equal(nearestTowards(boxes, middle, 'right'), 'right');
  assert.equal(nearestTowards(boxes, at(40, 5), 'right'), 'far right');
  assert.equal(nearestTowards(boxes, middle, 'down'), 'below');
});

test('where there is none it leads nowhere', () => {
  assert.equal(nearestTowards(boxes, middle, 'left'), null);
  assert.equal(nearestTowards(boxes, middle, 'up'), null);
  assert.equal(nearestTo(new Map(), middle), null);
});

test('without a card to start from, the one nearest to a point', () => {
  assert.equal(nearestTo(boxes, { x: 80, y: 0, w: 0, h: 0 }), 'far right');
});
