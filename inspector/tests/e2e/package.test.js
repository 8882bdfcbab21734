/** The packaged app instead of the checkout: built here, unpacked elsewhere, started like a user does. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test, { after, before } from 'node:test';

import { electronForPackaging } from '../../../src/djdesk/tools/node/package/electron.js';
import { readFuses } from '../../../src/djdesk/tools/node/package/fuses.js';
import { bareEnvironment, drive, virtualDisplay } from '../../../scripts/release/drive.js';
import { inRoot, ROOT } from '../../../scripts/setup/paths.js';
import { alive, until } from '../../../tests/electron/fixtures/harness.js';
import { commandLine, descendants } from '../../../tests/electron/fixtures/processes.js';
import { asOtherUser, chromiumFlags, onPath, otherUser, root } from '../../../tests/e2e/support/other-user.js';
import { makeProject } from './support/project.js';

/** What is missing on this machine to build and start a package, with a way to get it. */
function missing() {
  if (process.platform !== 'linux') return 'packages of this system are tried by the release workflow';
  if (!onPath('Xvfb')) return 'no display; needs-package: xvfb';
  const { ELECTRON_OVERRIDE_DIST_PATH: dist, DJDESK_TEST_PACKAGE: asked, APPIMAGE_TOOLS_PATH: tools, DJDESK_PYTHON_ARCHIVE: python } = process.env;
  if (!asked && !(dist && tools && python)) {
    return 'nothing is downloaded for a test: set ELECTRON_OVERRIDE_DIST_PATH, DJDESK_PYTHON_ARCHIVE and electron-builder\'s overrides (docs/packaging.md), or DJDESK_TEST_PACKAGE=1 to let the tools download';
  }
  return '';
}
const skip = missing() || false;

const electron = skip ? null : electronForPackaging({ modules: ROOT });
const flags = skip ? [] : chromiumFlags();

/** All files of this test, below a path with a space and an accent. */
const place = skip ? '' : path.join(fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'djdesk-package-'))), 'pack age é');
/** @type {{display: string, end: () => void} | null} */
let screen = null;
const unpacked = () => path.join(place, 'unpacked');
const backend = () => path.join(unpacked(), 'resources', 'backend');

before(async () => {
  if (skip) return;
  fs.mkdirSync(place, { recursive: true });
  fs.chmodSync(path.dirname(place), 0o755);
  const dist = path.join(place, 'dist');
  execFileSync(process.execPath, [inRoot('scripts', 'package.js'), '--targets', 'tar.gz,AppImage'], {
    cwd: inRoot(), stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, DJDESK_DIST: dist, DJDESK_COMPRESSION: 'store' },
  });
  fs.mkdirSync(unpacked());
  execFileSync('tar', ['-xzf', artefact('.tar.gz'), '-C', unpacked(), '--strip-components=1']);
  // A read-only installation.
  execFileSync('chmod', ['-R', 'a-w,a+rX', unpacked()]);
  screen = await virtualDisplay();
}, { timeout: 300000 });

after(() => {
  screen?.end();
  if (!place) return;
  execFileSync('chmod', ['-R', 'u+w', place]);
  fs.rmSync(path.dirname(place), { recursive: true, force: true });
});

/** @param {string} ending */
function artefact(ending) {
  const dist = path.join(place, 'dist');
  const found = fs.readdirSync(dist).filter((name) => name.endsWith(ending));
  assert.equal(found.length, 1, `one ${ending} in ${fs.readdirSync(dist)}`);
  return path.join(dist, found[0]);
}

/**
 * @param {import('node:test').TestContext} t
 * @param {string} name of the home
 * @param {string} program
 * @param {{args?: string[], env?: Record<string, string>}} [more]
 */
async function start(t, name, program, { args = [], env = {} } = {}) {
  const user = otherUser(path.join(place, name), program);
  const driven = await drive(user.program, { home: user.home, display: screen?.display, args: [...flags, ...args], env });
  t.after(async () => {
    if (alive(driven.pid)) process.kill(driven.pid, 'SIGKILL');
    await until(() => !alive(driven.pid));
  });
  driven.page.setDefaultTimeout(30000);
  return { ...driven, program: user.program, home: user.home, data: path.join(user.home, '.local', 'share', 'djdesk') };
}

/** @param {{page: import('playwright-core').Page, log: () => string}} driven */
async function appShown({ page, log }) {
  await until(() => page.url().startsWith('http://127.0.0.1:'), { limitMs: 30000, what: () => `the app's page; log:\n${log()}` });
  await page.waitForLoadState('load');
}

/** The result of the app's own check of its files. */
function damage() {
  const said = execFileSync(path.join(backend(), 'python', 'bin', 'python3'), ['-I', '-B', '-c',
    'import json; from djdesk.desktop import installation as i; print(json.dumps([i.is_packaged(), i.damage()]))'], { encoding: 'utf8' });
  return JSON.parse(said);
}

test('what is in the package', { skip }, async (t) => {
  await t.test('the archive holds the bundle and no node_modules', async () => {
    const { listPackage } = await import('@electron/asar');
    const names = listPackage(path.join(unpacked(), 'resources', 'app.asar'), { isPack: false });
    // One file per process, and the window's own pages.
    assert.ok(names.filter((name) => !name.startsWith('/electron/pages/')).length < 15, names.join('\n'));
    assert.ok(!names.some((name) => name.includes('node_modules')), names.join('\n'));
    assert.ok(names.includes('/backend.json') && names.includes('/electron/pages/splash.html'));
  });

  await t.test('the program has its fuses set, and those that it lacks are known', async () => {
    const { wrong, absent } = await readFuses(path.join(unpacked(), 'djdesk-app'));
    assert.deepEqual(wrong, []);
    assert.deepEqual(absent, electron?.legacy ? ['GrantFileProtocolExtraPrivileges', 'WasmTrapHandlers'] : []);
  });

  await t.test('every file of the Python side is as its manifest says', () => assert.deepEqual(damage(), [true, []]));

  await t.test('the app\'s languages only, licences of everything, a bill of materials', () => {
    assert.deepEqual(fs.readdirSync(path.join(unpacked(), 'locales')).sort(), ['de.pak', 'en-US.pak']);
    const licences = fs.readFileSync(path.join(unpacked(), 'resources', 'LICENSES.txt'), 'utf8');
    for (const name of ['Electron', 'CPython', 'Django', 'waitress', 'get-port', 'd3-force', 'furo']) assert.match(licences, new RegExp(`^ {2}${name} \\d`, 'mi'));
    const bill = JSON.parse(fs.readFileSync(path.join(unpacked(), 'resources', 'sbom.cdx.json'), 'utf8'));
    assert.equal(bill.bomFormat, 'CycloneDX');
    assert.ok(bill.components.some((/** @type {any} */ part) => part.purl.startsWith('pkg:pypi/django@')));
  });

  await t.test('the command line works without Python on PATH', () => {
    const said = execFileSync(path.join(backend(), 'bin', 'djdesk'), ['doctor', '--data-dir', path.join(place, 'none'), '--format', 'json'], { env: { PATH: '/usr/bin:/bin', HOME: place }, encoding: 'utf8' });
    const findings = JSON.parse(said);
    assert.ok(findings.some((/** @type {any} */ one) => one.topic === 'installation' && one.verdict === 'ok'), said);
  });
});

test('started by another user from a read-only folder', { skip }, async (t) => {
  const program = path.join(unpacked(), 'djdesk-app');
  const project = makeProject({ name: 'shop é 1' });
  execFileSync('chmod', ['-R', 'a+rX', path.dirname(project)]);
  t.after(() => fs.rmSync(path.dirname(project), { recursive: true, force: true }));
  const before = execFileSync('find', [project, '-printf', '%p %s %T@\n'], { encoding: 'utf8' });

  const driven = await start(t, 'home', program);
  const { page, pid, data } = driven;
  await appShown(driven);

  await t.test('shows its first page, styled from its own files', async () => {
    assert.equal(await page.title(), 'Projects · DJDesk');
    assert.equal(await page.evaluate(() => getComputedStyle(document.body).margin), '0px');
    assert.equal(await page.evaluate(() => window.djdesk?.shell), 'electron');
  });

  await t.test('a folder that is opened is scanned', async () => {
    await page.fill('#id_path', project);
    await page.click('.open-form button[type=submit]');
    await page.waitForURL(/\/projects\/\d+\/$/);
    await page.waitForSelector('.outcome', { timeout: 30000 });
    assert.match(String(await page.textContent('.outcome')), /Complete/i);
    assert.match(String(await page.textContent('#rail')), /Models\s*6/);
    assert.equal(execFileSync('find', [project, '-printf', '%p %s %T@\n'], { encoding: 'utf8' }), before, 'nothing was written to the project');
  });

  await t.test('a second start with a link opens that page and ends', async () => {
    const second = spawnSync(driven.program, [...flags, 'djdesk://open/projects/1/schema/'], {
      env: bareEnvironment({ home: driven.home, display: driven.display }), timeout: 20000,
    });
    assert.equal(second.status, 0, String(second.stderr));
    await page.waitForURL(/\/projects\/1\/schema\/$/);
  });

  await t.test('the documents are inside, run their own scripts, and lead back', async () => {
    const { origin } = new URL(page.url());
    await page.goto(`${origin}/documents/`);
    assert.match(await page.title(), /DJDesk/);
    assert.equal(await page.getAttribute('body', 'data-theme'), 'auto', 'its inline script ran');
    await page.click('text=Back to DJDesk');
    await page.waitForURL(`${origin}/`);
  });

  await t.test('checks its own files, once the start is over', async () => {
    const log = path.join(data, 'logs', 'shell.log');
    await until(() => /installation whole: \d+ files/.test(fs.readFileSync(log, 'utf8')), { what: () => `the check; log:\n${driven.log()}` });
  });

  await t.test('--quit ends it, and leaves no process', async () => {
    const pids = [pid, ...descendants(pid)];
    assert.ok(pids.length > 3, String(pids));
    const quit = spawnSync(driven.program, [...flags, '--quit'], {
      env: bareEnvironment({ home: driven.home, display: driven.display }), timeout: 30000,
    });
    assert.equal(quit.status, 0, String(quit.stderr));
    await until(() => pids.every((one) => !alive(one)), { what: 'no process left' });
  });

  await t.test('its data is in the data folder, and nothing in the installation', () => {
    const names = fs.readdirSync(data);
    for (const name of ['app.sqlite3', 'logs', 'secret.key', 'state.json']) assert.ok(names.includes(name), `${name} in ${names}`);
    assert.deepEqual(damage(), [true, []]);
    assert.deepEqual(spawnSync('find', [unpacked(), '-perm', '/222', '-type', 'f'], { encoding: 'utf8' }).stdout, '', 'it stayed read-only');
  });
});

test('started from the AppImage', { skip }, async (t) => {
  const image = artefact('.AppImage');
  const tmp = path.join(place, 'tmp é');
  fs.mkdirSync(tmp, { recursive: true });
  fs.chmodSync(tmp, 0o777);
  const driven = await start(t, 'image', image, { env: { TMPDIR: tmp, APPIMAGE_EXTRACT_AND_RUN: '1' } });
  await appShown(driven);
  assert.equal(await driven.page.title(), 'Projects · DJDesk');
  await driven.page.click('text=Try the sample project');
  await driven.page.waitForSelector('.outcome', { timeout: 30000 });
  assert.match(String(await driven.page.textContent('.outcome')), /Complete/i);
  const pids = descendants(driven.pid);
  const shell = [driven.pid, ...pids].find((pid) => fs.readlinkSync(`/proc/${pid}/exe`).endsWith('djdesk-app'));
  process.kill(Number(shell), 'SIGTERM');
  await until(() => [driven.pid, ...pids].every((pid) => !alive(pid)), { what: 'no process left' });
  assert.ok(fs.existsSync(path.join(driven.data, 'app.sqlite3')));
});

test('install.sh and uninstall.sh, without root', { skip }, async (t) => {
  const { home } = otherUser(path.join(place, 'user'), '/bin/true');
  const target = path.join(home, 'my apps é', 'djdesk');
  const env = bareEnvironment({ home, display: screen?.display });
  const run = (/** @type {string[]} */ ...words) => {
    const [command, ...args] = [...asOtherUser, ...words];
    return spawnSync(command, args, { env, encoding: 'utf8', timeout: 60000 });
  };
  // As unpacked by tar for the user, who may write to the copy.
  const unlocked = path.join(place, 'unlocked');
  execFileSync('cp', ['-R', unpacked(), unlocked]);
  execFileSync('chmod', ['-R', 'u+w,a+rX', unlocked]);

  await t.test('refuses a folder that is something else', () => {
    run('mkdir', path.join(home, 'photos'));
    const refused = run(path.join(unlocked, 'install.sh'), path.join(home, 'photos'));
    assert.equal(refused.status, 1);
    assert.match(refused.stderr, /is not DJDesk/);
  });

  await t.test('installs into a path with spaces and accents, twice', () => {
    for (let time = 0; time < 2; time += 1) {
      const done = run(path.join(unlocked, 'install.sh'), target);
      assert.equal(done.status, 0, done.stderr);
    }
    const entry = path.join(home, '.local', 'share', 'applications', 'djdesk-app.desktop');
    if (onPath('desktop-file-validate')) assert.equal(run('desktop-file-validate', entry).stdout, '');
    const text = fs.readFileSync(entry, 'utf8');
    assert.match(text, new RegExp(`^Exec="${target}/djdesk-app" %U$`, 'm'));
    assert.match(text, /^MimeType=x-scheme-handler\/djdesk;$/m);
    assert.ok(fs.existsSync(path.join(home, '.local', 'share', 'icons', 'hicolor', '48x48', 'apps', 'djdesk-app.png')));
    assert.match(run(path.join(home, '.local', 'bin', 'djdesk'), '--version').stdout, /^djdesk \d/);
  });

  const noSandbox = root && run('unshare', '--user', 'true').status !== 0 && 'this system does not let Chromium\'s sandbox start';
  await t.test('an update over a running app closes it first, in order', { skip: noSandbox }, async (sub) => {
    const driven = await start(sub, 'user', path.join(target, 'djdesk-app'));
    await appShown(driven);
    const pids = [driven.pid, ...descendants(driven.pid)];
    const done = run(path.join(unlocked, 'install.sh'), target);
    assert.equal(done.status, 0, done.stderr);
    assert.match(done.stdout, /^Updating /);
    await until(() => pids.every((one) => !alive(one)), { what: 'no process of the old version left' });
    assert.match(fs.readFileSync(path.join(driven.data, 'logs', 'server.log'), 'utf8'), /stopped\s*$/, 'it drained');
  });

  await t.test('removes the app and keeps the data', () => {
    const data = path.join(home, '.local', 'share', 'djdesk');
    run('mkdir', '-p', data);
    fs.writeFileSync(path.join(data, 'app.sqlite3'), 'mine');
    const done = run(path.join(target, 'uninstall.sh'));
    assert.equal(done.status, 0, done.stderr);
    assert.match(done.stdout, /Your data stays/);
    assert.ok(!fs.existsSync(target));
    assert.deepEqual(fs.readdirSync(path.join(home, '.local', 'bin')), []);
    assert.equal(fs.readFileSync(path.join(data, 'app.sqlite3'), 'utf8'), 'mine');
  });
});

test('files that change under the running app make all of it start anew', { skip }, async (t) => {
  const updated = path.join(place, 'updated');
  fs.cpSync(unpacked(), updated, { recursive: true, verbatimSymlinks: true });
  execFileSync('chmod', ['-R', 'u+w', updated]);
  const driven = await start(t, 'relaunch', path.join(updated, 'djdesk-app'));
  await appShown(driven);
  const log = () => fs.readFileSync(path.join(driven.data, 'logs', 'shell.log'), 'utf8');
  const whole = () => log().match(/installation whole: /g)?.length ?? 0;
  await until(() => whole() === 1, { what: () => `the check; log:\n${log()}` });
  const old = [driven.pid, ...descendants(driven.pid)];

  anotherVersion(updated);
  const server = old.find((pid) => /djdesk\.desktop\Wserve/.test(commandLine(pid)));
  assert.ok(server, old.map(commandLine).join('\n'));
  process.kill(server, 'SIGKILL');
  await driven.gone;
  assert.match(log(), /restart of everything: The files of the app have changed/);
  // Only the new shell finds it complete: the old one knew another manifest.
  await until(() => whole() === 2, { limitMs: 60000, what: () => `the new one; log:\n${log()}` });
  assert.deepEqual(old.filter(alive), [], 'nothing of the old one is left');
  const quit = spawnSync(driven.program, [...flags, '--quit'], {
    env: bareEnvironment({ home: driven.home, display: driven.display }), timeout: 60000,
  });
  assert.equal(quit.status, 0, `it ran, and ended; ${quit.stderr}`);
});

/**
 * The state after an update: another manifest of the Python side, and an archive that expects it.
 * @param {string} installation
 */
function anotherVersion(installation) {
  const resources = path.join(installation, 'resources');
  const manifest = path.join(resources, 'backend', 'manifest.json');
  const archive = path.join(resources, 'app.asar');
  const [before, after] = [fs.readFileSync(manifest), Buffer.concat([fs.readFileSync(manifest), Buffer.from('\n')])].map((text) => ({
    text, hash: Buffer.from(createHash('sha256').update(text).digest('hex')),
  }));
  const packed = fs.readFileSync(archive);
  const at = packed.indexOf(before.hash);
  assert.ok(at > 0, 'the archive knows the manifest');
  after.hash.copy(packed, at);
  // Like an update, replace the files instead of writing to them.
  for (const [file, content] of /** @type {[string, Buffer][]} */ ([[archive, packed], [manifest, after.text]])) {
    fs.writeFileSync(`${file}.new`, content);
    fs.renameSync(`${file}.new`, file);
  }
}

test('a damaged installation says so', { skip }, async (t) => {
  execFileSync('chmod', ['-R', 'u+w', unpacked()]);
  const victim = path.join(backend(), 'app', 'inspector', 'views', 'home.py');
  fs.rmSync(victim);
  const driven = await start(t, 'damaged', path.join(unpacked(), 'djdesk-app'));
  await until(() => driven.page.url().endsWith('error.html'), { limitMs: 30000, what: () => `the error page; ${driven.log()}` });
  await until(async () => /installation is damaged: app\/inspector\/views\/home\.py is missing/.test(String(await driven.page.textContent('body'))), { what: 'the reason on the page' });
});
