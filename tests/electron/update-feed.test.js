/** Checks and downloads, from a real server on this computer and from a folder; faults first. */
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';

import { FeedProblem } from '../../electron/backend/feed-problem.js';
import { createUpdateFeed } from '../../electron/backend/update-feed.js';
import { newKey, release, serve } from './fixtures/feed-server.js';

const key = newKey();

/**
 * @param {import('node:test').TestContext} t
 * @param {{checkMs?: number, stallMs?: number}} [limits]
 */
async function stage(t, limits = {}) {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'update-feed-'));
  const site = path.join(dir, 'site');
  fs.mkdirSync(site);
  const server = await serve(site);
  t.after(async () => {
    await server.close();
    fs.rmSync(dir, { recursive: true });
  });
  /** @type {string[]} */
  const logged = [];
  const downloads = path.join(dir, 'downloads');
  const feed = createUpdateFeed({ folder: downloads, request: asElectrons, log: (line) => logged.push(line), ...limits });
  /** @type {import('../../electron/backend/update-feed.js').Question} */
  const question = {
    feed: server.url, product: 'org.example.shelf', channel: 'stable', keys: [key.public], version: '1.4.0', seen: null, failed: [], skipped: '', asked: false, installId: 'a',
    installation: { platform: 'linux', kind: 'AppImage', arch: 'x64' },
  };
  return { dir, site, server, downloads, logged, question, check: (/** @type {object} */ change = {}) => feed.check({ ...question, ...change }) };
}

/**
 * Electron emits "close" when the request has been sent, before the response.
 * @param {http.RequestOptions} options
 */
function asElectrons(options) {
  const request = http.request(options);
  request.once('finish', () => request.emit('close'));
  return request;
}

/** @param {() => boolean} test */
async function until(test) {
  while (!test()) await new Promise((resolve) => { setTimeout(resolve, 20); });
}

/** @param {string} link */
function linked(link) {
  try {
    return fs.readlinkSync(link);
  } catch {
    return '';
  }
}

/** @param {Promise<unknown>} promise @param {string} code */
const fails = (promise, code) => assert.rejects(promise, (error) => {
  assert.ok(error instanceof FeedProblem, String(error));
  assert.equal(error.code, code, error.message);
  return true;
});

test('a bad signature, an old one on new metadata, a foreign app, another channel: refused before anything is downloaded', async (t) => {
  const { site, server, check } = await stage(t);
  const other = newKey();
  await release(site, { key: other });
  await fails(check(), 'unknown_key');
  await release(site, { key });
  const yml = path.join(site, 'latest-linux.yml');
  const good = fs.readFileSync(`${yml}.sig`, 'utf8');
  const flipped = JSON.parse(good);
  flipped.sig = (flipped.sig[0] === 'A' ? 'B' : 'A') + flipped.sig.slice(1);
  fs.writeFileSync(`${yml}.sig`, JSON.stringify(flipped));
  await fails(check(), 'bad_signature');
  await release(site, { key, version: '1.6.0' });
  fs.writeFileSync(`${yml}.sig`, good);
  await fails(check(), 'bad_signature');
  fs.rmSync(`${yml}.sig`);
  await fails(check(), 'unsigned');
  await release(site, { key, product: 'org.example.ledger' });
  await fails(check(), 'other_product');
  await release(site, { key, channel: 'beta' });
  for (const end of ['', '.sig']) fs.copyFileSync(path.join(site, `beta-linux.yml${end}`), `${yml}${end}`);
  await fails(check(), 'other_channel');
  await fails(check({ keys: [] }), 'no_key');
  assert.deepEqual(server.asked.filter(({ url }) => url.includes('AppImage')), []);
});

test('a replay is told from news', async (t) => {
  const { site, check } = await stage(t);
  await release(site, { key, version: '1.5.0' });
  const { decision } = await check({ seen: { version: '1.6.0', issued: '2026-01-01T00:00:00Z' } });
  assert.deepEqual([decision.action, decision.reason?.code], ['refuse', 'replayed']);
});

test('no such channel is no news; a server that fails, and one that is not there, is said', async (t) => {
  const { site, server, check } = await stage(t);
  assert.deepEqual((await check()).decision.reason, { code: 'up_to_date' });
  await release(site, { key });
  server.break((_request, response) => { response.writeHead(500).end(); return true; });
  await assert.rejects(check(), /server \{"status":500\}/);
  server.break((request) => { request.socket.destroy(); return true; });
  await fails(check(), 'network');
  await fails(check({ feed: 'http://127.0.0.1:1/' }), 'network');
});

test('a server that never answers, or answers without end, costs the time of a check and no more', async (t) => {
  const { site, server, check } = await stage(t, { checkMs: 300 });
  await release(site, { key });
  server.break(() => true);
  await fails(check(), 'timed_out');
  server.break((_request, response) => { response.writeHead(200).write('{'); return true; });
  await fails(check(), 'timed_out');
});

test('metadata without end is not read to its end', async (t) => {
  const { site, server, check } = await stage(t);
  await release(site, { key });
  server.break((_request, response) => {
    response.writeHead(200);
    const more = () => { while (!response.destroyed && response.write(Buffer.alloc(1024 * 1024, 32)));  };
    response.on('drain', more);
    more();
    return true;
  });
  await fails(check(), 'too_long');
});

test('a download: whole, with progress, and the server is not told who asks', async (t) => {
  const { site, server, downloads, logged, check } = await stage(t);
  const { bytes, name } = await release(site, { key });
  const { decision, download } = await check();
  assert.equal(decision.action, 'offer');
  /** @type {import('../../electron/backend/update-feed.js').Progress[]} */
  const seen = [];
  const file = await download({ onProgress: (progress) => seen.push(progress) }).file;
  assert.deepEqual(fs.readFileSync(file), bytes);
  assert.equal(path.basename(file), name);
  assert.deepEqual([seen[seen.length - 1].done, seen[seen.length - 1].total], [bytes.length, bytes.length]);
  for (const { headers } of server.asked) {
    for (const header of Object.keys(headers)) assert.doesNotMatch(header, /staging|cookie|authorization|djdesk/);
  }
  // The next start finds it and accepts it only if it is unchanged.
  const before = server.asked.filter(({ url }) => url.includes(name)).length;
  assert.equal(await (await check()).download({}).file, file);
  assert.equal(server.asked.filter(({ url }) => url.includes(name)).length, before);
  fs.writeFileSync(file, Buffer.alloc(bytes.length));
  assert.deepEqual(fs.readFileSync(await (await check()).download({}).file), bytes);
  assert.deepEqual(fs.readdirSync(path.join(downloads, 'pending')).sort(), [name, 'update-info.json']);
  assert.deepEqual(fs.readdirSync(downloads), ['pending'], 'no id is made up');
  assert.ok(logged.includes('update: 1.5.0 of stable: offer'), logged.join('\n'));
});

test('a swapped, a truncated and a longer artefact are refused, and nothing of them stays', async (t) => {
  const { site, server, downloads, check } = await stage(t);
  const { name, bytes } = await release(site, { key });
  const found = async () => (await check()).download({}).file;
  fs.writeFileSync(path.join(site, name), crypto.randomBytes(bytes.length));
  await fails(found(), 'hash');
  fs.writeFileSync(path.join(site, name), bytes.subarray(0, 1000));
  await fails(found(), 'hash');
  fs.writeFileSync(path.join(site, name), Buffer.concat([bytes, bytes]));
  await fails(found(), 'too_long');
  server.break((_request, response, file) => {
    if (!file.endsWith(name)) return false;
    // Ends before the announced length.
    response.writeHead(200, { 'content-length': bytes.length });
    response.write(bytes.subarray(0, 1000), () => response.destroy());
    return true;
  });
  await fails(found(), 'network');
  server.break((_request, response, file) => {
    if (!file.endsWith(name)) return false;
    response.writeHead(404).end();
    return true;
  });
  await assert.rejects(found(), /server \{"status":404\}/);
  await until(() => fs.readdirSync(path.join(downloads, 'pending')).length === 0);
});

test('a download that stands still is given up; a slow one is not', async (t) => {
  const { site, server, check } = await stage(t, { stallMs: 400 });
  const { name, bytes } = await release(site, { key });
  server.break((_request, response, file) => {
    if (!file.endsWith(name)) return false;
    response.writeHead(200, { 'content-length': bytes.length });
    response.write(bytes.subarray(0, 1000));
    return true;
  });
  await fails((await check()).download({}).file, 'stalled');
  server.break((_request, response, file) => {
    if (!file.endsWith(name)) return false;
    response.writeHead(200, { 'content-length': bytes.length });
    let sent = 0;
    const timer = setInterval(() => {
      response.write(bytes.subarray(sent, sent + 30000));
      sent += 30000;
      if (sent >= bytes.length) {
        clearInterval(timer);
        response.end();
      }
    }, 60);
    return true;
  });
  const begun = Date.now();
  assert.deepEqual(fs.readFileSync(await (await check()).download({}).file), bytes);
  assert.ok(Date.now() - begun > 400, 'longer than a stall in all');
});

test('a download can be cancelled', async (t) => {
  const { site, server, downloads, check } = await stage(t);
  const { name, bytes } = await release(site, { key });
  const { download } = await check();
  /** @type {(value?: unknown) => void} */
  let begun = () => {};
  const started = new Promise((resolve) => { begun = resolve; });
  server.break((_request, response, file) => {
    if (!file.endsWith(name)) return false;
    response.writeHead(200, { 'content-length': bytes.length });
    response.write(bytes.subarray(0, 1000), () => begun());
    return true;
  });
  const { file, cancel } = download({});
  await started;
  cancel();
  await fails(file, 'cancelled');
  await until(() => fs.readdirSync(path.join(downloads, 'pending')).length === 0);
  if (process.platform === 'linux') {
    await until(() => fs.readdirSync('/proc/self/fd').every((one) => !linked(`/proc/self/fd/${one}`).includes(downloads)));
  }
});

test('only the changed parts are fetched; a server without parts or without the old map sends the whole', async (t) => {
  const { dir, site, server, check } = await stage(t);
  const old = crypto.randomBytes(3000000);
  const oldFile = path.join(dir, 'Shelf.AppImage');
  fs.writeFileSync(oldFile, old);
  await release(site, { key, version: '1.4.0', bytes: old });
  const changed = Buffer.concat([old.subarray(0, 1000000), crypto.randomBytes(50000), old.subarray(1000000)]);
  const { name } = await release(site, { key, version: '1.5.0', bytes: changed });
  const sent = () => server.asked.filter(({ url }) => url.endsWith(name));
  const fetch = async () => {
    fs.rmSync(path.join(dir, 'downloads'), { recursive: true, force: true });
    server.asked.length = 0;
    const file = await (await check()).download({ oldFile }).file;
    assert.deepEqual(fs.readFileSync(file), changed);
  };
  await fetch();
  const bytes = sent().map(({ headers }) => String(headers.range)).map((range) => /bytes=(\d+)-(\d+)/.exec(range)).map((range) => (range ? Number(range[2]) - Number(range[1]) + 1 : Infinity)).reduce((a, b) => a + b, 0);
  assert.ok(bytes < 300000, `${bytes} of ${changed.length} bytes`);
  t.diagnostic(`${bytes} of ${changed.length} bytes`);

  server.break((request) => { delete request.headers.range; return false; });
  await fetch();
  assert.ok(sent().length <= 2, `${sent().length} requests to a server without parts`);
  server.break(null);
  fs.rmSync(path.join(site, 'Shelf-1.4.0-linux-x86_64.AppImage.blockmap'));
  await fetch();
  assert.deepEqual(sent().map(({ headers }) => headers.range), [undefined]);
  // Not the version in its name.
  fs.writeFileSync(oldFile, crypto.randomBytes(3000000));
  await release(site, { key, version: '1.4.0', bytes: old });
  await release(site, { key, version: '1.5.0', bytes: changed });
  await fetch();
});

test('from a folder, without any network', async (t) => {
  const { dir, site, server, check } = await stage(t);
  const stick = path.join(dir, 'a stick, with ü');
  const { name, bytes } = await release(stick, { key });
  const { decision, download } = await check({ feed: stick });
  assert.equal(decision.action, 'offer');
  assert.deepEqual(fs.readFileSync(await download({}).file), bytes);
  fs.rmSync(path.join(dir, 'downloads'), { recursive: true });
  fs.writeFileSync(path.join(stick, name), crypto.randomBytes(bytes.length));
  await fails((await check({ feed: stick })).download({}).file, 'hash');
  fs.appendFileSync(path.join(stick, name), 'x');
  await fails((await check({ feed: stick })).download({}).file, 'hash');
  fs.rmSync(path.join(stick, name));
  await fails((await check({ feed: stick })).download({}).file, 'not_there');
  fs.rmSync(path.join(stick, 'latest-linux.yml.sig'));
  await fails(check({ feed: stick }), 'unsigned');
  assert.deepEqual((await check({ feed: site })).decision.reason, { code: 'not_in_folder', values: { folder: site } });
  await fails(check({ feed: path.join(dir, 'pulled out') }), 'folder_missing');
  assert.deepEqual(server.asked, []);
});
