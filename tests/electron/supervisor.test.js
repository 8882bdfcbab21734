import assert from 'node:assert/strict';
import test from 'node:test';

import { Problem } from '../../electron/backend/problem.js';
import { requestBackend } from '../../electron/backend/http.js';
import { BACKOFF_MS, decideRestart } from '../../electron/policy/restart.js';
import { alive, until } from './fixtures/harness.js';
import { reach, supervise } from './fixtures/supervise.js';

test('server, then worker, then an orderly end', async (t) => {
  const { fake, supervisor, states, logs, file } = supervise(t);
  /** @type {string[]} */
  const stages = [];
  supervisor.on('stage', ({ name }) => stages.push(name));
  supervisor.start();
  await reach(supervisor, 'ready');
  await until(() => supervisor.worker.status.state === 'ready');
  assert.deepEqual(fake.starts().map((start) => start.role), ['serve', 'worker']);
  assert.deepEqual(stages, ['start', 'settings', 'lock', 'database', 'health']);
  const { port, token } = /** @type {any} */ (supervisor.backend);
  assert.equal(file.read().port, port);
  assert.equal((await requestBackend({ port, token, path: '/' })).status, 200);
  assert.equal((await requestBackend({ port, token: 'wrong', path: '/' })).status, 403);
  assert.ok(!JSON.stringify(supervisor.status()).includes(token), 'no page learns the token');
  assert.ok(!logs.tail().join('\n').includes(token));
  const [server, worker] = fake.starts();
  assert.equal(worker.token, undefined, 'the worker has no use for the token');
  assert.ok(!server.env.some((/** @type {string} */ name) => name.startsWith('PYTHON')));
  await Promise.all([supervisor.stop(), supervisor.stop()]);
  assert.deepEqual(states, ['starting', 'ready', 'stopping', 'stopped']);
  assert.deepEqual(fake.pids().filter(alive), []);
});

test('a server that says why it fails is shown with that, and Retry starts anew', async (t) => {
  const failed = { stage: 'database', code: 'database_corrupt', reason: 'The database is damaged.', hint: 'Restore.', detail: 'page 7' };
  const { fake, supervisor, states } = supervise(t, { serve: { failed } });
  supervisor.start();
  await reach(supervisor, 'failed');
  assert.deepEqual({ ...supervisor.failure, tail: 0 }, { ...failed, tail: 0 });
  assert.ok(supervisor.failure?.tail?.some((line) => line.includes('serve is up to something')));
  assert.equal(fake.starts().length, 1, 'a startup failure is not retried blindly');
  fake.plan({});
  await Promise.all([supervisor.retry(), supervisor.retry()]);
  await reach(supervisor, 'ready');
  assert.deepEqual(states, ['starting', 'failed', 'starting', 'ready']);
  assert.equal(fake.starts('serve').length, 2);
});

test('a child that dies before it listens fails at once, not at a time limit', async (t) => {
  const { supervisor } = supervise(t, { serve: { die: 3 } });
  supervisor.start();
  await reach(supervisor, 'failed');
  assert.equal(supervisor.failure?.code, 'exited');
  assert.match(String(supervisor.failure?.reason), /exit code 3/);
});

test('a server that never listens is given up on, and ended', async (t) => {
  const { fake, supervisor } = supervise(t, { serve: { never: true } }, { timing: { silence: { default: 400 } } });
  supervisor.start();
  await reach(supervisor, 'failed');
  assert.equal(supervisor.failure?.code, 'stuck');
  await until(() => fake.pids().every((pid) => !alive(pid)));
});

test('a server that listens but never becomes healthy is given up on', async (t) => {
  const { supervisor } = supervise(t, { serve: { mute: true } }, { timing: { healthMs: 200 } });
  supervisor.start();
  await reach(supervisor, 'failed');
  assert.equal(supervisor.failure?.code, 'not_ready');
});

test('a taken port is answered with another one, once', async (t) => {
  const { fake, supervisor } = supervise(t, { serve: { portInUseTimes: 1 } });
  supervisor.start();
  await reach(supervisor, 'ready');
  const [first, second] = fake.starts('serve');
  assert.notEqual(first.port, second.port);
  assert.notEqual(first.token, second.token);
});

test('a port that stays taken is a failure with its own words', async (t) => {
  const { fake, supervisor } = supervise(t, { serve: { portInUseTimes: 9 } });
  supervisor.start();
  await reach(supervisor, 'failed');
  assert.equal(supervisor.failure?.code, 'port_in_use');
  assert.equal(fake.starts().length, 2);
});

test('a stranger on the port never gets past the health check', async (t) => {
  const { supervisor } = supervise(t, { serve: { foreign: true } });
  supervisor.start();
  await reach(supervisor, 'failed');
  assert.equal(supervisor.failure?.code, 'port_in_use');
});

test('a missing interpreter is a failure, not an exception', async (t) => {
  const { supervisor } = supervise(t, {}, {
    python: () => { throw new Problem({ stage: 'python', code: 'python_missing', reason: 'r', hint: 'h' }); },
  });
  supervisor.start();
  await reach(supervisor, 'failed');
  assert.equal(supervisor.failure?.code, 'python_missing');
});

test('a killed server comes back: same port, new token, the worker undisturbed', async (t) => {
  const { fake, supervisor, states } = supervise(t);
  supervisor.start();
  await reach(supervisor, 'ready');
  await until(() => supervisor.worker.status.state === 'ready');
  const before = /** @type {import('../../electron/backend/supervisor.js').Backend | null} */ (supervisor.backend);
  process.kill(fake.starts('serve')[0].pid, 'SIGKILL');
  await reach(supervisor, 'restarting');
  assert.equal(Boolean(supervisor.backend), false, 'no token for a dead server');
  await reach(supervisor, 'ready');
  assert.equal(supervisor.backend?.port, before?.port);
  assert.notEqual(supervisor.backend?.token, before?.token);
  assert.deepEqual(states, ['starting', 'ready', 'restarting', 'ready']);
  assert.equal(fake.starts('worker').length, 1);
});

test('a server that keeps crashing is given up on, and the worker ended with it', async (t) => {
  const { fake, supervisor } = supervise(t, { serve: { crashAfter: 100 } });
  supervisor.start();
  await reach(supervisor, 'failed');
  assert.equal(supervisor.failure?.code, 'keeps_stopping');
  assert.equal(fake.starts('serve').length, 1 + BACKOFF_MS.length);
  await until(() => fake.pids().every((pid) => !alive(pid)));
});

test('a server that says why it cannot come back is not asked again', async (t) => {
  const { fake, supervisor } = supervise(t);
  supervisor.start();
  await reach(supervisor, 'ready');
  fake.plan({ serve: { failed: { stage: 'database', code: 'disk_full', reason: 'r', hint: 'h' } } });
  process.kill(fake.starts('serve')[0].pid, 'SIGKILL');
  await reach(supervisor, 'failed');
  assert.equal(supervisor.failure?.code, 'disk_full');
  assert.equal(fake.starts('serve').length, 2);
});

test('a worker that dies is started again and the app stays ready', async (t) => {
  const { fake, supervisor, states } = supervise(t);
  supervisor.start();
  await until(() => supervisor.worker.status.state === 'ready');
  process.kill(fake.starts('worker')[0].pid, 'SIGKILL');
  await until(() => fake.starts('worker').length === 2 && supervisor.worker.status.state === 'ready');
  assert.deepEqual(states, ['starting', 'ready']);
});

test('a worker that cannot start is given up on and the app stays ready', async (t) => {
  const failed = { stage: 'settings', code: 'internal', reason: 'No worker today.', hint: 'h' };
  const { fake, supervisor } = supervise(t, { worker: { failed } });
  supervisor.start();
  await until(() => supervisor.worker.status.state === 'failed');
  assert.equal(supervisor.worker.status.failure?.reason, 'No worker today.');
  assert.equal(supervisor.state, 'ready');
  assert.equal(fake.starts('worker').length, 1 + BACKOFF_MS.length);
});

test('stop during the start, and during a backoff, leaves nothing', async (t) => {
  const early = supervise(t, { serve: { never: true } });
  early.supervisor.start();
  await early.supervisor.stop();
  assert.deepEqual(early.fake.pids().filter(alive), []);
  assert.equal(early.supervisor.state, 'stopped');

  const late = supervise(t, {}, { timing: { decide: (facts) => ({ ...decideRestart(facts), delayMs: 60000 }) } });
  late.supervisor.start();
  await reach(late.supervisor, 'ready');
  process.kill(late.fake.starts('serve')[0].pid, 'SIGKILL');
  await reach(late.supervisor, 'restarting');
  await late.supervisor.stop();
  assert.deepEqual(late.fake.pids().filter(alive), []);
  assert.equal(late.fake.starts('serve').length, 1);
});

test('a stubborn server cannot hold up the end', async (t) => {
  const { fake, supervisor } = supervise(t, { serve: { stubborn: true } }, { timing: { waits: { eof: 100, term: 100, kill: 500 } } });
  supervisor.start();
  await reach(supervisor, 'ready');
  await supervisor.stop();
  await until(() => fake.pids().every((pid) => !alive(pid)));
});
