import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import test from 'node:test';

import { dataDirPath, prepareDataDir } from '../../electron/backend/data-dir.js';
import { replaceFile } from '../../electron/backend/held-files.js';
import { Logs } from '../../electron/backend/logs.js';
import { choosePort, PREFERRED } from '../../electron/backend/port.js';
import { Problem } from '../../electron/backend/problem.js';
import { findPython } from '../../electron/backend/python.js';
import { StateFile } from '../../electron/backend/state-file.js';
import { temporary } from './fixtures/harness.js';

const posix = process.platform === 'win32' ? 'file modes are POSIX' : false;

test('state: missing, damaged and hostile files are an empty state', (t) => {
  const dir = temporary(t);
  const state = new StateFile(dir);
  const empty = { port: null, sparePort: null, window: null, keepAwake: true, gpuOff: null, theme: 'system', language: 'system' };
  assert.deepEqual(state.read(), empty);
  for (const text of ['', '{', '[]', 'null', '{"port":"80","window":7}', '{"port":80,"window":{"x":1}}', '{"port":1e9}', '{"keepAwake":null,"gpuOff":{"machine":7}}', '{"theme":"pink"}']) {
    fs.writeFileSync(state.path, text);
    assert.deepEqual(state.read(), empty, text);
  }
});

test('state: a pipe, a huge file and one nested without end are an empty state, and can be written over', { skip: posix }, (t) => {
  for (const damage of [
    (/** @type {string} */ file) => execFileSync('mkfifo', [file]),
    (/** @type {string} */ file) => fs.writeFileSync(file, `{"port": 20001, "deep": ${'['.repeat(100000)}${']'.repeat(100000)}}`),
    (/** @type {string} */ file) => {
      fs.writeFileSync(file, '{"port": 20001}');
      fs.truncateSync(file, 4 * 2 ** 30);
    },
  ]) {
    const state = new StateFile(temporary(t));
    damage(state.path);
    assert.equal(state.read().port, null, String(damage));
    assert.ok(state.update({ port: 20002 }));
    assert.equal(state.read().port, 20002);
  }
});

test('state: a change keeps the other keys and leaves no temporary file', (t) => {
  const dir = temporary(t);
  const state = new StateFile(dir);
  fs.writeFileSync(state.path, '{"port": 20001, "later": true}');
  assert.ok(state.update({ window: { x: 1, y: 2, width: 3.4, height: 4, maximized: true } }));
  assert.ok(state.update({ keepAwake: false, gpuOff: { machine: 'ab', reason: 'crashes' }, theme: 'dark', language: 'de' }));
  assert.deepEqual(state.read(), {
    port: 20001, sparePort: null, window: { x: 1, y: 2, width: 3, height: 4, maximized: true }, keepAwake: false, gpuOff: { machine: 'ab', reason: 'crashes' }, theme: 'dark', language: 'de',
  });
  assert.equal(JSON.parse(fs.readFileSync(state.path, 'utf8')).later, true);
  assert.deepEqual(fs.readdirSync(dir), ['state.json']);
  if (!posix) assert.equal(fs.statSync(state.path).mode & 0o777, 0o600);
});

test('state: a folder that is not there is not an error', (t) => {
  assert.equal(new StateFile(path.join(temporary(t), 'none')).update({ port: 20000 }), false);
});

test('port: the remembered one when free, another when taken', async (t) => {
  const first = await choosePort();
  assert.ok(first >= PREFERRED.from && first <= PREFERRED.to, String(first));
  assert.equal(await choosePort({ remembered: [first] }), first);
  const server = net.createServer();
  await new Promise((resolve) => { server.listen(first, '127.0.0.1', () => resolve(null)); });
  t.after(() => server.close());
  assert.notEqual(await choosePort({ remembered: [first] }), first);
  assert.notEqual(await choosePort({ remembered: [80] }), 80);
});

test('port: one that a stranger held once stays the first to be tried, and its stand-in the second', async (t) => {
  const file = new StateFile(temporary(t));
  assert.deepEqual(file.ports(), []);
  const own = await choosePort();
  file.rememberPort(own);
  const stranger = net.createServer();
  await new Promise((resolve) => { stranger.listen(own, '127.0.0.1', () => resolve(null)); });
  const stand = await choosePort({ remembered: file.ports() });
  file.rememberPort(stand);
  assert.deepEqual(file.ports(), [own, stand]);
  assert.equal(await choosePort({ remembered: file.ports() }), stand, 'the same one as long as it lasts');
  await new Promise((resolve) => { stranger.close(resolve); });
  assert.equal(await choosePort({ remembered: file.ports() }), own);
  file.rememberPort(own);
  assert.deepEqual(file.ports(), [own, stand]);
});

test('port: any other when the whole range is busy', async (t) => {
  const busy = [];
  const from = await choosePort();
  for (let port = from; port < from + 4; port += 1) {
    const server = net.createServer();
    // If another program already listens there, the port is busy anyway.
    await new Promise((resolve) => { server.once('error', resolve); server.listen(port, '127.0.0.1', () => resolve(null)); });
    t.after(() => server.close());
    busy.push(port);
  }
  const chosen = await choosePort({ remembered: [from], range: { from, to: from + 3 } });
  assert.ok(!busy.includes(chosen), String(chosen));
  const server = net.createServer();
  t.after(() => server.close());
  await new Promise((resolve, reject) => { server.once('error', reject); server.listen(chosen, '127.0.0.1', () => resolve(null)); });
});

test('data folder: the place of each system', () => {
  const at = (/** @type {Parameters<typeof dataDirPath>[1]} */ options) => dataDirPath({ name: 'Bücher & Regale', slug: 'buecher' }, { env: {}, home: '/home/u', ...options });
  assert.equal(at({ platform: 'linux' }), '/home/u/.local/share/buecher');
  assert.equal(at({ platform: 'linux', env: { XDG_DATA_HOME: '/data' } }), '/data/buecher');
  assert.equal(at({ platform: 'linux', env: { XDG_DATA_HOME: 'relative' } }), '/home/u/.local/share/buecher');
  assert.equal(at({ platform: 'darwin' }), '/home/u/Library/Application Support/Bücher & Regale');
  assert.equal(at({ platform: 'win32', env: { LOCALAPPDATA: 'C:\\L' } }), 'C:\\L\\Bücher & Regale');
  assert.equal(at({ platform: 'win32', home: 'C:\\U' }), 'C:\\U\\AppData\\Local\\Bücher & Regale');
  assert.equal(at({ override: 'x' }), path.resolve('x'));
});

test('data folder: made private, or a failure that says what to do', { skip: posix }, (t) => {
  const dir = temporary(t);
  const made = path.join(dir, 'a', 'b ü');
  prepareDataDir(made);
  assert.equal(fs.statSync(made).mode & 0o777, 0o700);
  assert.deepEqual(fs.readdirSync(made), []);
  fs.writeFileSync(path.join(dir, 'file'), '');
  assert.throws(() => prepareDataDir(path.join(dir, 'file', 'x')), (error) =>
    error instanceof Problem && error.failure.code === 'data_dir_unwritable' && String(error.failure.hint).includes('--data-dir'));
});

test('python: the checkout, the override, the packaged one, and a way out', (t) => {
  const root = temporary(t);
  const bin = path.join(root, '.venv', 'bin');
  assert.throws(() => findPython({ root, platform: 'linux', env: {} }), (error) =>
    error instanceof Problem && error.failure.code === 'python_missing' && String(error.failure.hint).includes('npm start'));
  fs.mkdirSync(bin, { recursive: true });
  fs.writeFileSync(path.join(bin, 'python'), '');
  const found = findPython({ root, platform: 'linux', env: {} });
  assert.equal(found.command, path.join(bin, 'python'));
  assert.deepEqual(found.args, ['-I', '-X', 'utf8', '-m', 'djdesk.desktop']);
  assert.deepEqual(found.tool, ['-I', '-X', 'utf8', '-m', 'djdesk.cli']);
  assert.equal(findPython({ root, platform: 'linux', env: { DJDESK_PYTHON: process.execPath } }).command, process.execPath);
  // An installed app ignores an interpreter in the environment.
  assert.throws(() => findPython({ root, resources: root, platform: 'linux', env: { DJDESK_PYTHON: process.execPath } }), /missing from its installation/);
});

test('logs: time, launch id, no secret, and the last lines in memory', (t) => {
  const dir = path.join(temporary(t), 'logs');
  const logs = new Logs({ dir, launchId: 'ab12', remember: 2 });
  logs.hide('s3cret');
  for (const line of ['one', 'two', 'token s3cret']) logs.write('server', line);
  logs.flush();
  assert.deepEqual(logs.tail(), ['server: two', 'server: token [hidden]']);
  assert.match(fs.readFileSync(path.join(dir, 'server.log'), 'utf8'), /^\d{4}-\S+Z ab12 one\n\S+ ab12 two\n\S+ ab12 token \[hidden\]\n$/);
});

test('logs: a pipe in the place of a log is not waited for', { skip: process.platform === 'win32' }, (t) => {
  const dir = temporary(t);
  const file = path.join(dir, 'server.log');
  execFileSync('mkfifo', [file]);
  const logs = new Logs({ dir, launchId: 'ab12' });
  logs.write('server', 'one');
  logs.flush();
  assert.match(fs.readFileSync(file, 'utf8'), /one\n$/);
});

test('logs: a line that tells its time and launch is not told twice', (t) => {
  const dir = temporary(t);
  const logs = new Logs({ dir, launchId: 'ab12' });
  logs.write('server', '2026-01-31 12:00:00,123 INFO ab12 djdesk.desktop listening');
  logs.flush();
  assert.equal(fs.readFileSync(path.join(dir, 'server.log'), 'utf8'), '2026-01-31 12:00:00,123 INFO ab12 djdesk.desktop listening\n');
});

test('logs: rotated by size, and only so many kept', (t) => {
  const dir = temporary(t);
  const logs = new Logs({ dir, launchId: 'ab', maxBytes: 200, keep: 2 });
  for (let i = 0; i < 12; i += 1) {
    logs.write('worker', `${i} ${'x'.repeat(100)}`);
    logs.flush();
  }
  assert.deepEqual(fs.readdirSync(dir).sort(), ['worker.log', 'worker.log.1', 'worker.log.2']);
  assert.match(fs.readFileSync(path.join(dir, 'worker.log'), 'utf8'), / 11 x/);
  assert.ok(fs.statSync(path.join(dir, 'worker.log')).size <= 200);
});

test('logs: a folder that cannot be written to loses the file, never the app', (t) => {
  const file = path.join(temporary(t), 'file');
  fs.writeFileSync(file, '');
  const logs = new Logs({ dir: path.join(file, 'logs'), launchId: 'ab' });
  logs.write('shell', 'still here');
  logs.flush();
  assert.deepEqual(logs.tail(), ['shell: still here']);
});

test('words for a terminal that is not there are no error', (t) => {
  const program = `import { tell } from ${JSON.stringify(new URL('../../electron/backend/terminal.js', import.meta.url).href)}; import fs from 'node:fs';
    tell(1, 'heard'); fs.closeSync(1); fs.closeSync(2); tell(1, 'x'); tell(2, 'x'); process.exitCode = 7;`;
  const { status, stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' });
  assert.equal(stdout, 'heard');
  assert.equal(status, 7, 'it went on to its end');
  t.diagnostic('as a program of Windows that was started by its icon');
});

test('a file that is held for a moment is replaced on Windows; elsewhere, and for other reasons, nobody waits', () => {
  const held = (/** @type {number} */ times, code = 'EPERM') => {
    const calls = { count: 0, rename: () => {
      calls.count += 1;
      if (calls.count <= times) throw Object.assign(new Error(code), { code });
    } };
    return calls;
  };
  /** @type {[NodeJS.Platform, number, string, number | null][]} */
  const cases = [['win32', 3, 'EPERM', 4], ['win32', 99, 'EBUSY', null], ['win32', 1, 'ENOENT', null], ['linux', 1, 'EPERM', null]];
  for (const [platform, times, code, tries] of cases) {
    const calls = held(times, code);
    const go = () => replaceFile('a', 'b', { platform, rename: calls.rename });
    if (tries === null) assert.throws(go, { code });
    else {
      go();
      assert.equal(calls.count, tries);
    }
  }
});

test('logs: what cannot be rotated is written to all the same', (t) => {
  const dir = temporary(t);
  const logs = new Logs({ dir, launchId: 'ab', maxBytes: 20, keep: 1 });
  const file = path.join(dir, 'shell.log');
  fs.mkdirSync(`${file}.1/held`, { recursive: true });
  for (const line of ['the first one', 'the second one', 'the third one']) {
    logs.write('shell', line);
    logs.flush();
  }
  const text = fs.readFileSync(file, 'utf8');
  for (const word of ['first', 'second', 'third']) assert.ok(text.includes(word), text);
});
