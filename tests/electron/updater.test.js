/**
 * From "is there something new?" to "ready to restart", with a real feed in a folder and a simulated
 * guardian.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';

import { administratorFiles } from '../../electron/backend/administrator.js';
import { Transaction, UpdateRefused } from '../../electron/backend/transaction.js';
import { UpdateChoices } from '../../electron/backend/update-choices.js';
import { createUpdateFeed } from '../../electron/backend/update-feed.js';
import { Updater } from '../../electron/backend/updater.js';
import { announceAgain } from '../../src/djdesk/tools/node/release/feed.js';
import { newKey, release, serve } from './fixtures/feed-server.js';

const key = newKey();

/** What the guardian would do, as far as the shell sees it. */
class Played extends Transaction {
  /** @type {string[]} */
  done = [];
  /** @type {string} */
  refuses = '';
  state = '';
  reason = '';
  paused = false;
  /** @type {string[]} */
  held = [];
  /** @type {((reason: Error) => void) | null} */
  interrupt = null;

  /** @override @returns {any} */
  read() {
    return this.state ? { state: this.state, to: '1.5.0', reason: this.reason, paused: this.paused, held: this.held, previous: '', guardian: [] } : null;
  }

  /** @override */
  last() {
    return null;
  }

  /** @param {string} name @param {string} state */
  async #do(name, state) {
    this.done.push(name);
    if (this.refuses === name) throw new UpdateRefused('There is no room.');
    this.state = state;
  }

  /** @override */
  begin() { return this.#do('begin', 'downloaded'); }

  /** @override @param {(event: any) => void} onEvent */
  async stage(onEvent) {
    onEvent({ event: 'progress', done: 1, total: 2 });
    await this.#do('stage', 'staged');
  }

  /** @override @param {string[]} command */
  async rehearse(command) {
    if (this.refuses === 'hang') await new Promise((_resolve, reject) => { this.interrupt = reject; });
    await this.#do(`rehearse ${command.join(' ')}`, 'rehearsed');
  }

  /** @override */
  cancel() { this.interrupt?.(new UpdateRefused('The update was cancelled.')); }

  /** @override @param {string} reason */
  drop(reason) { return this.#do(`drop ${reason}`, 'abandoned'); }

  /** @override */
  async unpause() { this.paused = false; }

  /** @override @param {string} command @param {string[]} words */
  async handOver(command, words) {
    this.done.push(`${command} ${words.join(' ')}`);
    if (this.refuses === command) throw new UpdateRefused('No.');
  }
}

/**
 * @param {import('node:test').TestContext} t
 * @param {{update?: object, parts?: object, installed?: object, from?: string}} [how]
 */
async function stage(t, { update = {}, parts = {}, installed = {}, from } = {}) {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'updater-'));
  const site = path.join(dir, 'site');
  fs.mkdirSync(site);
  t.after(() => fs.rmSync(dir, { recursive: true }));
  const transaction = new Played({ dataDir: dir, python: () => { throw new Error('not here'); }, log: () => {} });
  const choices = new UpdateChoices(dir);
  const administrator = path.join(dir, 'administrator.json');
  const updater = new Updater({
    app: /** @type {any} */ ({ id: 'org.example.shelf', version: '1.4.0', update: { feed: from || site, keys: [key.public], channel: 'stable', channels: ['beta'], ...update } }),
    dataDir: dir, choices, transaction, administrator: [administrator], downloads: () => path.join(dir, 'Downloads'), switches: ['--no-sandbox'], online: () => true, metered: async () => false, log: () => {},
    feed: createUpdateFeed({ folder: path.join(dir, 'download'), request: (options) => http.request(options), log: () => {} }),
    installed: async () => ({ kind: 'appimage', artefact: 'AppImage', target: path.join(dir, 'Shelf.AppImage'), program: '', start: '/a/Shelf.AppImage', obstacle: null, ...installed }),
    ...parts,
  });
  /** @type {string[]} */
  const phases = [];
  updater.on('change', () => { if (phases[phases.length - 1] !== updater.phase) phases.push(updater.phase); });
  return { dir, site, transaction, choices, updater, phases, administrator };
}

const linux = { skip: process.platform === 'linux' && process.arch === 'x64' ? false : 'the feed here is for Linux' };

test('from the news to the restart, and the command that the guardian gets', linux, async (t) => {
  const { site, updater, phases, transaction } = await stage(t);
  await release(site, { key });
  assert.equal(updater.due(), null, 'not before the user was asked');
  updater.choose({ automatic: true });
  assert.equal(updater.due(), 0);
  await updater.check({ asked: false });
  assert.deepEqual(phases.slice(-5), ['checking', 'offered', 'downloading', 'preparing', 'ready']);
  assert.equal(updater.offer(), '1.5.0');
  assert.ok(Number(updater.due()) > Date.now() + 23 * 3600e3);
  assert.equal(await updater.leave('install'), true);
  assert.deepEqual(transaction.done, ['begin', 'stage', 'rehearse /a/Shelf.AppImage --no-sandbox', 'install /a/Shelf.AppImage --no-sandbox']);
});

test('the user is told once that there is something to decide, and not where nothing is', linux, async (t) => {
  const { updater } = await stage(t);
  assert.deepEqual([updater.invite(), updater.invite()], [true, false]);
  const decided = await stage(t);
  decided.updater.choose({ automatic: false });
  assert.equal(decided.updater.invite(), false);
  assert.equal((await stage(t, { update: { keys: [] } })).updater.invite(), false);
});

test('what was downloaded and not used is offered again at the next start; of an update that is over nothing stays', linux, async (t) => {
  const { updater, transaction, dir, choices } = await stage(t);
  const folder = path.join(dir, 'updates', 'download');
  const file = path.join(folder, 'pending', 'x.AppImage');
  const put = () => { fs.mkdirSync(path.dirname(file), { recursive: true }); fs.writeFileSync(file, ''); };
  updater.choose({ automatic: true });
  choices.update({ checked: Date.now() });
  for (const state of ['downloaded', 'abandoned']) {
    put();
    transaction.state = state;
    assert.equal(updater.takeStock(), true, state);
    assert.equal(updater.due(), 0);
    assert.ok(fs.existsSync(file));
  }
  transaction.reason = 'The download was cancelled.';
  assert.equal(updater.takeStock(), false);
  assert.ok(Number(updater.due()) > Date.now());
  for (const state of ['confirmed', 'rolled_back', 'refused', '']) {
    put();
    transaction.state = state;
    assert.equal(updater.takeStock(), false, state);
    assert.equal(fs.existsSync(folder), false);
  }
});

test('off, not packaged, from a package manager: said, and nothing is looked for', linux, async (t) => {
  const off = await stage(t, { update: { keys: [] } });
  await off.updater.check({ asked: true });
  assert.match(String(off.updater.text), /no key/);
  const sources = await stage(t, { installed: { kind: '', obstacle: { code: 'not_packaged' } } });
  await sources.updater.check({ asked: true });
  assert.match(String(sources.updater.text), /from its sources/);
  const { updater, administrator, site } = await stage(t);
  await release(site, { key });
  fs.writeFileSync(administrator, '{"updates": "off"}');
  await updater.check({ asked: true });
  assert.match(String(updater.text), /administrator has turned updates off/);
  fs.writeFileSync(administrator, 'updates off');
  await updater.check({ asked: true, folder: site });
  assert.match(String(updater.text), /file for them is not valid/);
  assert.equal(updater.due(), null);
  fs.writeFileSync(administrator, '{"updates": "automatic"}');
  assert.equal(updater.due(), 0, 'nobody is asked');
});

test('a deb, and a place that cannot be written to: downloaded and checked, and the user installs it', linux, async (t) => {
  const deb = await stage(t, { installed: { kind: 'deb', artefact: 'AppImage' } });
  await release(deb.site, { key });
  await deb.updater.check({ asked: true });
  await deb.updater.download();
  assert.equal(deb.updater.phase, 'saved');
  assert.equal(path.dirname(deb.updater.saved), path.join(deb.dir, 'Downloads'));
  assert.equal(fs.statSync(deb.updater.saved).mode & 0o111, 0o111);
  assert.deepEqual(deb.transaction.done, []);
  const full = await stage(t, { installed: { obstacle: { code: 'not_writable', values: { folder: '/opt' } } } });
  await release(full.site, { key });
  await full.updater.check({ asked: true });
  await full.updater.download();
  assert.equal(full.updater.phase, 'saved');
  assert.equal(await full.updater.leave('install'), false);
});

test('offline nothing is tried unasked; a metered network is not used for a download', linux, async (t) => {
  const site = fs.mkdtempSync(path.join(os.tmpdir(), 'updater-site-'));
  const server = await serve(site);
  t.after(async () => { await server.close(); fs.rmSync(site, { recursive: true }); });
  await release(site, { key });
  let online = false;
  const { updater } = await stage(t, { from: server.url, parts: { online: () => online, metered: async () => true } });
  await updater.check({ asked: false });
  assert.deepEqual([updater.phase, server.asked.length], ['idle', 0]);
  online = true;
  await updater.check({ asked: true });
  assert.equal(updater.phase, 'offered');
  assert.ok(!server.asked.some(({ url }) => url.endsWith('.AppImage')));
  await updater.download();
  assert.equal(updater.phase, 'ready', 'the user may use it');
});

test('a failure is said, counted, and tried once more an hour later', linux, async (t) => {
  const { updater, choices } = await stage(t, { from: 'http://127.0.0.1:1/' });
  updater.choose({ automatic: true });
  await updater.check({ asked: false });
  assert.match(String(updater.text), /could not be reached/);
  assert.equal(updater.failed, true);
  const wait = Number(updater.due()) - Date.now();
  assert.ok(wait > 3500e3 && wait <= 3600e3, `${wait} ms`);
  await updater.check({ asked: false });
  assert.ok(Number(updater.due()) - Date.now() > 23 * 3600e3);
  assert.equal(choices.read().failures, 2);
});

test('what the guardian refuses is said in its words, and can be tried again', linux, async (t) => {
  const { updater, site, transaction } = await stage(t);
  await release(site, { key });
  transaction.refuses = 'stage';
  await updater.check({ asked: true });
  assert.deepEqual([updater.phase, String(updater.text), updater.failed], ['offered', 'There is no room.', true]);
  transaction.refuses = '';
  await updater.download();
  assert.equal(updater.phase, 'ready');
  transaction.refuses = 'install';
  assert.equal(await updater.leave('install'), false);
  assert.deepEqual([updater.phase, String(updater.text)], ['offered', 'No.']);
});

test('preparing can be cancelled; what was unpacked is dropped', linux, async (t) => {
  const { updater, site, transaction } = await stage(t);
  await release(site, { key });
  transaction.refuses = 'hang';
  const over = updater.check({ asked: true });
  while (!transaction.interrupt) await new Promise((resolve) => { setTimeout(resolve, 10); });
  assert.equal(updater.phase, 'preparing');
  updater.cancel();
  await over;
  assert.deepEqual([updater.phase, updater.failed], ['offered', false]);
  assert.match(String(updater.text), /cancelled/);
  assert.equal(transaction.done[transaction.done.length - 1], 'drop The download was cancelled.');
});

test('skipped once, and offered again when the user asks', linux, async (t) => {
  const { updater, site, transaction } = await stage(t);
  await release(site, { key });
  await updater.check({ asked: true });
  await updater.skip();
  assert.deepEqual([updater.phase, String(updater.text)], ['idle', 'You have skipped version 1.5.0.']);
  assert.match(transaction.done[transaction.done.length - 1], /^drop You have skipped/);
  await updater.check({ asked: false });
  assert.equal(updater.phase, 'idle');
  await updater.check({ asked: true });
  assert.equal(updater.phase, 'ready');
});

test('a version that is withdrawn is thrown away, one that failed is not tried again, an old announcement is refused', linux, async (t) => {
  const { updater, site, transaction } = await stage(t);
  await release(site, { key, now: new Date('2026-10-01T00:00:00Z') });
  const before = fs.readFileSync(path.join(site, 'latest-linux.yml'));
  const signature = fs.readFileSync(path.join(site, 'latest-linux.yml.sig'));
  transaction.held = ['1.5.0'];
  transaction.state = 'rolled_back';
  await updater.check({ asked: true });
  assert.match(String(updater.text), /did not work here/);
  transaction.held = [];
  transaction.state = 'rehearsed';
  announceAgain({ app: { id: 'org.example.shelf', version: '1.5.0', update: { keys: [key.public] } }, folder: site, key: key.private, hold: 'It loses tags.' });
  await updater.check({ asked: true });
  assert.match(String(updater.text), /was withdrawn: It loses tags\./);
  assert.equal(transaction.state, 'abandoned');
  fs.writeFileSync(path.join(site, 'latest-linux.yml'), before);
  fs.writeFileSync(path.join(site, 'latest-linux.yml.sig'), signature);
  await updater.check({ asked: true });
  assert.match(String(updater.text), /older than one that was seen/);
});

test('what is ready stays so through a failure, and goes when it is withdrawn or followed', linux, async (t) => {
  const { updater, site, transaction } = await stage(t);
  await release(site, { key });
  const app = { id: 'org.example.shelf', version: '1.5.0', update: { keys: [key.public] } };
  await updater.check({ asked: true });
  await updater.check({ asked: true });
  assert.equal(updater.phase, 'ready');
  assert.equal(transaction.done.filter((one) => one === 'stage').length, 1, 'once');
  const signature = fs.readFileSync(path.join(site, 'latest-linux.yml.sig'));
  fs.rmSync(path.join(site, 'latest-linux.yml.sig'));
  await updater.check({ asked: false });
  assert.equal(updater.phase, 'ready');
  fs.writeFileSync(path.join(site, 'latest-linux.yml.sig'), signature);
  announceAgain({ app, folder: site, key: key.private, hold: 'It loses tags.' });
  await updater.check({ asked: false });
  assert.deepEqual([updater.phase, transaction.state], ['idle', 'abandoned']);
  await release(site, { key, version: '1.5.1' });
  await updater.check({ asked: false });
  assert.deepEqual([updater.phase, updater.offer()], ['ready', '1.5.1']);
  await release(site, { key, version: '1.5.2' });
  await updater.check({ asked: false });
  assert.deepEqual([updater.phase, updater.offer()], ['ready', '1.5.2']);
});

test('what the administrator forbids is not installed, though it was ready', linux, async (t) => {
  for (const [file, words] of /** @type {[object, RegExp][]} */ ([[{ updates: 'off' }, /turned updates off/], [{ version: '1.4.2' }, /allows none after 1\.4\.2/]])) {
    const { updater, site, transaction, administrator } = await stage(t);
    await release(site, { key });
    await updater.check({ asked: true });
    assert.equal(updater.phase, 'ready');
    fs.writeFileSync(administrator, JSON.stringify(file));
    assert.equal(await updater.leave('install'), false);
    assert.deepEqual([updater.phase, transaction.state], ['idle', 'abandoned']);
    assert.match(String(updater.text), words);
    await updater.check({ asked: true });
    assert.match(String(updater.text), words);
    fs.rmSync(administrator);
    await updater.check({ asked: true });
    assert.equal(updater.phase, 'ready');
  }
});

test('from a folder though the app knows no server', linux, async (t) => {
  const { updater, site } = await stage(t, { update: { feed: '' } });
  await release(site, { key });
  await updater.check({ asked: true });
  assert.match(String(updater.text), /has no address/);
  await updater.check({ asked: true, folder: site });
  assert.equal(updater.phase, 'ready');
});

test('after going back nothing is looked for until the user wants it', linux, async (t) => {
  const { updater, transaction } = await stage(t);
  updater.choose({ automatic: true });
  transaction.state = 'rolled_back';
  transaction.paused = true;
  assert.equal(updater.due(), null);
  await updater.resume();
  assert.equal(updater.due(), 0);
  assert.equal(await updater.leave('back'), true);
  assert.match(transaction.done[0], /^back /);
});

test('the channel that the user chooses', linux, async (t) => {
  const { updater, site } = await stage(t);
  await release(site, { key, version: '1.6.0rc1', channel: 'beta' });
  await updater.check({ asked: true });
  assert.match(String(updater.text), /has no update/);
  updater.choose({ channel: 'beta' });
  await updater.check({ asked: true });
  assert.equal(updater.offer(), '1.6.0rc1');
  updater.choose({ channel: 'nightly' });
  assert.equal(updater.settings().channel, 'stable');
});

test('a full disk is found before the download', { skip: linux.skip || ('statfs' in fs.promises ? false : 'this Node cannot tell free space') }, async (t) => {
  const { updater, site, dir } = await stage(t);
  await release(site, { key });
  const real = fs.promises.statfs;
  fs.promises.statfs = /** @type {any} */ (async () => ({ bavail: 1000, bsize: 4096 }));
  t.after(() => { fs.promises.statfs = real; });
  await updater.check({ asked: true });
  assert.match(String(updater.text), /needs 201 MB of free space/);
  assert.equal(fs.existsSync(path.join(dir, 'download', 'pending')), false);
});

test('where an administrator\'s file is', () => {
  const app = { name: 'Shelf', slug: 'shelf' };
  assert.deepEqual(administratorFiles(app, { platform: 'linux' }), ['/etc/shelf/updates.json']);
  assert.deepEqual(administratorFiles(app, { platform: 'darwin' }), ['/Library/Application Support/Shelf/updates.json']);
  assert.deepEqual(administratorFiles(app, { platform: 'win32', env: { ProgramData: 'D:\\P' } }), ['D:\\P\\Shelf\\updates.json']);
});
