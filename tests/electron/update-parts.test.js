/** Small parts of updates: stored choices, the kind of installation, commands to the guardian. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';

import { asFeedProblem, FeedProblem } from '../../electron/backend/feed-problem.js';
import { installedAs } from '../../electron/backend/installed-as.js';
import { isMetered } from '../../electron/backend/metered.js';
import { Transaction, UpdateRefused } from '../../electron/backend/transaction.js';
import { UpdateChoices } from '../../electron/backend/update-choices.js';
import { updateWords } from '../../electron/backend/update-words.js';

/** @param {import('node:test').TestContext} t */
function folder(t) {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'update-parts-'));
  t.after(() => {
    fs.chmodSync(dir, 0o700);
    fs.rmSync(dir, { recursive: true });
  });
  return dir;
}

test('choices: one damaged value does not take the others along, and nothing is lost by writing', (t) => {
  const dir = folder(t);
  const choices = new UpdateChoices(dir);
  assert.deepEqual([choices.read().automatic, choices.read().download, choices.read().checked], [null, true, 0]);
  const { installId } = choices.read();
  assert.match(installId, /^[0-9a-f]{16}$/);
  assert.equal(choices.read().installId, installId);
  choices.update({ automatic: false, seen: { stable: { version: '1.5.0', issued: 'x' } } });
  const raw = JSON.parse(fs.readFileSync(choices.path, 'utf8'));
  fs.writeFileSync(choices.path, JSON.stringify({ ...raw, checked: 9e15, download: 'maybe', channel: 5, later: 'kept', seen: { ...raw.seen, beta: 7 } }));
  const { automatic, download, channel, checked, seen } = choices.read();
  assert.deepEqual({ automatic, download, channel, checked, seen }, { automatic: false, download: true, channel: '', checked: 0, seen: { stable: { version: '1.5.0', issued: 'x' } } });
  choices.update({ skipped: '1.5.0' });
  assert.equal(JSON.parse(fs.readFileSync(choices.path, 'utf8')).later, 'kept');
  fs.writeFileSync(choices.path, '[');
  assert.equal(choices.read().automatic, null);
});

test('how the app is installed', async (t) => {
  const dir = folder(t);
  const not = async () => false;
  const found = async (/** @type {object} */ from) => installedAs({ packaged: true, name: 'Shelf', execPath: path.join(dir, 'shelf-app'), env: {}, platform: 'linux', ownedByPackage: not, ...from });
  assert.equal((await found({ packaged: false })).obstacle?.code, 'not_packaged');
  assert.deepEqual(await found({}), { kind: 'folder', artefact: 'tar.gz', target: dir, program: 'shelf-app', start: path.join(dir, 'shelf-app'), obstacle: null });
  const image = path.join(dir, 'Shelf.AppImage');
  const mounted = { execPath: '/tmp/.mount_Shelf/shelf-app', env: { APPIMAGE: image, APPDIR: '/tmp/.mount_Shelf' } };
  assert.deepEqual(await found(mounted), { kind: 'appimage', artefact: 'AppImage', target: image, program: '', start: image, obstacle: null });
  // Started from another program's AppImage.
  assert.equal((await found({ env: mounted.env })).kind, 'folder');
  assert.equal((await found({ ownedByPackage: async () => true })).kind, 'deb');
  assert.equal((await found({ env: { APPIMAGE: '/nowhere/Shelf.AppImage', APPDIR: dir } })).obstacle?.code, 'not_writable');

  const mac = (/** @type {string} */ bundle) => found({ platform: 'darwin', execPath: `${bundle}/Contents/MacOS/Shelf` });
  assert.deepEqual([(await mac(path.join(dir, 'Shelf.app'))).kind, (await mac(path.join(dir, 'Shelf.app'))).program], ['mac', 'Contents/MacOS/Shelf']);
  assert.equal((await mac('/Volumes/Shelf/Shelf.app')).obstacle?.code, 'not_moved');
  assert.equal((await mac('/private/var/folders/x/AppTranslocation/1/d/Shelf.app')).obstacle?.code, 'not_moved');
});

test('metered networks, as far as systems tell', async () => {
  const says = (/** @type {string} */ words) => async () => words;
  assert.deepEqual(await Promise.all(['u 1\n', 'u 3\n', 'u 2\n', 'u 0\n'].map((words) => isMetered('linux', says(words)))), [true, true, false, false]);
  assert.deepEqual(await Promise.all(['Fixed\r\n', 'Variable\r\n', 'Unrestricted\r\n'].map((words) => isMetered('win32', says(words)))), [true, true, false]);
  assert.equal(await isMetered('darwin', says('u 1')), false);
  assert.equal(await isMetered('linux', async () => { throw new Error('no busctl'); }), false);
});

test('every code has its words, and what is thrown its code', () => {
  for (const code of ['hash', 'network', 'server', 'stalled', 'replayed', 'too_old', 'administrator_off']) assert.ok(String(updateWords({ code, values: {} })).length > 20);
  assert.match(String(updateWords({ code: 'server', values: { status: 503 } })), /error 503/);
  const codes = [new FeedProblem('held'), Object.assign(new Error('x'), { code: 'ENOSPC' }), new Error('Cannot download "x", status 500: no'), new Error('net::ERR_PROXY_CONNECTION_FAILED')].map((error) => asFeedProblem(error).code);
  assert.deepEqual(codes, ['held', 'disk_full', 'server', 'network']);
});

/**
 * A program that replaces Python and follows part of the contract.
 * @param {import('node:test').TestContext} t
 * @param {string} script of Node
 */
function transaction(t, script) {
  const dir = folder(t);
  fs.writeFileSync(path.join(dir, 'part.cjs'), `const say = (told) => console.log(JSON.stringify(told)); const words = process.argv.slice(2);\n${script}`);
  /** @type {string[]} */
  const logged = [];
  const it = new Transaction({ dataDir: dir, python: () => ({ command: process.execPath, args: [path.join(dir, 'part.cjs'), 'djdesk.desktop'], tool: [], cwd: dir }), log: (line) => logged.push(line) });
  return { dir, it, logged };
}

test('a refusal is told in the words of the guardian; a crash in words of our own', async (t) => {
  const { it } = transaction(t, `
    if (words[2] === 'stage') { say({ event: 'refused', reason: 'There is no room.', hint: 'Free some.' }); process.exit(3); }
    if (words[2] === 'rehearse') { console.error('boom'); process.exit(1); }
    say({ event: 'state', state: 'downloaded' });
  `);
  await assert.rejects(it.stage(() => {}), (error) => error instanceof UpdateRefused && error.message === 'There is no room. Free some.');
  await assert.rejects(it.rehearse(['/x']), /could not be prepared \(exit code 1\)/);
  await it.unpause();
});

test('what is downloaded is handed over with its hash, and progress comes back', async (t) => {
  const { dir, it } = transaction(t, `
    require('fs').writeFileSync('words.json', JSON.stringify(words));
    for (const done of [1, 2]) say({ event: 'progress', done, total: 2 });
    console.log('stray text');
  `);
  const artefact = { url: 'a', kind: 'AppImage', arch: 'x64', size: 5, installedSize: 6, sha512: 'h==' };
  await it.begin({ product: 'org.example.shelf', from: '1.4', to: '1.5', installed: /** @type {any} */ ({ kind: 'appimage', target: '/a b/S.AppImage', program: '' }), file: '/d/x', artefact });
  assert.deepEqual(JSON.parse(fs.readFileSync(path.join(dir, 'words.json'), 'utf8')), ['djdesk.desktop', 'update', 'begin', `--data-dir=${dir}`, '--until-stdin-ends', '--product=org.example.shelf', '--from=1.4', '--to=1.5',
    '--kind=appimage', '--target=/a b/S.AppImage', '--program=', '--artefact=/d/x', '--sha512=h==', '--size=5', '--unpacked=6']);
  /** @type {number[]} */
  const done = [];
  await it.stage((told) => { if (told.event === 'progress') done.push(told.done); });
  assert.deepEqual(done, [1, 2]);
});

test('what is cancelled ends, as it does when the app has gone', async (t) => {
  const { it } = transaction(t, `
    process.stdin.on('end', () => process.exit(3)).resume();
    say({ event: 'progress', done: 1, total: 2 });
  `);
  await assert.rejects(it.stage(() => it.cancel()), /The update was cancelled\./);
});

test('the interpreter of a guardian goes when its update is settled, and not before', (t) => {
  const { dir, it } = transaction(t, '');
  const own = path.join(dir, 'updates', 'guardian');
  fs.mkdirSync(own, { recursive: true });
  const at = 1e9;
  const journal = (/** @type {string} */ state, guardian = [process.execPath, path.join(own, 'guardian.py')]) => {
    fs.writeFileSync(path.join(dir, 'updates', 'update.json'), JSON.stringify({ format: 1, state, guardian, history: [{ state, at }] }));
  };
  for (const state of ['booting', 'rehearsed', 'rolling_back']) {
    journal(state);
    it.tidy();
    assert.ok(fs.existsSync(own), state);
  }
  journal('rolled_back');
  it.tidy(at * 1000 + 59000);
  assert.ok(fs.existsSync(own), 'somebody who has just started the other version may ask it');
  journal('rolled_back', [process.execPath, path.join(dir, 'guardian.py')]);
  it.tidy();
  journal('rolled_back');
  it.tidy();
  assert.deepEqual(fs.readdirSync(path.join(dir, 'updates')), ['update.json']);
  it.tidy();
});

test('the guardian outlives the app, which goes when it is told that it may', async (t) => {
  const { dir, it } = transaction(t, `require('fs').appendFileSync('ran.txt', words[2])`);
  const guardian = path.join(dir, 'guardian.cjs');
  fs.writeFileSync(guardian, `
    const words = process.argv.slice(2);
    if (words[0] === 'back') { console.log(JSON.stringify({ event: 'refused', reason: 'No.', hint: '' })); process.exit(3); }
    require('fs').writeFileSync(${JSON.stringify(path.join(dir, 'told.json'))}, JSON.stringify({ words, pid: process.pid }));
    console.log(JSON.stringify({ event: 'waiting' }));
    setInterval(() => {}, 1000);
  `);
  fs.mkdirSync(path.join(dir, 'updates'));
  fs.writeFileSync(path.join(dir, 'updates', 'update.json'), JSON.stringify({ format: 1, state: 'rehearsed', guardian: [process.execPath, guardian], held: ['1.4.9', 5] }));
  assert.deepEqual(it.read()?.held, ['1.4.9']);
  await it.handOver('install', ['/a/Shelf.AppImage', '--data-dir=/d']);
  const { words, pid } = JSON.parse(fs.readFileSync(path.join(dir, 'told.json'), 'utf8'));
  t.after(() => process.kill(pid));
  assert.deepEqual(words, ['install', `--data-dir=${dir}`, `--shell=${process.pid}`, '--', '/a/Shelf.AppImage', '--data-dir=/d']);
  process.kill(pid, 0);
  assert.ok(!fs.existsSync(path.join(dir, 'ran.txt')));
  await assert.rejects(it.handOver('back', ['/a']), /^Error: No\.$/);
  assert.equal(fs.readFileSync(path.join(dir, 'ran.txt'), 'utf8'), 'guard', 'its interpreter was removed long ago');
  fs.writeFileSync(path.join(dir, 'updates', 'update.json'), '{"format": 2, "state": "x"}');
  assert.equal(it.read(), null);
});
