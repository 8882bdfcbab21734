/** The app's own processes: kept running beside the worker, and stopped with the rest. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';

import { alive, until } from './fixtures/harness.js';
import { reach, supervise } from './fixtures/supervise.js';

const skip = process.platform === 'win32' ? 'the stand-in for Python is a script with a shebang' : false;
const processes = { huey: { command: ['run_huey', '--workers', '2'] }, beat: { command: ['beat'] } };

/** @param {ReturnType<typeof supervise>} running @param {string} name */
const startsOf = ({ fake }, name) => fake.starts('process').filter(({ args }) => args.includes(name));
/** @param {ReturnType<typeof supervise>} running @param {string} name @param {string} state */
const reaches = ({ supervisor }, name, state) => until(() => supervisor.status().processes[name].state === state, { what: `${name} ${state}` });

test('they start when the server is ready, are told what to run, and each has a log of its own', { skip }, async (t) => {
  const running = supervise(t, {}, { processes });
  const { supervisor, fake, logs } = running;
  supervisor.start();
  await reach(supervisor, 'ready');
  await reaches(running, 'huey', 'ready');
  await reaches(running, 'beat', 'ready');
  await until(() => fake.starts().length === 4);
  const roles = fake.starts().map(({ role }) => role);
  assert.equal(roles[0], 'serve');
  assert.deepEqual(roles.slice(1).sort(), ['process', 'process', 'worker']);
  const [{ args, processes: told, token }] = startsOf(running, 'huey');
  assert.deepEqual(args.slice(-2), ['process', 'huey']);
  assert.deepEqual(told, { huey: ['run_huey', '--workers', '2'], beat: ['beat'] });
  assert.equal(token, undefined, 'the token is the server\'s');
  await until(() => supervisor.status().running.includes('worker'));
  assert.deepEqual(supervisor.status().running.sort(), ['beat', 'huey', 'server', 'worker']);
  await until(() => logs.tail().some((line) => line.startsWith('huey: process is up to something')));
  logs.flush();
  assert.match(fs.readFileSync(path.join(fake.dir, 'logs', 'huey.log'), 'utf8'), /process is up to something/);

  const pids = fake.pids();
  await supervisor.stop();
  assert.deepEqual(pids.filter(alive), []);
});

test('one that dies is started again, and the others do not notice', { skip }, async (t) => {
  const running = supervise(t, {}, { processes });
  running.supervisor.start();
  await reaches(running, 'huey', 'ready');
  await reaches(running, 'beat', 'ready');
  process.kill(startsOf(running, 'huey')[0].pid, 'SIGKILL');
  await until(() => startsOf(running, 'huey').length === 2);
  await reaches(running, 'huey', 'ready');
  assert.equal(startsOf(running, 'beat').length, 1);
  assert.deepEqual(running.states.filter((state) => state !== 'starting'), ['ready']);
});

test('one that keeps dying is given up on, with its name and its log, and can be started from the menu', { skip }, async (t) => {
  const running = supervise(t, { process: { die: 3 } }, { processes: { huey: processes.huey } });
  running.supervisor.start();
  await reaches(running, 'huey', 'failed');
  assert.equal(running.supervisor.state, 'ready', 'the app is usable without it');
  const { failure } = running.supervisor.status().processes.huey;
  assert.match(`${failure?.reason} ${failure?.hint}`, /huey/);
  running.fake.plan({});
  running.supervisor.startWorker();
  await reaches(running, 'huey', 'ready');
});

test('a restart that was asked for takes them along, safe mode leaves them out', { skip }, async (t) => {
  const running = supervise(t, {}, { processes: { huey: processes.huey } });
  running.supervisor.start();
  await reaches(running, 'huey', 'ready');
  const [{ pid }] = startsOf(running, 'huey');
  running.fake.say('serve', { event: 'restart', reason: 'Restoring a backup' });
  await until(() => startsOf(running, 'huey').length === 2);
  assert.ok(!alive(pid));

  const safe = supervise(t, {}, { processes, safeMode: true });
  safe.supervisor.start();
  await reach(safe.supervisor, 'ready');
  assert.deepEqual(safe.supervisor.status().running, ['server']);
  safe.supervisor.startWorker();
  await reaches(safe, 'beat', 'ready');
});
