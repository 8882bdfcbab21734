import assert from 'node:assert/strict';
import test from 'node:test';

import { watchLiveness } from '../../electron/backend/liveness.js';
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

const timing = { everyMs: 2, limitMs: 50, misses: 3 };

/**
 * @param {(n: number) => boolean} answers
 * @param {Patience} [patience]
 */
function watch(answers, patience = new Patience()) {
  const seen = { asked: 0, missed: 0, hung: 0 };
  const end = watchLiveness({
    port: 1, token: 't', patience, timing,
    onMiss: () => { seen.missed += 1; },
    onHung: () => { seen.hung += 1; },
    request: async () => {
      seen.asked += 1;
      if (!answers(seen.asked)) throw new Error('no answer');
      return { status: 500, body: '' };
    },
  });
  return { seen, end };
}

test('liveness: three misses in a row, told once', async () => {
  const { seen } = watch(() => false);
  await until(() => seen.hung === 1);
  assert.deepEqual(seen, { asked: 3, missed: 3, hung: 1 });
});

test('liveness: any answer is a sign of life and forgives', async () => {
  const { seen, end } = watch((n) => n % 3 === 0);
  await until(() => seen.asked > 12);
  end();
  assert.equal(seen.hung, 0);
  assert.ok(seen.missed > 4);
});

test('liveness: a miss across a sleep does not count', async () => {
  const patience = new Patience();
  const { seen, end } = watch(() => {
    patience.hold();
    setTimeout(() => patience.release(), 1);
    return false;
  }, patience);
  await until(() => seen.asked > 6);
  end();
  assert.equal(seen.missed, 0);
  assert.equal(seen.hung, 0);
});
