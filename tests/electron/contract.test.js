import assert from 'node:assert/strict';
import test from 'node:test';

import { encodeConfig, MAX_CONFIG_BYTES, newLaunchId, newToken, parseLine } from '../../electron/backend/contract.js';

test('the configuration is one line of JSON that names the contract', () => {
  const line = encodeConfig({ launch_id: 'ab', data_dir: '/tmp/ä\nb', token: 'ff', port: 0 });
  assert.equal(line.split('\n').length, 2);
  assert.deepEqual(JSON.parse(line), { contract: 1, launch_id: 'ab', data_dir: '/tmp/ä\nb', token: 'ff', port: 0 });
});

test('a configuration that no child would accept is refused', () => {
  assert.throws(() => encodeConfig({ launch_id: 'ab', data_dir: 'x'.repeat(MAX_CONFIG_BYTES) }), RangeError);
});

test('identifiers have the lengths of the contract and differ', () => {
  assert.match(newLaunchId(), /^[0-9a-f]{16}$/);
  assert.match(newToken(), /^[0-9a-f]{64}$/);
  assert.notEqual(newToken(), newToken());
});

test('well-formed events are events', () => {
  for (const event of [
    { event: 'stage', name: 'migrate', detail: 'auth.0001', done: 0, total: 20 },
    { event: 'stage', name: 'bind' },
    { event: 'listening', port: 8000, pid: 1, version: '1' },
    { event: 'ready', pid: 1, version: '1' },
    { event: 'failed', stage: 'bind', code: 'port_in_use', reason: 'r', hint: 'h' },
    { event: 'busy' },
    { event: 'idle' },
    { event: 'waiting', why: 'locked', reason: 'r', since: 1.5 },
    { event: 'resumed' },
    { event: 'alive', running: 20, of: 20, oldest: 40.2, waiting: 1, done: 7, stalled: 0.4 },
    { event: 'lane_failed', lane: 2, reason: 'r', pause: 0.5 },
    { event: 'restart', reason: 'Restoring a backup' },
  ]) {
    assert.deepEqual(parseLine(JSON.stringify(event)), event);
  }
});

test('everything else is log text', () => {
  for (const line of [
    '',
    'Watching for file changes',
    '{',
    'null',
    '[]',
    '{}',
    '{"event":"listening"}',
    '{"event":"listening","port":70000,"pid":1,"version":"1"}',
    '{"event":"listening","port":"80","pid":1,"version":"1"}',
    '{"event":"ready","pid":-1,"version":"1"}',
    '{"event":"failed","stage":"x"}',
    '{"event":"stage","name":"migrate","done":-1}',
    '{"event":"waiting","why":"bored","reason":"r","since":1}',
    '{"event":"lane_failed","lane":0,"reason":"r","pause":1}',
    '{"event":"alive","running":1}',
    '{"event":"restart"}',
    '{"event":"restart","reason":7}',
    '{"event":"constructor"}',
    '{"event":"__proto__"}',
    '{"event":["stage"],"name":"x"}',
  ]) {
    assert.equal(parseLine(line), null, line);
  }
});
