/** The checks of a release; refusals first. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';

import { artefactEndings, checksums, expectedArtefacts, wrongArtefacts, wrongChecksums } from '../../src/djdesk/tools/node/release/artefacts.js';
import { devTools } from '../../scripts/release/drive.js';
import { INSTALLERS } from '../../scripts/release/installers.js';
import { inRoot } from '../../scripts/setup/paths.js';

/** @param {import('node:test').TestContext} t */
function folder(t) {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'djdesk-release-'));
  t.after(() => fs.rmSync(dir, { recursive: true }));
  return dir;
}

test('a missing, a tiny and a strange artefact are named', (t) => {
  const dir = folder(t);
  const expected = expectedArtefacts({ name: 'Bücher & Regale', slug: 'buecher', version: '1.2.3' }, 'linux', 'x64').map((artefact) => ({ ...artefact, least: 0.001, most: 0.002 }));
  const [image, deb, tar] = expected.map(({ name }) => name);
  fs.writeFileSync(path.join(dir, image), Buffer.alloc(1500));
  fs.writeFileSync(path.join(dir, deb), '');
  fs.writeFileSync(path.join(dir, 'Bucher-Regale-1.2.2-linux-x64.tar.gz'), Buffer.alloc(1500));
  fs.writeFileSync(path.join(dir, 'builder-debug.yml'), '');
  fs.mkdirSync(path.join(dir, 'linux-unpacked'));
  const wrong = wrongArtefacts(dir, expected);
  assert.equal(wrong.length, 3, wrong.join('\n'));
  assert.match(wrong[0], new RegExp(`${deb} has 0 MB`));
  assert.match(wrong[1], new RegExp(`${tar} is missing`));
  assert.match(wrong[2], /1\.2\.2.* is not an artefact/);
});

test('checksums: what was changed, is missing or was made up', (t) => {
  const dir = folder(t);
  fs.writeFileSync(path.join(dir, 'a'), 'a');
  fs.writeFileSync(path.join(dir, 'b'), 'b');
  const sums = checksums(dir, ['b', 'a']);
  assert.match(sums, /^ca978112[0-9a-f]{56} {2}a\n3e23e816[0-9a-f]{56} {2}b\n$/);
  assert.deepEqual(wrongChecksums(dir, sums), []);
  fs.writeFileSync(path.join(dir, 'a'), 'A');
  fs.rmSync(path.join(dir, 'b'));
  assert.deepEqual(wrongChecksums(dir, sums), ['a is not what its checksum says', 'b is missing']);
  assert.match(wrongChecksums(dir, `${'0'.repeat(64)}  ../../etc/passwd\n`)[0], /no checksum/);
  assert.match(wrongChecksums(dir, '')[0], /no checksums/);
});

test('every artefact of every system can be installed', () => {
  for (const [platform, arch] of /** @type {[NodeJS.Platform, string][]} */ ([['linux', 'x64'], ['darwin', 'arm64'], ['win32', 'x64']])) {
    const artefacts = artefactEndings(platform, arch);
    assert.ok(artefacts.length >= 2);
    for (const [kind] of artefacts) assert.equal(typeof INSTALLERS[kind], 'function', kind);
  }
  assert.deepEqual(artefactEndings('aix', 'x64'), []);
});

test('the checksums of all systems are joined; what is missing, changed or of another version is named', (t) => {
  const dir = folder(t);
  const app = { name: 'Bücher & Regale', slug: 'buecher', version: '1.2.3' };
  const systems = /** @type {[string, NodeJS.Platform, string][]} */ ([['linux', 'linux', 'x64'], ['mac-arm', 'darwin', 'arm64'], ['mac-x64', 'darwin', 'x64'], ['win', 'win32', 'x64']]);
  const fill = (/** @type {string} */ name, /** @type {NodeJS.Platform} */ platform, /** @type {string} */ arch, version = '1.2.3') => {
    const place = path.join(dir, name);
    fs.rmSync(place, { recursive: true, force: true });
    fs.mkdirSync(place);
    const names = expectedArtefacts({ ...app, version }, platform, arch).map((one) => one.name);
    for (const file of names) fs.writeFileSync(path.join(place, file), file);
    fs.writeFileSync(path.join(place, 'SHA256SUMS'), checksums(place, names));
  };
  const join = () => spawnSync(process.execPath, [inRoot('scripts', 'release', 'sums.js'), dir], { encoding: 'utf8' });
  for (const [name, platform, arch] of systems) fill(name, platform, arch);
  const good = join();
  assert.equal(good.status, 0, good.stderr);
  assert.equal(fs.readFileSync(path.join(dir, 'SHA256SUMS'), 'utf8').trim().split('\n').length, 9);
  fs.rmSync(path.join(dir, 'SHA256SUMS'));
  fill('win', 'win32', 'x64', '1.2.2');
  assert.match(join().stderr, /not of one version: .*1\.2\.2/);
  fs.rmSync(path.join(dir, 'win'), { recursive: true });
  fs.writeFileSync(path.join(dir, 'linux', 'Bucher-Regale-1.2.3-linux-x64.tar.gz'), 'changed');
  const bad = join();
  assert.equal(bad.status, 1);
  assert.match(bad.stderr, /win-x64-setup\.exe is missing/);
  assert.match(bad.stderr, /linux-x64\.tar\.gz is not what its checksum says/);
});

test('the workflow: actions by commit, few rights, every step a script that is there', () => {
  const text = fs.readFileSync(inRoot('.github', 'workflows', 'release.yml'), 'utf8');
  const used = [...text.matchAll(/uses: (\S+)/g)].map(([, action]) => action);
  assert.ok(used.length > 5);
  for (const action of used) assert.match(action, /@[0-9a-f]{40}$/, action);
  assert.match(text, /^permissions:\n {2}contents: read$/m);
  assert.equal([...text.matchAll(/contents: write/g)].length, 1);
  for (const [, script] of text.matchAll(/[ ]((?:src|scripts|inspector)\/[\w/.-]+\.(?:js|py|sh))(?![\w])/g)) {
    // Developers of their own apps may delete the inspector.
    if (fs.existsSync(inRoot('inspector')) || !script.startsWith('inspector/')) assert.ok(fs.existsSync(inRoot(script)), script);
  }
});

test('the window of a program that hands no output on is found by the file that Chromium writes', async (t) => {
  const dir = folder(t);
  const begun = Date.now();
  await assert.rejects(devTools([dir, path.join(dir, 'none')], begun, 150), /no DevToolsActivePort/);
  const browser = path.join(dir, 'Bücher Data', 'browser');
  fs.mkdirSync(browser, { recursive: true });
  const file = path.join(browser, 'DevToolsActivePort');
  fs.writeFileSync(file, '4711\n/devtools/browser/abc');
  assert.equal(await devTools([dir], begun, 5000), 'ws://127.0.0.1:4711/devtools/browser/abc');
  assert.equal(await devTools([], begun, 5000, () => 'DevTools listening on ws://127.0.0.1:1/x\n'), 'ws://127.0.0.1:1/x');
  fs.utimesSync(file, new Date(begun - 60000), new Date(begun - 60000));
  await assert.rejects(devTools([dir], Date.now(), 150), /no DevToolsActivePort/, 'of an earlier start');
});

test('a certificate for trying out can sign code, and is opened by its password only', { skip: process.platform === 'win32' && 'bash may be missing' }, (t) => {
  const file = path.join(folder(t), 'self signed.p12');
  const made = spawnSync('bash', [inRoot('scripts', 'release', 'self-signed.sh'), file, 'secret'], { encoding: 'utf8' });
  assert.equal(made.status, 0, made.stderr);
  const read = (/** @type {string} */ password) => spawnSync('bash', ['-o', 'pipefail', '-c', 'openssl pkcs12 -in "$1" -passin "pass:$2" -clcerts -nokeys | openssl x509 -noout -text', 'read', file, password], { encoding: 'utf8' });
  assert.match(read('secret').stdout, /Code Signing/);
  assert.notEqual(read('wrong').status, 0);
});
