/** A child that is silent for long: one that works is waited for, one that hangs is not. Real processes. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { EventEmitter } from 'node:events';
import test from 'node:test';

import { waitForStart } from '../../electron/backend/wait-for-start.js';
import { watchIdle } from '../../electron/backend/idle.js';
import { SleepAwareTimers } from '../../electron/backend/sleep-aware-timers.js';

const IDLE_MS = 900;
const COMPUTES = 'for (;;) {}';
const HANGS = 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)';

/** @param {import('node:test').TestContext} t @param {string} code */
function silentChild(t, code) {
  const real = spawn(process.execPath, ['-e', code], { stdio: 'ignore' });
  t.after(() => real.kill('SIGKILL'));
  const exited = new Promise((resolve) => { real.once('exit', (number, signal) => resolve({ code: number, signal })); });
  return Object.assign(new EventEmitter(), { pid: real.pid, exited, options: { name: 'server' } });
}

/** @param {any} child @param {number} migrateMs */
function migrating(child, migrateMs) {
  const outcome = waitForStart(child, 'listening', { silence: { default: 60000, migrate: migrateMs, idle: IDLE_MS } });
  child.emit('event', { event: 'stage', name: 'migrate' });
  return outcome;
}

test('a migration that hangs is given up on long before one that works', async (t) => {
  await assert.rejects(migrating(silentChild(t, HANGS), 600000), (/** @type {any} */ error) => {
    assert.equal(error.failure.code, 'stuck');
    assert.match(String(error.failure.reason), /shown no activity/);
    return true;
  });
});

test('a migration that works without a word has all of its time', async (t) => {
  await assert.rejects(migrating(silentChild(t, COMPUTES), 4 * IDLE_MS), (/** @type {any} */ error) => {
    assert.match(String(error.failure.reason), /not reported anything for/);
    return true;
  });
});

test('nothing is held against a process that cannot be asked, or that slept with the computer', async () => {
  const timers = new SleepAwareTimers();
  let looks = 0;
  let idle = 0;
  await new Promise((resolve) => {
    const end = watchIdle(1, {
      limitMs: 36,
      timers,
      onIdle: () => { idle += 1; },
      look: async () => {
        looks += 1;
        timers.sleeps += 1;
        if (looks === 20) {
          end();
          resolve(undefined);
        }
        return looks < 10 ? null : { cpu: 1, stopped: false };
      },
    });
  });
  assert.equal(idle, 0);
});
