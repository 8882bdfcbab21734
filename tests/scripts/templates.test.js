/** The content of packages for an app whose name has a space, an accent, an ampersand and worse. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';

import { chromiumLanguages, domainOf, fileNameOf, readPackagedApp } from '../../src/djdesk/tools/node/package/names.js';
import { fill, renderTemplates } from '../../src/djdesk/tools/node/package/templates.js';
import { inRoot } from '../../scripts/setup/paths.js';
import { alive, APP_FILE, until } from '../electron/fixtures/harness.js';

const app = readPackagedApp(APP_FILE);
const linux = process.platform === 'linux' ? false : 'scripts of Linux';

/** @param {import('node:test').TestContext} t */
function folder(t) {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'templates é '));
  t.after(() => fs.rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** @param {string} dir */
const files = (dir) => fs.readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));

/** @param {import('node:test').TestContext} t @param {import('../../src/djdesk/tools/node/package/names.js').PackagedApp} [of] */
function rendered(t, of = app) {
  const out = path.join(folder(t), 'packaging');
  renderTemplates(of, inRoot('packaging'), out);
  return out;
}

test('no template names an app, and what is rendered names only its own', (t) => {
  for (const file of files(inRoot('packaging'))) assert.doesNotMatch(fs.readFileSync(file, 'utf8'), /djdesk|inspect/i, file);
  for (const file of files(rendered(t))) {
    const text = fs.readFileSync(file, 'utf8');
    assert.doesNotMatch(`${file.slice(file.indexOf('packaging'))}\n${text}`, /djdesk|inspect/i, file);
    assert.doesNotMatch(text, /@[a-z][a-z:-]*@/, `a placeholder is left in ${file}`);
  }
});

test('what menus, dialogs and pages say names djdesk as the maker of the runtime only', async () => {
  const folders = inRoot('electron', 'locale', 'de');
  const sentences = [];
  for (const name of fs.readdirSync(folders)) sentences.push(...Object.keys((await import(path.join(folders, name))).default));
  for (const file of files(inRoot('src')).filter((name) => name.endsWith('.po'))) {
    sentences.push(...[...fs.readFileSync(file, 'utf8').matchAll(/^msgid ((?:".*"\n)+)/gm)].map(([, text]) => text));
  }
  assert(sentences.length > 300, String(sentences.length));
  assert.deepEqual(sentences.filter((text) => /djdesk/i.test(text)).sort(), [
    'Built with DJDesk. Licences of all components: Help, Licences.',
    // Only the app's developer can see these: staging refuses such a table, and a package has its
    // environment.
    'Correct the table [tool.djdesk]. The documentation of DJDesk lists every key.',
    'DJDESK_MODE is {mode}, which is not a valid mode.',
    'Start it with "djdesk start" (or "npm start"), which sets the environment up.',
  ]);
});

test('the desktop entry: its links and kinds of files, and no entry without a value', (t) => {
  const entry = fs.readFileSync(path.join(rendered(t), 'linux', 'buecher-regale-app.desktop'), 'utf8');
  assert.match(entry, /^Name=Bücher & Regale$/m);
  assert.match(entry, /^MimeType=x-scheme-handler\/buecher;application\/x-buecher-regale-regal;$/m);
  assert.match(entry, /^Categories=Utility;$/m);
  const plain = fs.readFileSync(path.join(rendered(t, { ...app, scheme: '', files: [], description: '' }), 'linux', 'buecher-regale-app.desktop'), 'utf8');
  assert.doesNotMatch(plain, /MimeType|Comment/);
});

test('the installer of Windows: name, folder and links are the app\'s', (t) => {
  const text = fs.readFileSync(path.join(rendered(t, { ...app, name: 'Cost $5 Books' }), 'windows', 'installer.nsh'), 'utf8');
  assert.match(text, /RMDir \/r "\$LOCALAPPDATA\\Cost \$\$5 Books"/);
  assert.match(text, /WriteRegStr HKCU "Software\\Classes\\buecher\\shell\\open\\command"/);
});

test('values are quoted as each kind of file wants it, or refused', () => {
  const values = { name: 'It\'s "$5" \\', slug: 'its' };
  assert.equal(fill('@name:sh@ @slug@', values, 'x'), '\'It\'\\\'\'s "$5" \\\' its');
  assert.equal(fill('Name=@name:desktop@', values, 'x'), 'Name=It\'s "$5" \\\\');
  assert.equal(fill('"@name:nsis@"', values, 'x'), '"It\'s $\\"$$5$\\" \\"');
  assert.throws(() => fill('x=@name@', values, 'install.sh'), /install\.sh: @name@ is .* must be quoted/);
  for (const wrong of ['@names@', '@name:bash@', '@constructor@']) assert.throws(() => fill(wrong, values, 'x'), /there is no/, wrong);
  assert.equal(fill('@EXEC@ a@b.c $@ "$@"', values, 'x'), '@EXEC@ a@b.c $@ "$@"');
});

test('names for downloads are plain letters, and never empty', () => {
  assert.equal(fileNameOf(app), 'Bucher-Regale');
  assert.equal(fileNameOf({ name: 'DJDesk', slug: 'djdesk' }), 'DJDesk');
  assert.equal(fileNameOf({ name: '書架', slug: 'shoka' }), 'shoka');
  assert.equal(domainOf({ id: 'org.example.books' }), 'example.org');
  assert.deepEqual(chromiumLanguages(['de', 'pt-br', 'zh-hans'], 'linux'), ['en-US', 'de', 'pt-BR', 'zh-CN']);
  assert.deepEqual(chromiumLanguages(['en', 'pt-br'], 'darwin'), ['en', 'pt_BR']);
});

/**
 * An unpacked archive of an app whose program is `sleep`; a fake --quit ends it.
 * @param {import('node:test').TestContext} t
 */
function unpacked(t) {
  const place = folder(t);
  const here = path.join(place, 'un packed');
  fs.mkdirSync(path.join(here, 'icons'), { recursive: true });
  fs.mkdirSync(path.join(here, 'resources', 'backend', 'bin'), { recursive: true });
  for (const file of files(path.join(rendered(t), 'linux'))) fs.copyFileSync(file, path.join(here, path.basename(file)));
  for (const script of ['install.sh', 'uninstall.sh']) fs.chmodSync(path.join(here, script), 0o755);
  fs.writeFileSync(path.join(here, 'buecher-regale-app'), '#!/bin/sh\nexit 0\n', { mode: 0o755 });
  fs.writeFileSync(path.join(here, 'resources', 'backend', 'bin', 'buecher-regale'), '#!/bin/sh\necho command line\n', { mode: 0o755 });
  fs.writeFileSync(path.join(here, 'icons', '32x32.png'), 'png');
  const home = path.join(place, 'home ü');
  fs.mkdirSync(home);
  return { place, here, home, env: { HOME: home, PATH: '/usr/bin:/bin' } };
}

test('install.sh and uninstall.sh of the app: in, again, out, and the data stays', { skip: linux }, (t) => {
  const { place, here, home, env } = unpacked(t);
  const target = path.join(place, 'in $talled "é"');
  const install = () => spawnSync(path.join(here, 'install.sh'), [target], { env, encoding: 'utf8' });
  const first = install();
  assert.equal(first.status, 0, first.stderr);
  assert.match(first.stdout, /It is in the menu as Bücher & Regale\./);
  const share = path.join(home, '.local', 'share');
  const entry = fs.readFileSync(path.join(share, 'applications', 'buecher-regale-app.desktop'), 'utf8');
  assert.ok(entry.includes(`TryExec=${target}/buecher-regale-app`), entry);
  assert.equal(spawnSync(path.join(home, '.local', 'bin', 'buecher-regale'), { encoding: 'utf8' }).stdout, 'command line\n');
  assert.ok(fs.existsSync(path.join(share, 'mime', 'packages', 'buecher-regale-app.xml')));
  assert.ok(fs.existsSync(path.join(share, 'icons', 'hicolor', '32x32', 'apps', 'buecher-regale-app.png')));

  fs.mkdirSync(path.join(target, 'Bücher & Regale Data'));
  assert.match(install().stdout, /^Updating /);
  assert.ok(fs.existsSync(path.join(target, 'Bücher & Regale Data')), 'a portable app keeps its data');
  fs.rmdirSync(path.join(target, 'Bücher & Regale Data'));

  const data = path.join(share, 'buecher-regale');
  const others = path.join(share, 'other');
  for (const dir of [data, others]) fs.mkdirSync(dir);
  const out = spawnSync(path.join(target, 'uninstall.sh'), ['--yes'], { env, encoding: 'utf8' });
  assert.equal(out.status, 0, out.stderr);
  assert.ok(!fs.existsSync(target) && fs.existsSync(data) && fs.existsSync(others));
  const left = files(home).filter((file) => /buecher/.test(path.basename(file)));
  assert.deepEqual(left, []);
});

test('install.sh: a folder of another app is refused with this one\'s name', { skip: linux }, (t) => {
  const { place, here, env } = unpacked(t);
  fs.mkdirSync(path.join(place, 'other'));
  const refused = spawnSync(path.join(here, 'install.sh'), [path.join(place, 'other')], { env, encoding: 'utf8' });
  assert.equal(refused.status, 1);
  assert.match(refused.stderr, /exists and is not Bücher & Regale/);
});

test('before a package manager replaces files, the running app is asked to end', { skip: linux && 'for deb packages' }, async (t) => {
  const script = path.join(rendered(t), 'linux', 'close-running.sh');
  assert.match(fs.readFileSync(script, 'utf8'), /^program='\/opt\/Bücher & Regale\/buecher-regale-app'$/m);
  const program = path.join(folder(t), 'app');
  const other = path.join(folder(t), 'app');
  for (const file of [program, other]) {
    fs.copyFileSync('/bin/sleep', file);
    fs.chmodSync(file, 0o755);
  }
  fs.writeFileSync(script, fs.readFileSync(script, 'utf8').replace(/^program=.*$/m, `program='${program}'`));
  const [ours, theirs] = [program, other].map((file) => spawn(file, ['60']));
  t.after(() => theirs.kill('SIGKILL'));
  const ended = new Promise((resolve) => { ours.once('exit', (_code, signal) => resolve(signal)); });
  // Not before exec: until then it is a copy of this process.
  await until(() => [ours, theirs].every((child) => fs.readlinkSync(`/proc/${child.pid}/exe`).endsWith('/app')));
  assert.equal(spawnSync('sh', [script, 'upgrade'], { env: { PATH: '/usr/bin:/bin' }, timeout: 20000 }).status, 0);
  assert.equal(await ended, 'SIGTERM');
  assert.ok(alive(Number(theirs.pid)), 'a program of the same name elsewhere is left alone');
});
