import assert from 'node:assert/strict';
import { execSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';

import { DataTools, parseBackups } from '../../electron/backend/data-tools.js';
import { findPython } from '../../electron/backend/python.js';
import { alive, APP_FILE, atEnd, temporary, until } from './fixtures/harness.js';
import { commandLine, descendants, noRealPython, REAL } from './fixtures/processes.js';
import { project } from './fixtures/project.js';

const SHELL = fileURLToPath(new URL('../../electron/browser.js', import.meta.url));
const skip = noRealPython || (process.platform !== 'linux' && 'processes are looked up in /proc');

/**
 * The browser shell on the real server and worker.
 * @param {import('node:test').TestContext} t
 * @param {string} dataDir
 * @param {string} [appFile]
 */
async function start(t, dataDir, appFile = APP_FILE) {
  const child = spawn(process.execPath, [SHELL, `--app=${appFile}`, '--no-open', '--data-dir', dataDir], {
    // A shell started from another virtual environment, behind a proxy.
    env: { ...process.env, ...REAL, PYTHONPATH: '/nonsense', DJANGO_SETTINGS_MODULE: 'other.settings', HTTP_PROXY: 'http://127.0.0.1:1', http_proxy: 'http://127.0.0.1:1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const seen = { out: '', err: '' };
  child.stdout.on('data', (chunk) => { seen.out += chunk; });
  child.stderr.on('data', (chunk) => { seen.err += chunk; });
  const exited = new Promise((resolve) => { child.once('close', resolve); });
  atEnd(t, async () => {
    // Its server exits by itself when the shell is gone, and writes until then.
    const left = descendants(Number(child.pid));
    child.kill('SIGKILL');
    await exited;
    await until(() => !left.some(alive), { what: 'the end of its server' });
  });
  return { child, seen, exited };
}

for (const signal of /** @type {NodeJS.Signals[]} */ (['SIGINT', 'SIGKILL'])) {
  test(`the real backend serves, and ${signal} leaves none of it`, { skip }, async (t) => {
    const { child, seen, exited } = await start(t, path.join(temporary(t), 'data ü'));
    const pid = Number(child.pid);
    await until(() => seen.out.includes('\n') && descendants(pid).length >= 2, { what: `ready; ${seen.err}` });
    const { url } = JSON.parse(seen.out);
    const first = await fetch(url, { redirect: 'manual' });
    const cookie = String(first.headers.get('set-cookie')).split(';')[0];
    const { origin } = new URL(url);
    assert.equal((await fetch(`${origin}/`, { headers: { cookie } })).status, 200);
    assert.equal((await fetch(`${origin}/`)).status, 403);
    assert.equal((await fetch(url, { redirect: 'manual' })).status, 403, 'the address works once');
    const pids = descendants(pid);
    child.kill(signal);
    await until(() => pids.every((below) => !alive(below)), { what: 'no process left' });
    await exited;
  });
}

test('a second shell on the same data folder is refused in words', { skip }, async (t) => {
  const dataDir = path.join(temporary(t), 'data');
  const first = await start(t, dataDir);
  await until(() => first.seen.out.includes('\n'));
  const second = await start(t, dataDir);
  assert.equal(await second.exited, 1);
  assert.match(second.seen.err, /Bücher & Regale is already running[\s\S]*press Enter there/);
  assert.equal(second.seen.out, '');
  first.child.kill('SIGTERM');
  await first.exited;
});

test('a damaged database is refused in words', { skip }, async (t) => {
  const dataDir = path.join(temporary(t), 'data');
  fs.mkdirSync(dataDir);
  fs.writeFileSync(path.join(dataDir, 'app.sqlite3'), 'this is not a database, whatever its name says\n'.repeat(500));
  const { exited, seen } = await start(t, dataDir);
  assert.equal(await exited, 1);
  assert.match(seen.err, /code: database_corrupt/);
  assert.doesNotMatch(seen.err, /Traceback[\s\S]*Traceback/);
  assert.doesNotMatch(seen.err, /data restore/, 'there is nothing to restore');
});

test('when there is a backup, the command that restores it is told, and works as it stands', { skip }, async (t) => {
  const dataDir = path.join(temporary(t), "data of O'Brien");
  const first = await start(t, dataDir);
  await until(() => first.seen.out.includes('\n'));
  first.child.kill('SIGTERM');
  await first.exited;
  const tools = new DataTools({ dataDir, python: () => findPython({ root: process.cwd() }), log: () => {} });
  assert.deepEqual(await tools.backups(), { backups: [], problem: '' });
  execSync(tools.commandLine(['data', 'backup']), { stdio: 'ignore' });
  const { backups: [made] } = await tools.backups();
  assert.match(made.name, /\.sqlite3$/);
  fs.writeFileSync(path.join(dataDir, 'app.sqlite3'), 'not a database\n'.repeat(500));

  const second = await start(t, dataDir);
  assert.equal(await second.exited, 1);
  const [, command] = /To restore it:\n {2}(.*)\n/.exec(second.seen.err) || [];
  assert.ok(command, second.seen.err);
  execSync(command, { stdio: ['ignore', 'ignore', 'inherit'] });
  const third = await start(t, dataDir);
  await until(() => third.seen.out.includes('\n'));
  third.child.kill('SIGTERM');
  await third.exited;
});

test('refusals of the tools are words', { skip }, async (t) => {
  const python = () => findPython({ root: process.cwd() });
  const dataDir = temporary(t);
  const tools = new DataTools({ dataDir, python, log: () => {} });
  assert.match(String(await tools.restore('../app.sqlite3')), /There is no backup called/);
  assert.match(String(await tools.restore('--help')), /There is no backup called/, 'a name is never an option');
  assert.match(String(await tools.exportDiagnostics(path.join(dataDir, 'none', 'x.zip'))), /could not be written/);
  const nowhere = new DataTools({ dataDir: path.join(dataDir, 'none'), python, log: () => {} });
  assert.match(String((await nowhere.backups()).problem), /There is no data folder/);
  const without = new DataTools({ dataDir, python: () => findPython({ root: path.join(dataDir, 'none'), env: {} }), log: () => {} });
  assert.match(String((await without.backups()).problem), /does not exist\. Start it with "djdesk start"/);
  assert.match(String(without.obstacle()), /does not exist/);
  const broken = new DataTools({ dataDir, python: () => ({ ...python(), command: dataDir }), log: () => {} });
  assert.match(String((await broken.backups()).problem), /could not be started/);
  assert.equal(parseBackups('{}'), null);
  assert.equal(parseBackups('[{"name": 1}]'), null);
});

const TICK = `import time
from django.conf import settings
from django.core.management.base import BaseCommand
class Command(BaseCommand):
    def handle(self, **options):
        while True:
            with (settings.DATA_DIR / "ticks").open("a") as file:
                file.write("tick\\n")
            time.sleep(0.05)
`;

test('a process of the app runs its command on the data, is started again, and ends with the app', { skip }, async (t) => {
  const place = temporary(t);
  const appFile = project(place, { name: 'Clock', slug: 'clock', processes: { ticker: { command: ['tick'] } } });
  const commands = path.join(path.dirname(appFile), 'library', 'management', 'commands');
  fs.mkdirSync(commands, { recursive: true });
  fs.writeFileSync(path.join(commands, 'tick.py'), TICK);
  const dataDir = path.join(place, 'data');
  const { child, seen, exited } = await start(t, dataDir, appFile);
  const ticks = path.join(dataDir, 'ticks');
  await until(() => fs.existsSync(ticks), { limitMs: 60000, what: `a tick; ${seen.err}` });
  const ticker = () => descendants(Number(child.pid)).find((pid) => commandLine(pid).includes('process\0ticker'));
  const first = ticker();
  process.kill(Number(first), 'SIGKILL');
  await until(() => ticker() && ticker() !== first, { limitMs: 60000, what: 'another one' });
  const before = fs.statSync(ticks).size;
  await until(() => fs.statSync(ticks).size > before, { limitMs: 60000, what: 'more ticks' });
  const pids = descendants(Number(child.pid));
  child.kill('SIGTERM');
  assert.equal(await exited, 0);
  assert.deepEqual(pids.filter(alive), []);
});
