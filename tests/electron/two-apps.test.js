/** Two apps of two developers beside each other, each in its default folder: they share nothing. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';

import { deepLinkPath } from '../../electron/policy/deep-link.js';
import { APP_FILE, FAKE, fakeBackend, until } from './fixtures/harness.js';

const SHELL = fileURLToPath(new URL('../../electron/browser.js', import.meta.url));
const skip = process.platform === 'win32' ? 'the stand-in for Python is a script with a shebang' : false;

/**
 * @param {import('node:test').TestContext} t
 * @param {string} home
 * @param {string} appFile
 */
function start(t, home, appFile) {
  const fake = fakeBackend(t);
  const child = spawn(process.execPath, [SHELL, `--app=${appFile}`, '--no-open'], {
    // Nothing that names a folder: where an app keeps its data is its own affair.
    env: { PATH: process.env.PATH, HOME: home, FAKE_BACKEND_DIR: fake.dir, DJDESK_PYTHON: FAKE },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk) => { out += chunk; });
  child.stderr.on('data', (chunk) => { err += chunk; });
  const exited = new Promise((resolve) => { child.once('close', resolve); });
  t.after(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  return { fake, child, exited, out: () => out, err: () => err };
}

/** @param {string} dir */
const below = (dir) => fs.readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));

test('two apps run at once in one home: own folder, port, state, logs, session, links', { skip }, async (t) => {
  const home = fs.mkdtempSync(path.join(fs.realpathSync(process.env.TMPDIR || '/tmp'), 'home ü '));
  const otherFile = path.join(home, 'other.json');
  const other = { ...JSON.parse(fs.readFileSync(APP_FILE, 'utf8')), name: 'Bücher', id: 'org.example.other', slug: 'other', scheme: 'other', root: '.' };
  fs.writeFileSync(otherFile, JSON.stringify(other));
  const apps = [start(t, home, APP_FILE), start(t, home, otherFile)];
  t.after(() => fs.rmSync(home, { recursive: true, force: true, maxRetries: 5 }));
  for (const one of apps) await until(() => one.out().includes('\n'), { what: `ready; ${one.err()}` });
  for (const one of apps) await until(() => one.fake.starts('worker').length === 1);

  const [first, second] = apps.map(({ out }) => new URL(JSON.parse(out()).url));
  assert.notEqual(first.port, second.port);
  const [one, two] = apps.map(({ fake }) => fake.starts('serve')[0]);
  assert.notEqual(one.data_dir, two.data_dir);
  assert.notEqual(one.token, two.token);
  for (const { data_dir: dir } of [one, two]) {
    assert.ok(dir.startsWith(home), dir);
    await until(() => fs.existsSync(path.join(dir, 'state.json')) && fs.existsSync(path.join(dir, 'logs', 'shell.log')));
  }
  if (process.platform === 'linux') assert.deepEqual([one, two].map(({ data_dir: dir }) => path.basename(dir)), ['buecher-regale', 'other']);
  // Whatever was written lies in one of the two, and nothing names anybody else.
  const written = below(home).filter((file) => file !== otherFile);
  assert.deepEqual(written.filter((file) => ![one, two].some(({ data_dir: dir }) => file.startsWith(`${dir}${path.sep}`))), []);
  assert.deepEqual(written.filter((file) => /djdesk/i.test(file)), []);

  // The code of one opens nothing at the other.
  const crossed = new URL(first.href);
  crossed.port = second.port;
  assert.equal((await fetch(crossed, { redirect: 'manual' })).status, 403);
  assert.equal((await fetch(first, { redirect: 'manual' })).status, 302);
  assert.equal(deepLinkPath('buecher://open/books', 'other'), null);

  // One ends; the other goes on.
  apps[0].child.kill('SIGTERM');
  await apps[0].exited;
  assert.equal((await fetch(second, { redirect: 'manual' })).status, 302);
});

test('what the browser shell says has the app\'s name and no other', { skip }, async (t) => {
  const home = fs.mkdtempSync(path.join(fs.realpathSync(process.env.TMPDIR || '/tmp'), 'home '));
  const running = start(t, home, APP_FILE);
  t.after(() => fs.rmSync(home, { recursive: true, force: true, maxRetries: 5 }));
  running.fake.plan({ serve: { failed: { stage: 'database', code: 'already_running', reason: 'It runs.', hint: 'Close it.' } } });
  await running.exited;
  const words = running.err().split(home).join('~');
  assert.match(words, /^Bücher & Regale /m);
  assert.doesNotMatch(words.replace(/-m djdesk\.cli/g, ''), /djdesk/i);
});
