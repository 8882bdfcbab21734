import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';

import { alive, until } from './fixtures/harness.js';
import { reach, supervise } from './fixtures/supervise.js';

const posix = process.platform === 'win32' ? 'signals are POSIX' : false;

test('a restart that the user asked for: both down, both up, the same port, another token, no crash', async (t) => {
  const { fake, supervisor, states } = supervise(t);
  /** @type {any[]} */
  const restarts = [];
  supervisor.on('state', ({ restart }) => restart && restarts.push(restart));
  supervisor.start();
  await until(() => supervisor.worker.status.state === 'ready');
  const before = supervisor.backend;
  fake.say('serve', { event: 'restart', reason: 'Restoring a backup' });
  await until(() => fake.starts('worker').length === 2 && supervisor.worker.status.state === 'ready');
  assert.deepEqual(states, ['starting', 'ready', 'restarting', 'ready']);
  assert.deepEqual(restarts, [{ attempt: 1, delayMs: 0, reason: 'Restoring a backup', planned: true }]);
  assert.equal(supervisor.backend?.port, before?.port);
  assert.notEqual(supervisor.backend?.token, before?.token);
  const [server, worker] = fake.starts().filter(({ pid }) => !alive(pid));
  assert.deepEqual([server.role, worker.role], ['serve', 'worker']);
  // It does not count: the next crash is the first, with the shortest delay.
  process.kill(fake.starts('serve')[1].pid, 'SIGKILL');
  await reach(supervisor, 'restarting');
  assert.equal(supervisor.restart?.attempt, 1);
  assert.equal(supervisor.restart?.planned, false);
  await reach(supervisor, 'ready');
});

test('a restart asked for before the server is ready follows when it is', async (t) => {
  const { fake, supervisor, states } = supervise(t, { serve: { hold: true } });
  supervisor.start();
  await until(() => fake.starts('serve').length === 1);
  fake.say('serve', { event: 'restart', reason: 'models.py changed' });
  await until(() => !fs.existsSync(path.join(fake.dir, 'say-serve')), { what: 'the server said it' });
  fake.plan({ serve: {} });
  await until(() => fake.starts('serve').length === 2 && supervisor.worker.status.state === 'ready');
  assert.deepEqual(states, ['starting', 'ready', 'restarting', 'ready']);
});

test('no child of the old kind is left when the new ones start', async (t) => {
  const { fake, supervisor } = supervise(t, { worker: { lingerMs: 300 } });
  supervisor.start();
  await until(() => supervisor.worker.status.state === 'ready');
  const old = fake.pids();
  let together = 0;
  supervisor.on('stage', ({ name }) => { if (name === 'start') together += old.filter(alive).length; });
  fake.say('serve', { event: 'restart', reason: 'Restoring a backup' });
  await reach(supervisor, 'restarting');
  assert.equal(supervisor.stage?.name, 'drain', 'and it is told what it waits for');
  await reach(supervisor, 'ready');
  assert.equal(together, 0);
});

test('a stop in the middle of such a restart leaves nothing', async (t) => {
  const { fake, supervisor } = supervise(t);
  supervisor.start();
  await until(() => supervisor.worker.status.state === 'ready');
  fake.say('serve', { event: 'restart', reason: 'Restoring a backup' });
  await reach(supervisor, 'restarting');
  await supervisor.stop();
  assert.equal(fake.starts('serve').length, 1);
  assert.deepEqual(fake.pids().filter(alive), []);
});

test('busy and idle are known, and a dead worker is not busy', async (t) => {
  const { fake, supervisor } = supervise(t);
  supervisor.start();
  await until(() => supervisor.worker.status.state === 'ready');
  assert.equal(supervisor.worker.status.busy, false);
  fake.say('worker', { event: 'busy' });
  await until(() => supervisor.worker.status.busy);
  fake.say('worker', { event: 'idle' });
  await until(() => !supervisor.worker.status.busy);
  fake.say('worker', { event: 'busy' });
  await until(() => supervisor.worker.status.busy);
  process.kill(fake.starts('worker')[0].pid, 'SIGKILL');
  await until(() => !supervisor.worker.status.busy);
});

test('what the worker waits for is known, and is over with it', async (t) => {
  const { fake, supervisor } = supervise(t);
  supervisor.start();
  await until(() => supervisor.worker.status.state === 'ready');
  fake.say('worker', { event: 'waiting', why: 'locked', reason: 'The database is locked.', since: 1 });
  await until(() => supervisor.worker.status.waiting === 'The database is locked.');
  assert.equal(supervisor.state, 'ready');
  assert.equal(fake.starts('worker').length, 1, 'and it is no reason to end anything');
  fake.say('worker', { event: 'resumed' });
  await until(() => supervisor.worker.status.waiting === '');
  fake.say('worker', { event: 'waiting', why: 'full', reason: 'The disk is full.', since: 1 });
  await until(() => supervisor.worker.status.waiting !== '');
  process.kill(fake.starts('worker')[0].pid, 'SIGKILL');
  await until(() => supervisor.worker.status.waiting === '');
});

test('while a busy worker ends it is known what is waited for, and it can be ended at once', async (t) => {
  const { fake, supervisor } = supervise(t, { worker: { lingerMs: 60000 } }, { timing: { waits: { eof: 60000, term: 200, kill: 500 } } });
  supervisor.start();
  await until(() => supervisor.worker.status.state === 'ready');
  fake.say('worker', { event: 'busy' });
  await until(() => supervisor.worker.status.busy);
  const stopped = supervisor.stop();
  await until(() => supervisor.status().running.join() === 'worker');
  assert.equal(supervisor.status().worker.busy, true);
  supervisor.hurry();
  await stopped;
  assert.deepEqual(supervisor.status().running, []);
  await until(() => fake.pids().every((pid) => !alive(pid)));
});

test('safe mode: the server alone, until the worker is asked for', async (t) => {
  const { fake, supervisor } = supervise(t, {}, { safeMode: true });
  supervisor.start();
  await reach(supervisor, 'ready');
  assert.equal(supervisor.status().safeMode, true);
  process.kill(fake.starts('serve')[0].pid, 'SIGKILL');
  await reach(supervisor, 'restarting');
  await reach(supervisor, 'ready');
  assert.equal(fake.starts('worker').length, 0, 'also after a restart');
  supervisor.startWorker();
  await until(() => supervisor.worker.status.state === 'ready');
  assert.equal(supervisor.status().safeMode, false);
});

test('safe mode after a failure', async (t) => {
  const failed = { stage: 'database', code: 'internal', reason: 'r', hint: 'h' };
  const { fake, supervisor } = supervise(t, { serve: { failed } });
  supervisor.start();
  await reach(supervisor, 'failed');
  fake.plan({});
  await supervisor.retry({ safeMode: true });
  await reach(supervisor, 'ready');
  assert.equal(supervisor.worker.status.state, 'stopped');
  assert.equal(fake.starts('worker').length, 0);
});

test('a worker that was given up on starts again when it is asked for', async (t) => {
  const { fake, supervisor } = supervise(t, { worker: { crashAfter: 5 } });
  supervisor.start();
  await until(() => supervisor.worker.status.state === 'failed');
  assert.equal(supervisor.worker.status.failure?.code, 'keeps_stopping');
  fake.plan({});
  supervisor.startWorker();
  await until(() => supervisor.worker.status.state === 'ready');
});

for (const [victim, other] of [['worker', 'serve'], ['serve', 'worker']]) {
  test(`files that changed under a running app: a ${victim} that dies begins anew with everything else`, { skip: posix }, async (t) => {
    const [old, now] = ['a', 'b'].map((digit) => ({ serve: { build: digit.repeat(16) }, worker: { build: digit.repeat(16) } }));
    const { fake, supervisor } = supervise(t, old);
    /** @type {string[]} */
    const reasons = [];
    supervisor.on('state', ({ restart }) => { if (restart && restart.planned) reasons.push(String(restart.reason)); });
    supervisor.start();
    await until(() => supervisor.worker.status.state === 'ready');
    process.kill(fake.starts(victim)[0].pid, 'SIGKILL');
    await until(() => fake.starts(victim).length === 2 && supervisor.state === 'ready' && supervisor.worker.status.state === 'ready');
    assert.deepEqual([reasons, fake.starts(other).length], [[], 1], 'the same files: the other one stays');
    fake.plan(now);
    process.kill(fake.starts(victim)[1].pid, 'SIGKILL');
    await until(() => fake.starts(other).length === 2 && supervisor.state === 'ready' && supervisor.worker.status.state === 'ready');
    assert.deepEqual([...new Set(reasons)], ['The files of the app have changed']);
    assert.ok(!alive(fake.starts(other)[0].pid), 'none of the old ones is left');
  });
}

test('a restart that was asked for takes files that have changed without another one', { skip: posix }, async (t) => {
  const { fake, supervisor, states } = supervise(t, { serve: { build: 'a'.repeat(16) }, worker: { build: 'a'.repeat(16) } });
  supervisor.start();
  await until(() => supervisor.worker.status.state === 'ready');
  fake.plan({ serve: { build: 'b'.repeat(16) }, worker: { build: 'b'.repeat(16) } });
  fake.say('serve', { event: 'restart', reason: 'Changes of the code' });
  await until(() => fake.starts('worker').length === 2 && supervisor.worker.status.state === 'ready');
  assert.deepEqual(states, ['starting', 'ready', 'restarting', 'ready']);
  assert.equal(fake.starts('serve').length, 2);
});

test('a packaged shell begins anew itself when its files have changed', { skip: posix }, async (t) => {
  let relaunched = 0;
  const { fake, supervisor } = supervise(t, { serve: { build: 'a'.repeat(16) } }, { safeMode: true, relaunch: () => { relaunched += 1; } });
  supervisor.start();
  await reach(supervisor, 'ready');
  fake.plan({ serve: { build: 'b'.repeat(16) } });
  process.kill(fake.starts('serve')[0].pid, 'SIGKILL');
  await until(() => relaunched === 1);
  assert.deepEqual(fake.pids().filter(alive), []);
});

/** The product's limits, a hundred times shorter. */
const liveness = { everyMs: 20, toldMs: 300, stoppedMs: 600, idleMs: 1800, computingMs: 9000, stuckMs: 9000 };

test('a server that was stopped is noticed, ended and started again', { skip: posix }, async (t) => {
  const { fake, supervisor, logs } = supervise(t, {}, { timing: { liveness } });
  supervisor.start();
  await reach(supervisor, 'ready');
  await until(() => fake.starts('worker').length === 1);
  const [{ pid }] = fake.starts('serve');
  process.kill(pid, 'SIGSTOP');
  await until(() => supervisor.trouble !== '');
  assert.match(String(supervisor.trouble), /The app has not responded for \d+ s\./);
  await reach(supervisor, 'restarting');
  assert.match(String(supervisor.restart?.reason), /The server was suspended from outside, did not respond for \d+ s and was stopped\./);
  assert.equal(supervisor.trouble, '', 'it is another trouble now');
  await reach(supervisor, 'ready');
  await until(() => !alive(pid));
  assert.match(logs.tail().join('\n'), /has not responded/);
  assert.equal(fake.starts('worker').length, 1, 'the worker went on');
});

test('a server whose threads are all taken is told of, not ended, until the user wants it', async (t) => {
  const busy = { running: 20, of: 20, oldest: 40.2, waiting: 3 };
  const { fake, supervisor, states } = supervise(t, { serve: { alive: busy } }, { timing: { liveness } });
  supervisor.start();
  await until(() => String(supervisor.trouble) === '20 of 20 requests are running, the oldest for 40 s.');
  assert.equal(supervisor.status().trouble, supervisor.trouble);
  fake.plan({});
  await until(() => supervisor.trouble === '');
  assert.deepEqual(states, ['starting', 'ready']);
  fake.plan({ serve: { alive: busy } });
  await until(() => supervisor.trouble !== '');
  supervisor.endServer();
  await reach(supervisor, 'restarting');
  assert.equal(String(supervisor.restart?.reason), 'The server was stopped, as you asked.');
  await reach(supervisor, 'ready');
});

test('a hung worker is not judged, and a server of a sleeping computer neither', { skip: posix }, async (t) => {
  const { fake, supervisor, states } = supervise(t, {}, { timing: { liveness } });
  supervisor.start();
  await until(() => supervisor.worker.status.state === 'ready');
  process.kill(fake.starts('worker')[0].pid, 'SIGSTOP');
  const [{ pid }] = fake.starts('serve');
  supervisor.suspend();
  process.kill(pid, 'SIGSTOP');
  await new Promise((resolve) => { setTimeout(resolve, 1200); });
  process.kill(pid, 'SIGCONT');
  supervisor.resume();
  await new Promise((resolve) => { setTimeout(resolve, 1200); });
  assert.deepEqual(states, ['starting', 'ready']);
  process.kill(fake.starts('worker')[0].pid, 'SIGCONT');
});
