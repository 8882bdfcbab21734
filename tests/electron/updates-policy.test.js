/** Which announcements of a new version are accepted. Refusals first. */
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import test from 'node:test';

import { verifyEd25519 } from '../../electron/backend/signatures.js';
import { isFeed, mayUseNetwork, readAdministrator, updateSettings } from '../../electron/policy/update-settings.js';
import { feedFile, judge, nextCheck, openFeed, roomNeeded, share, signedBytes } from '../../electron/policy/updates.js';
import { compareVersions, isVersion } from '../../electron/policy/versions.js';

const PRODUCT = 'org.example.bookshelf';

function keyPair() {
  const { privateKey, publicKey } = crypto.generateKeyPairSync('ed25519');
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  return { privateKey, key: raw.toString('base64') };
}

const current = keyPair();
const next = keyPair();
const stranger = keyPair();

const told = {
  version: '1.5.0', product: PRODUCT, channel: 'stable', released: '2026-10-01T12:00:00Z', issued: '2026-10-01T12:00:00Z', expires: '2027-10-01T12:00:00Z',
  minimumFrom: '', migrates: true, rollout: 100, hold: '', notes: { en: 'Better.' },
  files: [{ url: 'Bookshelf-1.5.0-linux-x86_64.AppImage', kind: 'AppImage', arch: 'x64', size: 80e6, installedSize: 200e6, sha512: Buffer.alloc(64, 7).toString('base64') }],
};

/**
 * @param {object} [change]
 * @param {{by?: ReturnType<typeof keyPair>, product?: string, channel?: string}} [how]
 */
function feed(change = {}, { by = current, product = PRODUCT, channel = 'stable' } = {}) {
  const bytes = Buffer.from(JSON.stringify({ ...told, ...change }));
  const sig = crypto.sign(null, signedBytes(product, channel, bytes), by.privateKey).toString('base64');
  return { bytes, signature: JSON.stringify({ v: 1, key: by.key, sig }) };
}

/** @param {{bytes: Uint8Array, signature: string | null}} one @param {string[]} [keys] */
const open = (one, keys = [current.key]) => openFeed({ ...one, product: PRODUCT, channel: 'stable', keys, verify: verifyEd25519 });
/** @param {ReturnType<typeof openFeed>} opened */
const code = (opened) => ('refused' in opened ? opened.refused.code : 'taken');

test('without a key nothing is taken', () => {
  assert.equal(code(open(feed(), [])), 'no_key');
});

test('a signature that is missing, torn, of a stranger or of other bytes is refused', () => {
  const good = feed();
  assert.equal(code(open({ ...good, signature: null })), 'unsigned');
  for (const torn of ['', 'null', '[]', '{"v":1}', good.signature.slice(0, -20), good.signature.replace('"v":1', '"v":2'), JSON.stringify({ v: 1, key: current.key, sig: 'AAAA' })]) {
    assert.equal(code(open({ ...good, signature: torn })), 'bad_signature', torn);
  }
  assert.equal(code(open(feed({}, { by: stranger }))), 'unknown_key');
  // Claims to be signed by a trusted key, but is not.
  const { sig } = JSON.parse(feed({}, { by: stranger }).signature);
  assert.equal(code(open({ ...good, signature: JSON.stringify({ v: 1, key: current.key, sig }) })), 'bad_signature');
  // The previous release's signature beside this one's metadata.
  assert.equal(code(open({ bytes: feed({ version: '1.6.0' }).bytes, signature: good.signature })), 'bad_signature');
  assert.equal(code(open({ ...good, bytes: Buffer.concat([good.bytes, Buffer.from(' ')]) })), 'bad_signature');
});

test('what the publisher signed for another app or channel is refused by name', () => {
  const other = open(feed({ product: 'org.example.ledger' }, { product: 'org.example.ledger' }));
  assert.deepEqual(other, { refused: { code: 'other_product', values: { product: 'org.example.ledger' } } });
  assert.deepEqual(open(feed({ channel: 'beta' }, { channel: 'beta' })), { refused: { code: 'other_channel', values: { channel: 'beta' } } });
  // Signed for us, but about another product.
  assert.equal(code(open(feed({ product: 'org.example.ledger' }))), 'other_product');
  assert.equal(code(open(feed({ channel: 'beta' }))), 'other_channel');
});

test('what is signed but cannot be understood is refused', () => {
  const file = told.files[0];
  for (const change of [
    { version: 'latest' }, { issued: 'yesterday' }, { rollout: 101 }, { rollout: '5' }, { hold: 5 }, { notes: { en: 5 } }, { notes: 'Better' }, { minimumFrom: 'x' }, { files: {} },
    { files: [{ ...file, url: '../up' }] }, { files: [{ ...file, url: 'https://elsewhere.example/a' }] }, { files: [{ ...file, url: 'a/b' }] }, { files: [{ ...file, sha512: 'short' }] },
    { files: [{ ...file, size: -1 }] }, { files: [{ ...file, kind: 'msi' }] },
  ]) assert.equal(code(open(feed(change))), 'unreadable', JSON.stringify(change));
  const bytes = Buffer.from('version: 1.5.0\n');
  const sig = crypto.sign(null, signedBytes(PRODUCT, 'stable', bytes), current.privateKey).toString('base64');
  assert.equal(code(open({ bytes, signature: JSON.stringify({ v: 1, key: current.key, sig }) })), 'unreadable');
});

test('the next key is taken beside the current one, and the old one no more when it is off the list', () => {
  assert.equal(code(open(feed({}, { by: next }), [current.key, next.key])), 'taken');
  assert.equal(code(open(feed(), [current.key, next.key])), 'taken');
  assert.equal(code(open(feed(), [next.key])), 'unknown_key');
});

const table = { feed: 'https://example.org/feed', keys: [current.key], channel: 'stable', channels: ['beta'] };
const choices = { automatic: /** @type {boolean | null} */ (true), download: true, channel: '', paused: false };
const nobody = readAdministrator(null);

/** @param {Partial<Parameters<typeof judge>[0]> & {change?: object}} [facts] */
const decide = ({ change = {}, ...facts } = {}) => judge({
  release: /** @type {any} */ ({ ...told, ...change }), version: '1.4.0', installation: { platform: 'linux', kind: 'AppImage', arch: 'x64' }, seen: null,
  failed: [], skipped: '', asked: false, installId: 'a', now: Date.parse('2026-11-01T00:00:00Z'), ...facts,
});
/** @param {ReturnType<typeof judge>} decision */
const why = ({ action, reason }) => `${action} ${reason ? reason.code : ''}`.trim();

test('an announcement older than one that was seen is a replay, of the same version too', () => {
  assert.equal(why(decide({ seen: { version: '1.6.0', issued: '2026-09-01T00:00:00Z' } })), 'refuse replayed');
  assert.equal(why(decide({ seen: { version: '1.5.0', issued: '2026-10-02T00:00:00Z' } })), 'refuse replayed');
  assert.deepEqual(decide({ seen: { version: '1.6.0', issued: 'x' } }).seen, { version: '1.6.0', issued: 'x' });
  assert.equal(why(decide({ seen: { version: '1.5.0', issued: told.issued } })), 'offer');
  assert.deepEqual(decide({ seen: { version: '1.4.0', issued: 'x' } }).seen, { version: '1.5.0', issued: told.issued });
});

test('nothing that is not above the running version is offered', () => {
  for (const version of ['1.5.0', '1.5', '1.6.0rc1', '2!0.1']) assert.equal(why(decide({ version, asked: true })), 'none up_to_date', version);
});

test('a hold, a version that failed, a gap and a missing file stop it, also when the user asks', () => {
  const asked = { asked: true };
  assert.equal(why(decide({ ...asked, change: { hold: 'It loses tags.' } })), 'none held');
  assert.equal(why(decide({ ...asked, failed: ['1.5.0'] })), 'none failed_before');
  assert.equal(why(decide({ ...asked, failed: ['1.5.1'] })), 'none failed_before');
  assert.equal(why(decide({ ...asked, failed: ['1.4.9'] })), 'offer');
  assert.equal(why(decide({ ...asked, change: { minimumFrom: '1.4.1' } })), 'refuse too_old');
  assert.equal(why(decide({ ...asked, installation: { platform: 'linux', kind: 'deb', arch: 'x64' } })), 'refuse not_listed');
  assert.equal(why(decide({ ...asked, installation: { platform: 'linux', kind: 'AppImage', arch: 'arm64' } })), 'refuse not_listed');
});

test('an administrator pins a version: a later one is offered to nobody, and an older announcement of a mirror is no replay', () => {
  assert.equal(why(decide({ pinned: '1.4.9', asked: true })), 'none pinned');
  for (const pinned of ['1.5', '1.5.0', '2']) assert.equal(why(decide({ pinned })), 'offer', pinned);
  const seen = { version: '1.4.0', issued: 'x' };
  assert.deepEqual(decide({ pinned: '1.4.9', seen }).seen, seen);
  assert.equal(updateSettings({ table, file: readAdministrator('{"version": "1.4.9"}'), choices }).pinned, '1.4.9');
});

test('what was skipped, and what is rolled out to others, is shown to who asks', () => {
  assert.equal(why(decide({ skipped: '1.5.0' })), 'none skipped');
  assert.equal(why(decide({ skipped: '1.5.0', asked: true })), 'offer');
  assert.equal(why(decide({ change: { rollout: 0 } })), 'none rollout');
  assert.equal(why(decide({ change: { rollout: 0 }, asked: true })), 'offer');
  const got = Array.from({ length: 2000 }, (_, i) => i).filter((i) => share(`install-${i}`, '1.5.0') < 10).length;
  assert.ok(got > 140 && got < 260, `${got} of 2000 are in the first 10 %`);
  assert.equal(share('x', '1.5.0'), share('x', '1.5.0'));
});

test('an announcement that has expired warns, and locks nobody out', () => {
  const late = decide({ now: Date.parse('2027-10-02T00:00:00Z') });
  assert.equal(late.action, 'offer');
  assert.deepEqual(late.warnings, [{ code: 'expired', values: { date: '2027-10-01' } }]);
  assert.deepEqual(decide({ change: { expires: '' }, now: 4e12 }).warnings, []);
});

test('versions are in the order of Python and of npm', () => {
  const order = ['0.9', '1.0.dev1', '1.0a1', '1.0.0-beta.2', '1.0b10', '1.0rc1', '1.0', '1.0.post1', '1.0.1', '1.10', '2', '1!0.1'];
  for (const [i, one] of order.entries()) {
    for (const [j, other] of order.entries()) assert.equal(Math.sign(compareVersions(one, other)), Math.sign(i - j), `${one} ${other}`);
  }
  assert.equal(compareVersions('1.0', '1.0.0'), 0);
  for (const wrong of ['', 'latest', '1.0-', '1..0', '1.0-nightly.1', '1.0\n', '../1']) assert.equal(isVersion(wrong), false, wrong);
});

test('files of channels have the names that electron-updater looks for', () => {
  assert.deepEqual([['stable', 'linux', 'x64'], ['beta', 'linux', 'arm64'], ['stable', 'darwin', 'arm64'], ['beta', 'win32', 'x64']]
    .map(([channel, platform, arch]) => feedFile(channel, platform, arch)), ['latest-linux.yml', 'beta-linux-arm64.yml', 'latest-mac.yml', 'beta.yml']);
});

test('room for the download, for what is unpacked, for a backup and a rehearsal', () => {
  assert.equal(roomNeeded({ size: 80e6, installedSize: 200e6 }, 50e6), 580e6);
});

test('once a day, and once more an hour after a failure', () => {
  assert.equal(nextCheck({ checked: 0, failures: 0 }), 0);
  assert.equal(nextCheck({ checked: 1000, failures: 0 }), 1000 + 86400000);
  assert.equal(nextCheck({ checked: 1000, failures: 1 }), 1000 + 3600000);
  assert.equal(nextCheck({ checked: 1000, failures: 2 }), 1000 + 86400000);
});


test('updates are off, with a cause, where they are not set up', () => {
  const off = (/** @type {object} */ given, file = nobody) => updateSettings({ table: /** @type {any} */ (given), file, choices }).off;
  assert.equal(off({}), 'not_set_up');
  assert.equal(off({ ...table, keys: [] }), 'no_key');
  assert.equal(off({ keys: table.keys }), 'no_feed');
  assert.equal(off(table, readAdministrator('{"updates": "off"}')), 'administrator_off');
  for (const wrong of ['', '[]', '{"update": "off"}', '{"updates": true}', '{"feed": "http://example.org"}', '{"channel": "../x"}', '{"version": "latest"}']) {
    assert.equal(off(table, readAdministrator(wrong)), 'administrator_unreadable', wrong);
  }
  assert.equal(off(table), '');
});

test('the user is asked once, an administrator asks nobody', () => {
  const settle = (/** @type {object} */ change, file = nobody) => updateSettings({ table, file, choices: { ...choices, ...change } });
  assert.deepEqual([settle({ automatic: null }).ask, settle({ automatic: null }).automatic], [true, false]);
  assert.deepEqual([settle({ automatic: false }).ask, settle({ automatic: false }).automatic], [false, false]);
  assert.equal(settle({ paused: true }).automatic, false);
  const managed = settle({ automatic: null, channel: 'beta' }, readAdministrator('{"updates": "automatic", "channel": "lts", "feed": "/mnt/updates"}'));
  assert.deepEqual([managed.ask, managed.automatic, managed.channel, managed.channels, managed.feed], [false, true, 'lts', ['lts'], '/mnt/updates']);
  assert.deepEqual(managed.managed, ['updates', 'channel', 'feed']);
  assert.equal(settle({}, readAdministrator('{"updates": "manual"}')).automatic, false);
  assert.equal(settle({ channel: 'beta' }).channel, 'beta');
  assert.equal(settle({ channel: 'nightly' }).channel, 'stable');
});

test('feeds are https, this computer or a folder', () => {
  for (const good of ['https://example.org/x', 'http://127.0.0.1:8000/', 'http://localhost/', '/media/stick', 'D:\\updates', '\\\\server\\share']) assert.ok(isFeed(good), good);
  for (const wrong of ['', 'http://example.org', 'http://127.0.0.1.example.org/', 'ftp://x', 'file:///x', 'stick', 'https:///x']) assert.ok(!isFeed(wrong), wrong);
});

test('offline nothing is tried unasked, and a metered network carries the news only', () => {
  const facts = { asked: false, folder: false, online: true, metered: false, download: true };
  assert.ok(mayUseNetwork(facts));
  assert.ok(!mayUseNetwork({ ...facts, online: false }));
  assert.ok(!mayUseNetwork({ ...facts, metered: true }));
  assert.ok(mayUseNetwork({ ...facts, metered: true, download: false }));
  assert.ok(mayUseNetwork({ ...facts, metered: true, asked: true }));
  assert.ok(mayUseNetwork({ ...facts, online: false, folder: true }));
});
