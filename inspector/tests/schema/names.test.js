import assert from 'node:assert/strict';
import { test } from 'node:test';
import { namesFor } from '../../inspector/static/inspector/schema/names.js';
import { seeded } from '../../inspector/static/inspector/schema/random.js';
import { touches } from '../../inspector/static/inspector/schema/viewport.js';

const widthOf = (/** @type {string} */ text) => text.length * 6;
/** @param {string} id @param {number} x @param {number} y @param {Partial<import('../../inspector/static/inspector/schema/names.js').Named>} [more] */
const card = (id, x, y, more = {}) => ({ id, name: id, box: { x, y, w: 200, h: 80 }, rank: 0, within: null, ...more });

test('no name lies on another or where none may be, and every part of the map has some', () => {
  const random = seeded(3);
  const cards = Array.from({ length: 300 }, (_, at) => card(`SomeModelNumber${at}`, Math.floor(random() * 8000), Math.floor(random() * 5000), { rank: at }));
  const taken = [{ x: 0, y: 0, w: 900, h: 300 }];
  for (const k of [0.06, 0.13, 0.3]) {
    const written = namesFor(cards, k, taken, widthOf);
    written.forEach((a, at) => written.slice(at + 1).forEach((b) => assert.ok(!touches(a.box, b.box), `${a.id} ${b.id}`)));
    assert.ok(written.every(({ box }) => !touches(box, taken[0])));
    const quarters = new Set(written.map(({ x, y }) => `${x > 4000} ${y > 2500}`));
    assert.equal(quarters.size, 4);
    assert.ok(written.length > 25, `${written.length} at ${k}`);
  }
});

test('the one that matters more gets the room', () => {
  const [first, second] = [card('Many', 0, 0, { rank: 9 }), card('Few', 20, 10, { rank: 1 })];
  assert.deepEqual(namesFor([second, first], 0.1, [], widthOf).map(({ id }) => id), ['Many']);
});

test('a name wider than its card is broken between its words, and stays within its app', () => {
  const within = { x: -10, y: -10, w: 800, h: 400 };
  const [one] = namesFor([card('ScheduleStatusChange', 0, 0, { within })], 0.2, [], widthOf);
  assert.deepEqual(one.lines, ['Schedule', 'StatusChange']);
  assert.ok(one.box.x >= within.x);
  assert.deepEqual(namesFor([card('User', 0, 0)], 0.2, [], widthOf)[0].lines, ['User']);
});
