import assert from 'node:assert/strict';
import test from 'node:test';

import { SleepAwareTimers } from '../../electron/backend/sleep-aware-timers.js';
import { until } from './fixtures/harness.js';

test('a wait ends, and one that is called off does not', async () => {
  const timers = new SleepAwareTimers();
  /** @type {string[]} */
  const rung = [];
  timers.after(5, () => rung.push('first'));
  const cancel = timers.after(1, () => rung.push('never'));
  cancel();
  timers.after(15, () => rung.push('last'));
  await until(() => rung.includes('last'));
  assert.deepEqual(rung, ['first', 'last']);
});

test('a sleeping computer uses up no wait: it begins anew', async () => {
  const timers = new SleepAwareTimers();
  let rung = 0;
  timers.after(20, () => { rung += 1; });
  timers.hold();
  timers.after(1, () => { rung += 1; });
  await new Promise((resolve) => { setTimeout(resolve, 40); });
  assert.equal(rung, 0, 'also one that was begun during the sleep');
  assert.equal(timers.sleeps, 1);
  timers.release();
  await until(() => rung === 2);
});

test('a sleep that nobody told of is noticed by the clock', async () => {
  let now = 1000;
  const timers = new SleepAwareTimers(() => now);
  let rung = 0;
  timers.after(10, () => { rung += 1; });
  now += 8 * 3600 * 1000;
  await until(() => timers.sleeps === 1);
  assert.equal(rung, 0);
  await until(() => rung === 1);
});
