/** Two apps of two developers side by side, each in its default folder: they share nothing. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';

import { deepLinkPath } from '../../electron/policy/deep-link.js';
import { APP_FILE, atEnd, FAKE, fakeBackend, temporary, until } from './fixtures/harness.js';
import { noRealPython, REAL } from './fixtures/processes.js';
import { project } from './fixtures/project.js';

const SHELL = fileURLToPath(new URL('../../electron/browser.js', import.meta.url));
const skip = process.platform === 'win32' ? 'the stand-in for Python is a script with a shebang' : false;

/**
 * @param {import('node:test').TestContext} t
 * @param {string} home
 * @param {string} appFile
 * @param {{args?: string[], env?: Record<string, string>}} [more] `env`: instead of the fake backend's
 */
function start(t, home, appFile, { args = [], env } = {}) {
  const fake = fakeBackend(t);
  const child = spawn(process.execPath, [SHELL, `--app=${appFile}`, '--no-open', ...args], {
    // No variable that names a folder: each app chooses its own data folder.
    env: { PATH: process.env.PATH, HOME: home, ...(env || { FAKE_BACKEND_DIR: fake.dir, DJDESK_PYTHON: FAKE }) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk) => { out += chunk; });
  child.stderr.on('data', (chunk) => { err += chunk; });
  const exited = new Promise((resolve) => { child.once('close', resolve); });
  atEnd(t, async () => {
    child.kill('SIGKILL');
    await exited;
  });
  return { fake, child, exited, out: () => out, err: () => err };
}

/** @param {string} dir */
const below = (dir) => fs.readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));

test('two apps run at once in one home: own folder, port, state, logs, session, links', { skip }, async (t) => {
  const home = path.join(temporary(t), 'home ü');
  fs.mkdirSync(home);
  const otherFile = path.join(home, 'other.json');
  const other = { ...JSON.parse(fs.readFileSync(APP_FILE, 'utf8')), name: 'Bücher', id: 'org.example.other', slug: 'other', scheme: 'other', root: '.' };
  fs.writeFileSync(otherFile, JSON.stringify(other));
  const apps = [start(t, home, APP_FILE), start(t, home, otherFile)];
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
  // Everything written is in one of the two folders, and nothing mentions the other app.
  const written = below(home).filter((file) => file !== otherFile);
  assert.deepEqual(written.filter((file) => ![one, two].some(({ data_dir: dir }) => file.startsWith(`${dir}${path.sep}`))), []);
  assert.deepEqual(written.filter((file) => /djdesk/i.test(path.relative(home, file))), []);

  // One app's code does not work for the other.
  const crossed = new URL(first.href);
  crossed.port = second.port;
  assert.equal((await fetch(crossed, { redirect: 'manual' })).status, 403);
  assert.equal((await fetch(first, { redirect: 'manual' })).status, 302);
  assert.equal(deepLinkPath('buecher://open/books', 'other'), null);

  // One ends; the other keeps running.
  apps[0].child.kill('SIGTERM');
  await apps[0].exited;
  assert.equal((await fetch(second, { redirect: 'manual' })).status, 302);
});

test('what the browser shell says has the app\'s name and no other', { skip }, async (t) => {
  const home = temporary(t);
  const running = start(t, home, APP_FILE);
  running.fake.plan({ serve: { failed: { stage: 'database', code: 'already_running', reason: 'It runs.', hint: 'Close it.' } } });
  await running.exited;
  const words = running.err().split(home).join('~');
  assert.match(words, /^Bücher & Regale /m);
  assert.doesNotMatch(words.replace(/-m djdesk\.cli/g, ''), /djdesk/i);
});

test('two real apps: own databases and logs, and the folder of one is refused to the other by both names', { skip: noRealPython }, async (t) => {
  const home = temporary(t);
  const files = [project(home, { name: 'Bücher & Regale', slug: 'buecher' }), project(home, { name: 'Noten', slug: 'noten' })];
  const env = { ...REAL, LANG: 'C.UTF-8' };
  const [books, scores] = files.map((file) => start(t, home, file, { env }));
  for (const one of [books, scores]) await until(() => one.out().includes('\n'), { limitMs: 60000, what: `ready; ${one.err()}` });
  const data = ['buecher', 'noten'].map((slug) => below(home).find((file) => file.endsWith(path.join(slug, 'app.sqlite3')) || (slug === 'buecher' ? /Regale[\\/]app\.sqlite3$/ : /Noten[\\/]app\.sqlite3$/).test(file)));
  assert.ok(data[0] && data[1], below(home).join('\n'));
  const folders = data.map((file) => path.dirname(String(file)));
  const owners = folders.map((folder) => JSON.parse(fs.readFileSync(path.join(folder, 'data.json'), 'utf8')).app);
  assert.deepEqual(owners, ['org.example.buecher', 'org.example.noten']);
  const [key, otherKey] = folders.map((folder) => fs.readFileSync(path.join(folder, 'secret.key'), 'utf8'));
  assert.notEqual(key, otherKey);
  scores.child.kill('SIGTERM');
  await scores.exited;
  books.child.kill('SIGTERM');
  await books.exited;

  const before = fs.readFileSync(String(data[0]));
  const stray = start(t, home, files[1], { env, args: ['--data-dir', folders[0]] });
  await stray.exited;
  assert.match(stray.err(), /belongs to Bücher & Regale, not to Noten/);
  assert.deepEqual(fs.readFileSync(String(data[0])), before, 'nothing was touched');
});
