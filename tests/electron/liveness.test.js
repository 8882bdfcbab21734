/** Monitoring a server: by its `alive` events, and from outside. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { EventEmitter } from 'node:events';
import test from 'node:test';

import { watchLiveness } from '../../electron/backend/liveness.js';
import { SleepAwareTimers } from '../../electron/backend/sleep-aware-timers.js';
import { fromPs, fromStat, lookAt } from '../../electron/backend/process-look.js';
import { delay } from '../../electron/backend/wait.js';
import { until } from './fixtures/harness.js';

const timing = { everyMs: 10, toldMs: 300, stoppedMs: 500, idleMs: 1200, computingMs: 2500, stuckMs: 1500 };
const free = { event: 'alive', running: 0, of: 20, oldest: 0, waiting: 0, done: 0, stalled: 0 };

/**
 * Monitor a child that keeps sending `word`, if any, and looks like `seen` from outside.
 * @param {{word?: object | null, look?: () => {cpu: number, stopped: boolean} | null, timers?: SleepAwareTimers}} how
 */
function watch({ word = null, look = () => ({ cpu: 0, stopped: false }), timers = new SleepAwareTimers() }) {
  const child = Object.assign(new EventEmitter(), { pid: 1 });
  /** @type {{troubles: string[], ends: string[], word: object | null, looks: number}} */
  const seen = { troubles: [], ends: [], word, looks: 0 };
  const talk = setInterval(() => { if (seen.word) child.emit('event', seen.word); }, 2);
  const end = watchLiveness({
    child: /** @type {any} */ (child), timers, timing,
    onTrouble: (trouble) => { seen.troubles.push(String(trouble)); },
    onStuck: (how) => { seen.ends.push(String(how)); },
    look: async () => {
      seen.looks += 1;
      return look();
    },
  });
  return { seen, end: () => { end(); clearInterval(talk); } };
}

/** A process that uses half a processor. */
const computing = () => ({ cpu: Date.now() / 2000, stopped: false });

test('liveness: signs of life are enough, and nothing else is asked', async () => {
  const { seen, end } = watch({ word: free });
  await delay(2 * timing.toldMs);
  end();
  assert.deepEqual(seen, { troubles: [], ends: [], word: free, looks: 0 });
});

test('liveness: silence without any work is told, and ended once', async () => {
  const { seen, end } = watch({});
  await until(() => seen.ends.length === 1);
  await delay(50);
  end();
  assert.match(seen.troubles[0], /^The app has not responded for/);
  assert.match(seen.ends.join(), /^made no progress for \d+ s and was stopped$/);
});

test('liveness: one that was stopped from outside is ended sooner, one that cannot be asked as one that rests', async () => {
  const stopped = watch({ look: () => ({ cpu: 0, stopped: true }) });
  const unknown = watch({ look: () => null });
  await until(() => stopped.seen.ends.length === 1);
  assert.match(stopped.seen.ends[0], /suspended from outside/);
  assert.equal(unknown.seen.ends.length, 0);
  await until(() => unknown.seen.ends.length === 1);
  stopped.end();
  unknown.end();
});

test('liveness: a server that computes has longer, and goes on when it speaks again', async () => {
  const { seen, end } = watch({ look: computing });
  await until(() => seen.troubles.length > 0);
  assert.match(seen.troubles[0], /computing/);
  await delay(timing.idleMs);
  assert.deepEqual(seen.ends, []);
  seen.word = free;
  await until(() => seen.troubles[seen.troubles.length - 1] === '');
  seen.word = null;
  await until(() => seen.ends.length === 1);
  end();
  assert.match(seen.ends[0], /busy computing/);
});

test('liveness: a loop that stands still counts as silence', async () => {
  const { seen, end } = watch({ word: { ...free, stalled: 999 } });
  await until(() => seen.ends.length === 1);
  end();
});

const busy = { ...free, running: 20, oldest: 60 };

test('liveness: full is told and not ended while requests end, or compute', async () => {
  const word = { ...busy };
  const ending = watch({ word });
  const count = setInterval(() => { word.done += 1; }, 20);
  const working = watch({ word: busy, look: computing });
  await delay(2 * timing.stuckMs);
  clearInterval(count);
  ending.end();
  working.end();
  assert.deepEqual([ending.seen.ends, working.seen.ends], [[], []]);
  assert.deepEqual(new Set(ending.seen.troubles), new Set(['20 of 20 requests are running, the oldest for 60 s.', '']));
});

test('liveness: full for ever, with nothing done and nothing computed, is ended', async () => {
  const { seen, end } = watch({ word: busy });
  await until(() => seen.ends.length === 1);
  end();
  assert.match(seen.ends[0], /finished none of its requests/);
});

test('liveness: what a sleep held up does not count', async () => {
  const timers = new SleepAwareTimers();
  const { seen, end } = watch({ timers });
  const naps = setInterval(() => { timers.hold(); timers.release(); }, 20);
  await delay(2 * timing.idleMs);
  clearInterval(naps);
  end();
  assert.deepEqual(seen.ends, []);
});

test('a process from outside: its processor time, and whether it is stopped', { skip: process.platform === 'win32' }, async () => {
  const before = await lookAt(process.pid);
  // By its own CPU time, not the clock: on a loaded machine it gets little of the processor.
  const began = process.cpuUsage();
  let spent = { user: 0, system: 0 };
  while (spent.user + spent.system < 300000) spent = process.cpuUsage(began);
  const after = await lookAt(process.pid);
  assert.ok(before && after && after.cpu - before.cpu > 0.2, `${JSON.stringify([before, after])}`);
  assert.equal(after.stopped, false);
  const child = spawn('sleep', ['60']);
  try {
    process.kill(Number(child.pid), 'SIGSTOP');
    await until(async () => (await lookAt(Number(child.pid)))?.stopped);
  } finally {
    child.kill('SIGKILL');
  }
  await until(async () => (await lookAt(Number(child.pid))) === null);
});

test('what ps and /proc say', () => {
  assert.deepEqual(fromPs('Ss+    1:02.50\n'), { cpu: 62.5, stopped: false });
  assert.deepEqual(fromPs('T  01:00:02'), { cpu: 3602, stopped: true });
  assert.deepEqual(fromPs('R  1-00:00:01'), { cpu: 86401, stopped: false });
  assert.equal(fromPs(''), null);
  assert.deepEqual(fromStat(`7 (a) b) T 1 ${'0 '.repeat(9)}150 50 0`), { cpu: 2, stopped: true });
});
