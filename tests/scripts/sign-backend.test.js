/** A signed app does not report itself as damaged: the manifest describes the signed files. */
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';

import { checkInstallation } from '../../electron/backend/installation.js';
import { machOFiles } from '../../src/djdesk/tools/node/package/mac-binaries.js';
import { appleSign, beforePack, describeBackend, signBackend, windowsFiles } from '../../src/djdesk/tools/node/package/sign-backend.js';

const MACH_O = Buffer.from('cffaedfe00000000', 'hex');

/**
 * A staged backend for both systems, and the app beside it.
 * @param {import('node:test').TestContext} t
 */
function staged(t) {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'sign é '));
  t.after(() => fs.rmSync(dir, { recursive: true }));
  const backend = path.join(dir, 'backend');
  const app = path.join(dir, 'app');
  fs.mkdirSync(app);
  /** @type {Record<string, [number, string]>} */
  const files = {};
  const contents = {
    'python/bin/python3': MACH_O, 'python/lib/x.cpython-313-darwin.so': Buffer.concat([MACH_O, Buffer.from('x')]),
    'python/python.exe': Buffer.from('MZ'), 'python/DLLs/_ctypes.pyd': Buffer.from('MZ 2'), 'app/djdesk/__init__.py': Buffer.from('"é"\n'),
  };
  for (const [name, content] of Object.entries(contents)) {
    fs.mkdirSync(path.dirname(path.join(backend, name)), { recursive: true });
    fs.writeFileSync(path.join(backend, name), content);
    files[name] = [content.length, crypto.createHash('sha256').update(content).digest('hex')];
  }
  fs.writeFileSync(path.join(backend, 'manifest.json'), JSON.stringify({ format: 1, version: '1.0é', files }));
  fs.writeFileSync(path.join(app, 'backend.json'), JSON.stringify(describeBackend(backend)));
  const expected = () => JSON.parse(fs.readFileSync(path.join(app, 'backend.json'), 'utf8'));
  return { dir, backend, app, damage: () => checkInstallation(dir, expected()) };
}

/** The effect of every signature: the file gets longer. @param {string} file */
const longer = async (file) => {
  fs.appendFileSync(file, Buffer.alloc(9000));
  return true;
};

test('signed afterwards, as it was, the app would call itself damaged', async (t) => {
  const { backend, damage } = staged(t);
  assert.deepEqual(await damage(), []);
  await longer(path.join(backend, 'python', 'python.exe'));
  assert.deepEqual(await damage(), ['python/python.exe has a different size']);
});

test('signed before, it does not; what nobody signed stays as it is', async (t) => {
  const { backend, app, damage } = staged(t);
  const before = fs.readFileSync(path.join(backend, 'manifest.json'));
  assert.equal(await signBackend({ backend, app, files: windowsFiles(backend), sign: async () => false }), 0);
  assert.deepEqual(fs.readFileSync(path.join(backend, 'manifest.json')), before);
  assert.equal(await signBackend({ backend, app, files: windowsFiles(backend), sign: longer }), 2);
  assert.equal(await signBackend({ backend, app, files: machOFiles(backend), sign: longer }), 2);
  assert.deepEqual(await damage(), []);
  const { version, files } = JSON.parse(fs.readFileSync(path.join(backend, 'manifest.json'), 'utf8'));
  const content = fs.readFileSync(path.join(backend, 'python', 'bin', 'python3'));
  assert.deepEqual(files['python/bin/python3'], [content.length, crypto.createHash('sha256').update(content).digest('hex')]);
  assert.equal(version, '1.0é');
});

test('a file that cannot be signed stops the build', async (t) => {
  const { backend, app } = staged(t);
  await assert.rejects(signBackend({ backend, app, files: windowsFiles(backend), sign: async () => { throw new Error('no certificate'); } }), /no certificate/);
});

test("Windows: electron-builder's own signing does it once, and copies what is signed", async (t) => {
  const { dir, backend, app, damage } = staged(t);
  /** @type {any} */
  const packager = { signIf: longer, createTransformerForExtraFiles: () => longer };
  await beforePack({ backend, app, cache: path.join(dir, 'signed') })({ packager, electronPlatformName: 'win32' });
  assert.deepEqual(await damage(), []);
  assert.equal(packager.createTransformerForExtraFiles(), null);
});

test('macOS: the words for codesign; the same file is not signed twice', async (t) => {
  const { dir, backend, app, damage } = staged(t);
  const entitlements = path.join(dir, 'entitlements.plist');
  fs.writeFileSync(entitlements, '<plist/>');
  /** @type {string[][]} */
  const called = [];
  const codesign = async (/** @type {string[]} */ words) => {
    called.push(words);
    await longer(String(words.at(-1)));
  };
  const sign = appleSign({ identity: 'Developer ID Application: Ada (X)', entitlements, keychain: '/k', cache: path.join(dir, 'cache'), codesign });
  assert.equal(await signBackend({ backend, app, files: machOFiles(backend), sign }), 2);
  assert.deepEqual(called[0].slice(0, 9), ['--force', '--sign', 'Developer ID Application: Ada (X)', '--options', 'runtime', '--entitlements', entitlements, '--timestamp', '--keychain']);
  assert.deepEqual(await damage(), []);

  const again = staged(t);
  assert.equal(await signBackend({ backend: again.backend, app: again.app, files: machOFiles(again.backend), sign }), 2);
  assert.equal(called.length, 2, 'taken from the cache');
  assert.deepEqual(await again.damage(), []);
  const nobody = appleSign({ identity: '-', entitlements, keychain: null, cache: path.join(dir, 'cache'), codesign });
  await nobody(path.join(again.backend, 'python', 'bin', 'python3'));
  assert.ok(called[2].includes('--timestamp=none') && !called[2].includes('--keychain'));
});
