import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';

import { checkInstallation, expectedBackend, installationFailure } from '../../electron/backend/installation.js';
import { portableDataDir } from '../../electron/backend/portable.js';
import { temporary } from './fixtures/harness.js';

/** @param {import('node:test').TestContext} t */
function installed(t) {
  const resources = temporary(t);
  const backend = path.join(resources, 'backend');
  fs.mkdirSync(path.join(backend, 'app'), { recursive: true });
  const texts = { 'app/a.py': 'a = 1\n', 'app/b é.py': 'b = 2\n', 'c.txt': '' };
  for (const [name, text] of Object.entries(texts)) fs.writeFileSync(path.join(backend, name), text);
  const files = Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, [Buffer.byteLength(text), 'unused']]));
  const manifest = JSON.stringify({ files });
  fs.writeFileSync(path.join(backend, 'manifest.json'), manifest);
  const expected = { manifest: crypto.createHash('sha256').update(manifest).digest('hex'), files: 3, bytes: 12 };
  return { resources, backend, expected };
}

test('a whole installation has nothing wrong', async (t) => {
  const { resources, expected } = installed(t);
  assert.deepEqual(await checkInstallation(resources, expected), []);
});

test('a file that is gone or cut short is named', async (t) => {
  const { resources, backend, expected } = installed(t);
  fs.rmSync(path.join(backend, 'c.txt'));
  fs.writeFileSync(path.join(backend, 'app', 'a.py'), '');
  const wrong = await checkInstallation(resources, expected);
  assert.deepEqual(wrong, ['app/a.py has a different size', 'c.txt is missing']);
  const failure = installationFailure(wrong);
  assert.match(String(failure.reason), /a\.py has a different size, and 1 more/);
  assert.match(String(failure.hint), /Install the app again/);
});

test('a manifest of another build, or none, is refused', async (t) => {
  const { resources, backend, expected } = installed(t);
  assert.match((await checkInstallation(resources, { ...expected, manifest: 'ab' }))[0], /not the one/);
  fs.rmSync(path.join(backend, 'manifest.json'));
  assert.match((await checkInstallation(resources, expected))[0], /cannot be read/);
});

test('a checkout expects nothing', (t) => assert.equal(expectedBackend(temporary(t)), null));

test('portable: only with the marker, and beside what the user sees as the app', () => {
  const having = (/** @type {string[]} */ ...files) => (/** @type {string} */ file) => files.includes(file);
  const linux = { name: 'DJDesk', env: {}, execPath: '/media/stick/DJDesk/djdesk-app', platform: /** @type {const} */ ('linux') };
  assert.equal(portableDataDir({ ...linux, exists: having() }), null);
  assert.equal(portableDataDir({ ...linux, exists: having('/media/stick/DJDesk/portable') }), '/media/stick/DJDesk/DJDesk Data');

  const image = { ...linux, execPath: '/tmp/.mount_x/djdesk-app', env: { APPIMAGE: '/media/é/DJDesk.AppImage', APPDIR: '/tmp/.mount_x' } };
  assert.equal(portableDataDir({ ...image, exists: having('/media/é/portable') }), '/media/é/DJDesk Data');
  assert.equal(portableDataDir({ ...image, execPath: '/opt/DJDesk/djdesk-app', exists: having('/media/é/portable') }), null, 'started from within another AppImage');

  const mac = { name: 'DJDesk', env: {}, execPath: '/Volumes/S/DJDesk.app/Contents/MacOS/DJDesk', platform: /** @type {const} */ ('darwin') };
  assert.equal(portableDataDir({ ...mac, exists: having('/Volumes/S/portable') }), '/Volumes/S/DJDesk Data');

  const windows = { name: 'DJDesk', env: { PORTABLE_EXECUTABLE_DIR: 'E:\\Apps' }, execPath: 'C:\\Temp\\x\\DJDesk.exe', platform: /** @type {const} */ ('win32') };
  assert.equal(portableDataDir({ ...windows, exists: having() }), 'E:\\Apps\\DJDesk Data');
  assert.equal(portableDataDir({ ...windows, exists: having('C:\\Temp\\x\\Uninstall DJDesk.exe') }), null, 'an installed app that the portable one started');
  const installed = { ...windows, env: {}, execPath: 'C:\\Programs\\DJDesk\\DJDesk.exe' };
  const marker = 'C:\\Programs\\DJDesk\\portable';
  assert.equal(portableDataDir({ ...installed, exists: having(marker) }), 'C:\\Programs\\DJDesk\\DJDesk Data', 'unpacked by hand');
  assert.equal(portableDataDir({ ...installed, exists: having(marker, 'C:\\Programs\\DJDesk\\Uninstall DJDesk.exe') }), null, 'the installer removes the folder at every update');
});
