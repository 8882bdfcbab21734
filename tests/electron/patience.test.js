import assert from 'node:assert/strict';
import test from 'node:test';

import { Patience } from '../../electron/backend/patience.js';
import { until } from './fixtures/harness.js';

test('a wait ends, and one that is called off does not', async () => {
  const patience = new Patience();
  /** @type {string[]} */
  const rung = [];
  patience.after(5, () => rung.push('first'));
  const cancel = patience.after(1, () => rung.push('never'));
  cancel();
  patience.after(15, () => rung.push('last'));
  await until(() => rung.includes('last'));
  assert.deepEqual(rung, ['first', 'last']);
});

test('a sleeping computer uses up no wait: it begins anew', async () => {
  const patience = new Patience();
  let rung = 0;
  patience.after(20, () => { rung += 1; });
  patience.hold();
  patience.after(1, () => { rung += 1; });
  await new Promise((resolve) => { setTimeout(resolve, 40); });
  assert.equal(rung, 0, 'also one that was begun during the sleep');
  assert.equal(patience.sleeps, 1);
  patience.release();
  await until(() => rung === 2);
});

test('a sleep that nobody told of is noticed by the clock', async () => {
  let now = 1000;
  const patience = new Patience(() => now);
  let rung = 0;
  patience.after(10, () => { rung += 1; });
  now += 8 * 3600 * 1000;
  await until(() => patience.sleeps === 1);
  assert.equal(rung, 0);
  await until(() => rung === 1);
});
