import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';

import { openInBrowser } from '../../electron/backend/opener.js';
import { alive, APP_FILE, atEnd, FAKE, fakeBackend, temporary, until } from './fixtures/harness.js';

const SHELL = fileURLToPath(new URL('../../electron/browser.js', import.meta.url));
const posix = process.platform === 'win32' ? 'the stand-in for Python is a script with a shebang, and signals are POSIX' : false;

/**
 * @param {import('node:test').TestContext} t
 * @param {{plan?: object, args?: string[], env?: NodeJS.ProcessEnv}} [options]
 */
function shell(t, { plan = {}, args = ['--no-open'], env = {} } = {}) {
  const fake = fakeBackend(t, plan);
  const dataDir = path.join(fake.dir, 'data');
  const child = spawn(process.execPath, [SHELL, `--app=${APP_FILE}`, '--data-dir', dataDir, ...args], {
    env: { ...fake.env, DJDESK_PYTHON: FAKE, DISPLAY: '', WAYLAND_DISPLAY: '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const seen = { out: '', err: '' };
  child.stdout.on('data', (chunk) => { seen.out += chunk; });
  child.stderr.on('data', (chunk) => { seen.err += chunk; });
  const exited = new Promise((resolve) => { child.once('close', (code) => resolve(code)); });
  atEnd(t, async () => {
    child.kill('SIGKILL');
    await exited;
  });
  return { child, fake, seen, exited, dataDir };
}

/** @param {ReturnType<typeof shell>} running */
async function ready({ seen, fake }) {
  await until(() => seen.out.includes('\n'), { what: 'the ready line' });
  await until(() => fake.starts('worker').length === 1);
  return JSON.parse(seen.out.split('\n')[0]);
}

test('the first and only line on stdout is the ready line, and its address lets a browser in once', { skip: posix }, async (t) => {
  const running = shell(t);
  const line = await ready(running);
  assert.deepEqual(Object.keys(line), ['event', 'url', 'pid']);
  assert.equal(line.event, 'ready');
  assert.equal(line.pid, running.child.pid);
  const first = await fetch(line.url, { redirect: 'manual' });
  assert.equal(first.status, 302);
  const cookie = String(first.headers.get('set-cookie')).split(';')[0];
  const origin = new URL(line.url).origin;
  assert.equal((await fetch(`${origin}/`, { headers: { cookie } })).status, 200);
  assert.equal((await fetch(`${origin}/`)).status, 403);
  assert.equal((await fetch(line.url, { redirect: 'manual' })).status, 403);
  const [{ token }] = running.fake.starts('serve');
  assert.ok(!`${running.seen.out}${running.seen.err}${line.url}`.includes(token));
  running.child.kill('SIGTERM');
  assert.equal(await running.exited, 0);
  assert.equal(running.seen.out.trim().split('\n').length, 1);
});

for (const signal of /** @type {NodeJS.Signals[]} */ (['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGKILL'])) {
  test(`${signal} leaves no process`, { skip: posix }, async (t) => {
    const running = shell(t);
    await ready(running);
    const pids = running.fake.pids();
    assert.equal(pids.length, 2);
    running.child.kill(signal);
    await until(() => pids.every((pid) => !alive(pid)), { what: 'no process left' });
    assert.equal(await running.exited, signal === 'SIGKILL' ? null : 0);
  });
}

test('a signal during the start ends it too', { skip: posix }, async (t) => {
  const running = shell(t, { plan: { serve: { never: true } } });
  await until(() => running.fake.starts().length === 1);
  running.child.kill('SIGINT');
  assert.equal(await running.exited, 0);
  assert.ok(running.fake.pids().every((pid) => !alive(pid)));
  assert.equal(running.seen.out, '');
});

test('a failure is one message with cause and way out, and a non-zero exit', { skip: posix }, async (t) => {
  const failed = { stage: 'database', code: 'database_corrupt', reason: 'The database is damaged.', hint: 'Restore a backup.' };
  const { seen, exited } = shell(t, { plan: { serve: { failed } } });
  assert.equal(await exited, 1);
  assert.equal(seen.out, '');
  assert.match(seen.err, /The database is damaged\.\nRestore a backup\./);
  assert.match(seen.err, /server: serve is up to something/);
  assert.doesNotMatch(seen.err, /\n\s+at .*\.js:\d+/, 'no stack trace');
});

test('a data folder that cannot be made is such a failure', { skip: posix }, async (t) => {
  const file = path.join(temporary(t), 'file');
  fs.writeFileSync(file, '');
  const { seen, exited } = shell(t, { args: ['--no-open', `--data-dir=${file}/data`] });
  assert.equal(await exited, 1);
  assert.match(seen.err, /is not writable/);
});

test('so is a missing interpreter', async (t) => {
  const { seen, exited } = shell(t, { env: { DJDESK_PYTHON: path.join(path.sep, 'no', 'such', 'python') } });
  assert.equal(await exited, 1);
  assert.match(seen.err, /"npm start"/);
});

test('an unknown argument is refused before anything starts', async (t) => {
  const { seen, exited, fake } = shell(t, { args: ['--nope'] });
  assert.equal(await exited, 2);
  assert.match(seen.err, /Unknown argument: --nope/);
  assert.deepEqual(fake.starts(), []);
});

test('without a display the address is printed and the shell waits', { skip: posix || process.platform === 'darwin' }, async (t) => {
  const { seen, child, exited } = shell(t, { args: [] });
  await until(() => /works once:\s+http:\/\/127\.0\.0\.1:\d+\//.test(seen.err));
  assert.match(seen.err, /there is no display/);
  assert.equal(seen.out, '');
  child.kill('SIGINT');
  assert.equal(await exited, 0);
});

test('the browser is handed the path of a page and nothing that lets anybody in', { skip: process.platform !== 'linux' && 'xdg-open is Linux' }, async (t) => {
  const dir = temporary(t);
  const told = path.join(dir, 'told');
  fs.writeFileSync(path.join(dir, 'xdg-open'), `#!/bin/sh\nprintf '%s\\n' "$@" >"${told}.new"\nmv "${told}.new" "${told}"\n`, { mode: 0o755 });
  const { seen, dataDir, child, exited } = shell(t, { args: [], env: { PATH: `${dir}:${process.env.PATH}`, DISPLAY: ':9' } });
  await until(() => seen.err.includes('Opened in your browser'), { what: 'the message' });
  assert.equal(fs.readFileSync(told, 'utf8'), `${dataDir}/enter.html\n`);
  // For a browser that cannot read the page.
  assert.match(seen.err, /open this address yourself; it works once:\s+http:\/\/127\.0\.0\.1:\d+\//);
  child.kill('SIGINT');
  assert.equal(await exited, 0);
});

test('an opener that is missing, or fails, is noticed', { skip: process.platform !== 'linux' && 'xdg-open is Linux' }, async (t) => {
  const dir = temporary(t);
  const env = { PATH: dir, DISPLAY: ':9' };
  assert.match(String(await openInBrowser('/data/enter.html', { env })), /xdg-open could not be started/);
  fs.writeFileSync(path.join(dir, 'xdg-open'), '#!/bin/sh\nexit 3\n', { mode: 0o755 });
  assert.match(String(await openInBrowser('/data/enter.html', { env })), /exit code 3/);
  fs.writeFileSync(path.join(dir, 'xdg-open'), '#!/bin/sh\nexit 0\n', { mode: 0o755 });
  assert.equal(await openInBrowser('/data/enter.html', { env }), null);
});

test('a restarted server keeps the browser in: same port, same session, nothing more on stdout', { skip: posix }, async (t) => {
  const running = shell(t);
  const { url } = await ready(running);
  const cookie = String((await fetch(url, { redirect: 'manual' })).headers.get('set-cookie')).split(';')[0];
  process.kill(running.fake.starts('serve')[0].pid, 'SIGKILL');
  await until(() => running.seen.err.includes('The server is back.'));
  assert.equal((await fetch(`${new URL(url).origin}/`, { headers: { cookie } })).status, 200);
  assert.equal(running.seen.out.trim().split('\n').length, 1);
});

test('a restart that was asked for is told, and keeps the browser in', { skip: posix }, async (t) => {
  const running = shell(t);
  const { url } = await ready(running);
  const cookie = String((await fetch(url, { redirect: 'manual' })).headers.get('set-cookie')).split(';')[0];
  running.fake.say('serve', { event: 'restart', reason: 'Restoring a backup' });
  await until(() => running.seen.err.includes('The server is back.'));
  assert.match(running.seen.err, /Restoring a backup: the server starts again\./);
  assert.doesNotMatch(running.seen.err, /attempt/);
  assert.equal((await fetch(`${new URL(url).origin}/`, { headers: { cookie } })).status, 200);
  await until(() => running.fake.starts('worker').length === 2);
});

test('running work that holds up the end is told in one line, and a second Ctrl+C does not wait', { skip: posix }, async (t) => {
  const running = shell(t, { plan: { worker: { lingerMs: 60000 } } });
  await ready(running);
  running.fake.say('worker', { event: 'busy' });
  await until(() => !fs.existsSync(path.join(running.fake.dir, 'say-worker')));
  const pids = running.fake.pids();
  running.child.kill('SIGINT');
  await until(() => running.seen.err.includes('Waiting for running work to stop…'));
  assert.equal(running.seen.err.match(/Waiting for running work/g)?.length, 1);
  running.child.kill('SIGINT');
  await until(() => pids.every((pid) => !alive(pid)), { what: 'no process left' });
  assert.equal(await running.exited, 0);
});

test('jobs that the end stops are told, and whether they go on', { skip: posix }, async (t) => {
  const running = shell(t);
  await ready(running);
  const jobs = { event: 'jobs', running: 2, waiting: 0, share: 0.5, lost: 1 };
  // Sent together with the event that the log shows: once that is there, both were received.
  const words = [jobs, { event: 'lane_failed', lane: 1, reason: 'heard', pause: 0.5 }].map((event) => `${JSON.stringify(event)}\n`).join('');
  fs.writeFileSync(path.join(running.fake.dir, 'say-worker.new'), words);
  fs.renameSync(path.join(running.fake.dir, 'say-worker.new'), path.join(running.fake.dir, 'say-worker'));
  const log = path.join(running.dataDir, 'logs', 'shell.log');
  await until(() => fs.existsSync(log) && fs.readFileSync(log, 'utf8').includes('heard'));
  running.child.kill('SIGINT');
  assert.equal(await running.exited, 0);
  assert.match(running.seen.err, /2 jobs are stopped\. At the next start, those that can be resumed go on; 1 cannot\./);
});

test('safe mode: the server alone', { skip: posix }, async (t) => {
  const running = shell(t, { args: ['--no-open', '--safe-mode'] });
  await until(() => running.seen.out.includes('\n'));
  assert.match(running.seen.err, /Background tasks are off/);
  running.child.kill('SIGTERM');
  await running.exited;
  assert.deepEqual(running.fake.starts().map(({ role }) => role), ['serve']);
});
