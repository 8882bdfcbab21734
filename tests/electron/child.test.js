import assert from 'node:assert/strict';
import test from 'node:test';

import { describeExit, ManagedChild } from '../../electron/backend/child.js';
import { LineSplitter } from '../../electron/backend/lines.js';
import { alive, FAKE, fakeBackend, until } from './fixtures/harness.js';

const WAITS = { eof: 150, term: 150, kill: 1000 };
const posix = process.platform === 'win32' ? 'process groups and signals are POSIX' : false;

/**
 * @param {import('./fixtures/harness.js').FakeBackend} fake
 * @param {Partial<import('../../electron/backend/child.js').ChildOptions>} [change]
 */
function child(fake, change = {}) {
  /** @type {string[]} */
  const log = [];
  const managed = new ManagedChild({
    name: 'server',
    command: process.execPath,
    args: [FAKE, 'serve'],
    cwd: fake.dir,
    env: fake.env,
    config: { launch_id: 'ab', data_dir: fake.dir, token: 'ff', port: 0 },
    log: (line) => log.push(line),
    waits: { eof: 4000, term: 150, kill: 1000 },
    ...change,
  });
  /** @type {any[]} */
  const events = [];
  managed.on('event', (event) => events.push(event));
  return { managed, events, log };
}

test('closing stdin is enough to stop a healthy child', async (t) => {
  const { managed, events } = child(fakeBackend(t));
  managed.start();
  await until(() => events.some((event) => event.event === 'listening'));
  await managed.stop();
  assert.deepEqual(managed.exit, { code: 0, signal: null, error: null });
});

test('a child that ignores EOF and SIGTERM is killed', { skip: posix }, async (t) => {
  const { managed, events, log } = child(fakeBackend(t, { serve: { stubborn: true } }), { waits: WAITS });
  managed.start();
  await until(() => events.some((event) => event.event === 'listening'));
  await Promise.all([managed.stop(), managed.stop()]);
  assert.equal(managed.exit?.signal, 'SIGKILL');
  assert.equal(log.filter((line) => line.includes('SIGTERM')).length, 1, 'two callers, one stop');
});

test('what a child started goes with it', { skip: posix }, async (t) => {
  const fake = fakeBackend(t, { serve: { grandchild: true } });
  const { managed, events } = child(fake);
  managed.start();
  await until(() => events.some((event) => event.event === 'listening'));
  const [{ grandchild }] = fake.starts();
  assert.ok(alive(grandchild));
  await managed.stop();
  await until(() => !alive(grandchild));
});

test('what a crashed child started goes with it too', { skip: posix }, async (t) => {
  const fake = fakeBackend(t, { serve: { grandchild: true } });
  const { managed } = child(fake);
  managed.start();
  const [{ grandchild, pid }] = await until(() => (fake.starts().length ? fake.starts() : null));
  process.kill(pid, 'SIGKILL');
  assert.equal((await managed.exited).signal, 'SIGKILL');
  await until(() => !alive(grandchild));
});

test('the last words of a dying child are heard before its exit is told', async (t) => {
  const failed = { stage: 'database', code: 'database_corrupt', reason: 'r', hint: 'h' };
  const { managed, events } = child(fakeBackend(t, { serve: { failed } }));
  managed.start();
  assert.equal((await managed.exited).code, 1);
  assert.deepEqual(events[events.length - 1], { event: 'failed', ...failed });
});

test('noise on stdout is log text and does not hide events', async (t) => {
  const { managed, events, log } = child(fakeBackend(t, { serve: { garbage: true } }));
  managed.start();
  await until(() => events.some((event) => event.event === 'listening'));
  assert.ok(log.includes('warming up'));
  assert.ok(log.includes('{"event":"listening"}'));
  assert.ok(log.some((line) => line.endsWith('(line cut)') && line.length < 40000));
  await managed.stop();
});

test('a command that does not exist is an exit with an error, not a crash', async (t) => {
  const fake = fakeBackend(t);
  const { managed } = child(fake, { command: `${fake.dir}/no such python` });
  managed.start();
  const exit = await managed.exited;
  assert.match(String(describeExit(exit)), /could not be started .*ENOENT/);
  await managed.stop();
});

test('stopping a child that was never started returns', async (t) => {
  await child(fakeBackend(t)).managed.stop();
});

test('lines survive chunks that cut characters, and carriage returns', () => {
  /** @type {string[]} */
  const lines = [];
  const splitter = new LineSplitter(10, (line) => lines.push(line));
  for (const byte of Buffer.from('é\r\nb\n\n0123456789abc\nlast')) splitter.push(Buffer.from([byte]));
  splitter.end();
  assert.deepEqual(lines, ['é', 'b', '', '0123456789 … (line cut)', 'last']);
});
