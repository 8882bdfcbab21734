/**
 * What a developer of an app does, outside of the repository and with the wheel alone: begin, start, use,
 * test, package, install, and start as a user. Minutes: `npm test -- starter`.
 */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';

import { chromium } from 'playwright-core';

import { findBrowser } from '../../scripts/checks/find-browser.js';
import { bareEnvironment, drive, virtualDisplay } from '../../scripts/release/drive.js';
import { PYTHON } from '../../scripts/setup/environment.js';
import { buildWheel, canPackage, developer, programs, run as runToEnd, until, WINDOWS } from './support/developer.js';

const top = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'starter é ')));
const venv = path.join(top, 'shelf-env');
const app = path.join(top, 'shelf');
const home = path.join(top, 'hömé of a developer');
const bin = programs(venv);
const djdesk = path.join(bin, WINDOWS ? 'djdesk.exe' : 'djdesk');
const root = process.getuid?.() === 0;
const browserPath = findBrowser();
/** @param {Record<string, string>} [more] */
const env = (more = {}) => developer(home, { bin, more });

/**
 * @param {string[]} words
 * @param {{cwd?: string, more?: Record<string, string>, fails?: boolean}} [how]
 */
const run = (words, { cwd = app, more = {}, fails = false } = {}) => runToEnd(words, { cwd, env: env(more), fails });

/**
 * `djdesk start` in the browser shell.
 * @param {string[]} [args]
 * @param {string} [folder]
 */
async function start(args = [], folder = app) {
  const child = spawn(djdesk, ['start', '--shell', 'browser', '--no-open', ...args], { cwd: folder, env: env(), stdio: ['ignore', 'pipe', 'pipe'] });
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
    said: () => said,
    end: async () => {
      child.kill('SIGTERM');
      await gone;
    },
  };
}

/** The one database of an app in the developer's data. @param {string} slug @param {string} query */
const ask = (slug, query) => JSON.parse(execFileSync(PYTHON, ['-c',
  'import json, sqlite3, sys; print(json.dumps(sqlite3.connect(sys.argv[1]).execute(sys.argv[2]).fetchall()))',
  path.join(home, 'data', slug, 'app.sqlite3'), query], { encoding: 'utf8' }));

describe('an app from the wheel', { skip: browserPath ? false : 'no Chromium' }, () => {
  /** @type {import('playwright-core').Browser} */
  let browser;
  /** @type {import('playwright-core').Page} */
  let page;
  let wheel = '';
  // A page that is loaded again at that moment has no answer.
  const styled = () => page.evaluate('getComputedStyle(document.querySelector("header")).display').catch(() => null);

  before(async () => {
    fs.mkdirSync(home);
    wheel = buildWheel(path.join(top, 'wheels'));
    run([PYTHON, '-m', 'venv', venv], { cwd: top });
    run([path.join(bin, 'pip'), 'install', '--quiet', wheel, 'uv'], { cwd: top });
    browser = await chromium.launch({ executablePath: String(browserPath), args: ['--no-sandbox', '--disable-background-networking'] });
    page = await browser.newPage();
  });

  after(async () => {
    await browser?.close();
    fs.rmSync(top, { recursive: true, force: true, maxRetries: 10 });
  });

  test('is begun, started and used: page, admin, static file, upload, task', async () => {
    run([djdesk, 'new', 'shelf'], { cwd: top });
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
    const [first, second] = [await start(), await start([], other)];
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

  test('runs on the next version of djdesk with one changed line', () => {
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
    const newer = path.join(top, 'newer-env');
    run([PYTHON, '-m', 'venv', newer], { cwd: top });
    const pip = path.join(newer, WINDOWS ? 'Scripts' : 'bin', 'pip');
    run([pip, 'install', '--quiet', path.join(next, 'djdesk-9.9.9-py3-none-any.whl')], { cwd: top });
    const tool = path.join(newer, WINDOWS ? 'Scripts' : 'bin', 'djdesk');
    run(['git', 'add', '-A']);
    assert.match(run([tool, 'upgrade', '--check'], { fails: true }), /made for djdesk .*installed is 9\.9\.9/);
    run([tool, 'upgrade']);
    assert.match(run(['git', 'diff', '--shortstat']), /1 file changed, 1 insertion\(\+\), 1 deletion\(-\)/);
    assert.match(run([tool, 'test']), /OK/);
    run(['git', 'checkout', '-q', '.']);
  });

  test('a page that works only with debug settings stops the build', { skip: !canPackage && 'no Python to package' }, () => {
    const views = path.join(app, 'shelf', 'urls.py');
    const text = fs.readFileSync(views, 'utf8');
    fs.writeFileSync(views, text.replace('urlpatterns = [', 'from django.http import HttpResponse\nfrom django.conf import settings\n\nurlpatterns = [\n    path("only-debug/", lambda request: HttpResponse({True: "fine"}[settings.DEBUG])),'));
    const said = run([djdesk, 'package', '--stage-only'], { fails: true });
    assert.match(said, /\/only-debug\/ answers 500/);
    assert.match(said, /KeyError: False/, 'with the cause');
    fs.writeFileSync(views, text);
  });

  test('is packaged, installed, started by another user, used, and ended', { skip: !canPackage && 'no Python to package' }, async () => {
    const said = run([djdesk, 'package', '--targets', 'dir,tar.gz'], { more: { DJDESK_COMPRESSION: 'store' } });
    assert.match(said, /pages answer nobody/);
    const archive = fs.readdirSync(path.join(app, 'dist')).find((name) => name.endsWith('.tar.gz'));
    assert(archive);
    const user = path.join(top, 'hömé of a user');
    const unpacked = path.join(top, 'un packed');
    const place = path.join(top, 'in stallé');
    for (const folder of [user, unpacked]) fs.mkdirSync(folder);
    run(['tar', '-xzf', path.join(app, 'dist', archive), '-C', unpacked, '--strip-components=1'], { cwd: top });
    const screen = process.env.DISPLAY ? null : await virtualDisplay();
    const display = screen?.display ?? process.env.DISPLAY;
    const bare = bareEnvironment({ home: user, display });
    runToEnd([path.join(unpacked, 'install.sh'), place], { cwd: top, env: bare });
    const flags = root ? ['--no-sandbox', '--disable-gpu'] : [];
    const program = path.join(place, 'shelf-app');
    try {
      const driven = await drive(program, { home: user, display, args: flags });
      try {
        await driven.page.waitForURL(/^http:\/\/127\.0\.0\.1:/, { waitUntil: 'load', timeout: 90_000 });
        assert.equal(await driven.page.textContent('h1'), 'Documents');
        await driven.page.click('text=Add a document');
        await driven.page.fill('[name=title]', 'Letter');
        await driven.page.setInputFiles('[name=file]', { name: 'letter.txt', mimeType: 'text/plain', buffer: Buffer.from('dear reader') });
        await driven.page.click('text=Save');
        await driven.page.click('text=Count words');
        await driven.page.waitForSelector('text=2 words', { timeout: 30_000 });
        await driven.page.click('nav >> text=Admin');
        await driven.page.waitForSelector('text=Documents');
        runToEnd([program, ...flags, '--quit'], { cwd: top, env: bare });
      } finally {
        await Promise.race([driven.gone, new Promise((resolve) => { setTimeout(resolve, 15_000).unref(); })]);
        try { process.kill(driven.pid, 'SIGKILL'); } catch { /* It is gone. */ }
      }
      const left = () => execFileSync('ps', ['-axww', '-o', 'pid=,args='], { encoding: 'utf8' }).split('\n').filter((line) => line.includes(place) && !line.includes('<defunct>'));
      await until(() => left().length === 0, `no process is left: ${left()}`, 15_000);
      assert(fs.existsSync(path.join(user, '.local', 'share', 'shelf', 'app.sqlite3')));
      assert.deepEqual(mentions(place, user), [], 'what its user can see speaks of the app alone');
      runToEnd([path.join(place, 'uninstall.sh'), '--yes'], { cwd: top, env: bare });
      assert(!fs.existsSync(program));
    } finally {
      screen?.end();
    }
  });
});

/**
 * Names and texts that a user meets and that speak of djdesk, other than as what the app is built with.
 * The runtime's own code, whose package has that name, is nobody's reading.
 * @param {string} place
 * @param {string} user
 */
function mentions(place, user) {
  const texts = ['resources/app.json', 'shelf-app.desktop', 'install.sh', 'uninstall.sh'].map((name) => path.join(place, name));
  texts.push(...fs.readdirSync(path.join(user, '.local', 'share'), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(desktop|json)$/.test(name) && !name.includes(`${path.sep}browser${path.sep}`))
    .map((name) => path.join(user, '.local', 'share', name)));
  const found = texts.flatMap((file) => fs.readFileSync(file, 'utf8').split('\n')
    .filter((line) => /djdesk/i.test(line))
    .map((line) => `${path.basename(file)}: ${line}`));
  const names = [...fs.readdirSync(place), ...fs.readdirSync(path.join(place, 'resources')), ...fs.readdirSync(path.join(place, 'resources', 'backend', 'bin')),
    ...fs.readdirSync(path.join(user, '.local', 'bin')), ...fs.readdirSync(path.join(user, '.local', 'share', 'shelf'))];
  const licences = fs.readFileSync(path.join(place, 'resources', 'LICENSES.txt'), 'utf8').split('\n').filter((line) => /djdesk/i.test(line));
  const others = licences.filter((line) => !/^What is inside of Shelf, .*Built with DJDesk\.$|^(  )?djdesk \d/.test(line) && !/Copyright/.test(line));
  return [...found, ...names.filter((name) => /djdesk/i.test(name)), ...others];
}
