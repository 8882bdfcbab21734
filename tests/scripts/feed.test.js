/** Keys, and the feed that an app accepts: written by the tools, read by the shell's policy. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';
import zlib from 'node:zlib';

import { verifyEd25519 } from '../../electron/backend/signatures.js';
import { feedFile, openFeed } from '../../electron/policy/updates.js';
import { wrongArtefacts } from '../../src/djdesk/tools/node/release/artefacts.js';
import { announceAgain, notesOf, writeFeed } from '../../src/djdesk/tools/node/release/feed.js';
import { makeKey, privateKey, publicPart } from '../../src/djdesk/tools/node/release/keys.js';
import { PYTHON } from '../../scripts/setup/environment.js';
import { inRoot } from '../../scripts/setup/paths.js';

/** @param {import('node:test').TestContext} t */
function folder(t) {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'djdesk-feed-'));
  t.after(() => fs.rmSync(dir, { recursive: true }));
  return dir;
}

/** @param {string} dir */
function key(dir) {
  const file = path.join(dir, 'key.pem');
  const known = makeKey(file);
  return { file, known, private: /** @type {crypto.KeyObject} */ (privateKey(file, {})) };
}

/**
 * What an app with that id makes of the feed in a folder.
 * @param {string} dir @param {string} name @param {string[]} keys @param {{product?: string, channel?: string}} [of]
 */
function taken(dir, name, keys, { product = 'org.example.shelf', channel = 'stable' } = {}) {
  const signature = fs.existsSync(path.join(dir, `${name}.sig`)) ? fs.readFileSync(path.join(dir, `${name}.sig`), 'utf8') : null;
  return openFeed({ bytes: fs.readFileSync(path.join(dir, name)), signature, product, channel, keys, verify: verifyEd25519 });
}

test('a key is private, is never replaced, and is told by its public part', (t) => {
  const dir = folder(t);
  const { file, known, private: own } = key(dir);
  if (process.platform !== 'win32') assert.equal(fs.statSync(file).mode & 0o777, 0o600);
  assert.equal(publicPart(own), known);
  assert.throws(() => makeKey(file), /already/);
  assert.equal(publicPart(/** @type {crypto.KeyObject} */ (privateKey('', { DJDESK_UPDATE_KEY: fs.readFileSync(file, 'utf8') }))), known);
  assert.equal(privateKey('', {}), null);
  const rsa = crypto.generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'pem', type: 'pkcs8' });
  assert.throws(() => privateKey('', { DJDESK_UPDATE_KEY: String(rsa) }), (/** @type {Error} */ error) => /DJDESK_UPDATE_KEY is no private key.*rsa/.test(error.message) && !error.message.includes('BEGIN'));
  assert.throws(() => privateKey(path.join(dir, 'missing.pem'), {}), /missing\.pem is no private key/);
});

test('a feed for each system, signed, with hashes, sizes and blockmaps', async (t) => {
  const dir = folder(t);
  const { known, private: own } = key(dir);
  const app = { id: 'org.example.shelf', version: '1.5.0', update: { keys: [known], channel: 'stable' } };
  const made = {
    'Shelf-1.5.0-linux-x86_64.AppImage': crypto.randomBytes(100000), 'Shelf-1.5.0-linux-x64.tar.gz': zlib.gzipSync(Buffer.alloc(50000)), 'Shelf-1.5.0-linux-amd64.deb': Buffer.from('deb'),
    'Shelf-1.5.0-mac-arm64.zip': Buffer.from('zip'), 'Shelf-1.5.0-mac-x64.zip': Buffer.from('zip x64'), 'Shelf-1.5.0-win-x64-setup.exe': Buffer.from('setup'),
    'Shelf-1.4.0-linux-x64.tar.gz': Buffer.from('older'),
  };
  for (const [name, bytes] of Object.entries(made)) fs.writeFileSync(path.join(dir, name), bytes);
  const written = await writeFeed({ app, folder: dir, key: own, rollout: 20, minimumFrom: '1.0', notes: { en: 'Faster.', de: 'Schneller.' } });
  assert.deepEqual(written.sort(), ['latest-linux.yml', 'latest-linux.yml.sig', 'latest-mac.yml', 'latest-mac.yml.sig', 'latest.yml', 'latest.yml.sig']);
  assert.equal(feedFile('stable', 'linux', 'x64'), 'latest-linux.yml');

  const opened = taken(dir, 'latest-linux.yml', [known]);
  assert.ok('release' in opened, JSON.stringify(opened));
  const { release } = opened;
  assert.deepEqual([release.version, release.rollout, release.minimumFrom, release.notes.de], ['1.5.0', 20, '1.0', 'Schneller.']);
  assert.deepEqual(release.files.map(({ kind, url }) => [kind, url]), [['AppImage', 'Shelf-1.5.0-linux-x86_64.AppImage'], ['deb', 'Shelf-1.5.0-linux-amd64.deb'], ['tar.gz', 'Shelf-1.5.0-linux-x64.tar.gz']]);
  for (const { url, size, sha512 } of release.files) {
    const bytes = fs.readFileSync(path.join(dir, url));
    assert.deepEqual([size, sha512], [bytes.length, crypto.createHash('sha512').update(bytes).digest('base64')]);
  }
  assert.equal(release.files[2].installedSize, 50000);
  const map = JSON.parse(zlib.gunzipSync(fs.readFileSync(path.join(dir, 'Shelf-1.5.0-linux-x86_64.AppImage.blockmap'))).toString());
  assert.equal(map.files[0].sizes.reduce((/** @type {number} */ sum, /** @type {number} */ size) => sum + size, 0), 100000);
  const mac = taken(dir, 'latest-mac.yml', [known]);
  assert.deepEqual('release' in mac && mac.release.files.map(({ arch }) => arch), ['x64', 'arm64']);
  assert.deepEqual(wrongArtefacts(dir, Object.keys(made).map((name) => ({ name, kind: '', least: 0, most: 1 }))), ['key.pem is not an artefact of this release']);

  // For another app the same bytes are invalid.
  assert.deepEqual(taken(dir, 'latest-linux.yml', [known], { product: 'org.example.ledger' }), { refused: { code: 'other_product', values: { product: 'org.example.shelf' } } });
});

test('a key that the app does not trust, and a folder without artefacts, are refused', async (t) => {
  const dir = folder(t);
  const { private: own } = key(dir);
  const app = { id: 'org.example.shelf', version: '1.5.0', update: { keys: ['x'] } };
  await assert.rejects(writeFeed({ app, folder: dir, key: own }), /does not trust this key/);
  await assert.rejects(writeFeed({ app, folder: dir, key: null }), /no artefact of version 1\.5\.0/);
  assert.throws(() => announceAgain({ app, folder: dir, key: null }), /no feed of org\.example\.shelf/);
});

test('without a key the feed is written, no app takes it, and no old signature stays beside it', async (t) => {
  const dir = folder(t);
  const { known, private: own } = key(dir);
  const app = { id: 'org.example.shelf', version: '1.5.0', update: { keys: [known] } };
  fs.writeFileSync(path.join(dir, 'Shelf-1.5.0-linux-amd64.deb'), 'deb');
  await writeFeed({ app, folder: dir, key: own, channel: 'beta' });
  assert.ok('release' in taken(dir, 'beta-linux.yml', [known], { channel: 'beta' }));
  assert.deepEqual(await writeFeed({ app, folder: dir, key: null, channel: 'beta' }), ['beta-linux.yml']);
  assert.deepEqual(taken(dir, 'beta-linux.yml', [known], { channel: 'beta' }), { refused: { code: 'unsigned' } });
});

test('a release is announced again: to more, and then to nobody', async (t) => {
  const dir = folder(t);
  const { known, private: own } = key(dir);
  const app = { id: 'org.example.shelf', version: '1.5.0', update: { keys: [known] } };
  fs.writeFileSync(path.join(dir, 'Shelf-1.5.0-linux-amd64.deb'), 'deb');
  fs.writeFileSync(path.join(dir, 'builder-debug.yml'), 'x64:\n  a: 1\n');
  await writeFeed({ app, folder: dir, key: own, rollout: 5, now: new Date('2026-10-01T00:00:00Z') });
  // This does not need the artefacts.
  fs.rmSync(path.join(dir, 'Shelf-1.5.0-linux-amd64.deb'));
  announceAgain({ app, folder: dir, key: own, hold: 'It loses tags.', now: new Date('2026-10-03T00:00:00Z') });
  const opened = taken(dir, 'latest-linux.yml', [known]);
  assert.ok('release' in opened);
  const { hold, rollout, released, issued, files } = opened.release;
  assert.deepEqual([hold, rollout, released, issued, files.length], ['It loses tags.', 5, '2026-10-01T00:00:00.000Z', '2026-10-03T00:00:00.000Z', 1]);
});

test('the feed of a release of all systems is made where their artefacts meet', async (t) => {
  const dir = folder(t);
  const artefacts = path.join(dir, 'artefacts');
  for (const [system, name] of [['linux-x64', 'Shelf-1.5.0-linux-amd64.deb'], ['mac-arm64', 'Shelf-1.5.0-mac-arm64.zip'], ['win-x64', 'Shelf-1.5.0-win-x64-portable.exe']]) {
    fs.mkdirSync(path.join(artefacts, system), { recursive: true });
    fs.writeFileSync(path.join(artefacts, system, name), name);
    fs.writeFileSync(path.join(artefacts, system, 'SHA256SUMS'), '');
  }
  const own = key(dir);
  const app = path.join(dir, 'shelf');
  fs.mkdirSync(app);
  fs.writeFileSync(path.join(app, 'pyproject.toml'), `[project]\nname = "shelf"\nversion = "1.5.0"\n[tool.djdesk]\nid = "org.example.shelf"\nsettings = "shelf.settings"\n[tool.djdesk.update]\nkeys = ["${own.known}"]\n`);
  const run = (/** @type {string} */ pem) => spawnSync(process.execPath, [inRoot('scripts/release/feed.js'), artefacts, app], { encoding: 'utf8', env: { ...process.env, PYTHON, DJDESK_UPDATE_KEY: pem } });
  assert.match(run('').stdout, /no feed is made/);
  assert.equal(fs.existsSync(path.join(artefacts, 'feed')), false);
  const { status, stderr } = run(fs.readFileSync(own.file, 'utf8'));
  assert.equal(status, 0, stderr);
  const feed = path.join(artefacts, 'feed');
  assert.deepEqual(fs.readdirSync(feed).sort(), ['Shelf-1.5.0-win-x64-portable.exe.blockmap', 'latest-linux.yml', 'latest-linux.yml.sig', 'latest-mac.yml', 'latest-mac.yml.sig', 'latest.yml', 'latest.yml.sig']);
  for (const name of ['latest-linux.yml', 'latest-mac.yml', 'latest.yml']) assert.ok('release' in taken(feed, name, [own.known]), name);
  assert.ok(fs.existsSync(path.join(artefacts, 'linux-x64', 'Shelf-1.5.0-linux-amd64.deb')));
});

test('notes are what the changelog says of the version', () => {
  const text = '# Changelog\n\n## Unreleased\n\n- u\n\n## [1.10.0] - 2026\n\n- ten\n\n## 1.1.0\n\n### Added\n\n- one\n\n## 1.0\n';
  assert.equal(notesOf(text, '1.1.0'), '### Added\n\n- one');
  assert.equal(notesOf(text, '1.10.0'), '- ten');
  assert.equal(notesOf(text, '1.1'), '');
  assert.equal(notesOf('', '1.0'), '');
});

test('the commands say what they did and what they need', (t) => {
  const dir = folder(t);
  const plan = path.join(dir, 'plan.json');
  const own = key(dir);
  fs.writeFileSync(path.join(dir, 'app.json'), JSON.stringify({ name: 'Shelf', slug: 'shelf', id: 'org.example.shelf', version: '1.5.0', update: { keys: [own.known], channel: 'stable' } }));
  fs.writeFileSync(plan, JSON.stringify({ root: dir, app: path.join(dir, 'app.json'), modules: inRoot(), dist: dir }));
  fs.writeFileSync(path.join(dir, 'Shelf-1.5.0-linux-amd64.deb'), 'deb');
  fs.writeFileSync(path.join(dir, 'CHANGELOG.md'), '## 1.5.0\n\n- Faster.\n');
  const { DJDESK_UPDATE_KEY: _, ...env } = process.env;
  const run = (/** @type {string[]} */ ...words) => spawnSync(process.execPath, [inRoot('src/djdesk/tools/node/release-feed.js'), ...words], { encoding: 'utf8', env: { ...env, DJDESK_PLAN: plan } });
  assert.match(run('key', path.join(dir, 'second.pem')).stdout, /keep it secret[^]*keys = \["[A-Za-z0-9+/]{43}="\]/);
  assert.match(run('feed').stdout, /not signed[^]*--key FILE or in DJDESK_UPDATE_KEY/);
  const signed = run('feed', `--key=${own.file}`, '--rollout=10');
  assert.equal(signed.status, 0, signed.stderr);
  assert.match(signed.stdout, /latest-linux\.yml\.sig/);
  const opened = taken(dir, 'latest-linux.yml', [own.known]);
  assert.deepEqual('release' in opened && [opened.release.notes.en, opened.release.rollout], ['- Faster.', 10]);
  assert.match(run('feed', `--key=${path.join(dir, 'second.pem')}`).stderr, /does not trust this key/);
  assert.match(run('announce', `--key=${own.file}`, '--rollout=200').stderr, /--rollout cannot be 200/);
});
