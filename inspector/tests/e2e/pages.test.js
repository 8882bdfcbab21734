/** Page flows in a real browser on the real server and worker. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';

import { chromium, missing, PYTHON, startApp } from '../../../tests/e2e/support/app.js';
import { INSPECTOR } from './support/pages.js';
import { makeProject, write } from './support/project.js';

const lacking = missing();

describe('pages', { skip: lacking || false }, () => {
  /** @type {import('../../../tests/e2e/support/app.js').App} */
  let app;
  /** @type {import('playwright-core').Browser} */
  let browser;
  /** @type {import('playwright-core').Page} */
  let page;
  /** @type {string[]} */
  const complaints = [];
  /** @type {string[]} */
  const projects = [];
  /** @type {string} */
  let shop;
  /** @type {string} */
  let address;

  /** @param {Parameters<typeof makeProject>[0]} [options] */
  function project(options) {
    const root = makeProject(options);
    projects.push(path.dirname(root));
    return root;
  }

  before(async () => {
    const { chromium: launcher } = await import('playwright-core');
    app = await startApp(INSPECTOR);
    browser = await launcher.launch({
      executablePath: chromium(),
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    });
    page = await newPage();
    shop = project({ apps: 2, models: 3, name: 'shop' });
  });

  after(async () => {
    if (browser) await browser.close();
    if (app) await app.stop();
    for (const folder of projects) rmSync(folder, { recursive: true, force: true });
  });

  /** A page with access to the app whose console messages are collected. */
  async function newPage() {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    const fresh = await context.newPage();
    fresh.setDefaultTimeout(30000);
    fresh.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(`${fresh.url()} ${message.text()}`);
    });
    fresh.on('pageerror', (error) => complaints.push(`${fresh.url()} ${error.message}`));
    await fresh.goto(await app.enter());
    return fresh;
  }

  /** @param {string} folder */
  async function open(folder) {
    await page.goto(`${app.origin}/`);
    await page.fill('#id_path', folder);
    await page.click('.open-form button[type=submit]');
  }

  /** @param {string} word outcome that the title bar must show without a reload */
  async function outcome(word) {
    await page.waitForSelector(`.scan-state .outcome.${word}`, { timeout: 40000 });
  }

  test('an empty home teaches and has one way to begin', async () => {
    assert.match((await page.textContent('.empty')) || '', /Nothing is ever written into your project/);
    assert.equal(await page.isVisible('[data-choose-folder]'), false);
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'id_path');
  });

  test('a folder that is no Django project says what was looked for and found', async () => {
    const folder = path.join(path.dirname(shop), 'site');
    write(folder, 'index.html', '<p>');
    await open(folder);
    const said = (await page.textContent('#path-error')) || '';
    assert.match(said, /Looked for:/);
    assert.match(said, /Found there instead:/);
    assert.equal(await page.inputValue('#id_path'), folder);
  });

  test('a project opened by path is read live on the page, without running it', async () => {
    const canary = path.join(path.dirname(shop), 'was-run');
    write(shop, 'area01/apps.py', `open(${JSON.stringify(canary)}, "w").close()\n`);
    await open(shop);
    await page.waitForURL('**/projects/*/');
    address = page.url();
    let loads = 0;
    page.on('load', () => (loads += 1));
    await outcome('complete');
    assert.match((await page.textContent('.figures')) || '', /Models\s*6/);
    assert.match((await page.textContent('#statusbar')) || '', /static only/);
    assert.equal(loads, 0, 'the page was brought up to date, not loaded again');
    assert.equal(existsSync(canary), false, 'opening a folder ran its code');
    rmSync(path.join(shop, 'area01/apps.py'));
  });

  test('checks need trust and say so', async () => {
    await page.goto(`${address}checks/`);
    assert.match((await page.textContent('#content')) || '', /need the project to run/);
  });

  test('trusting the folder brings live facts and writes nothing into it', async () => {
    const before = readdirSync(shop, { recursive: true }).sort();
    await page.goto(address);
    await page.fill('#python-path', PYTHON);
    await page.click('#trust-choice button[name=run]');
    await outcome('complete');
    await page.waitForFunction(() => /static and live/.test(document.querySelector('#statusbar')?.textContent || ''));
    assert.match((await page.textContent('#content')) || '', /Nothing was written to this project/);
    assert.match((await page.textContent('#trust')) || '', /This folder is trusted/);
    assert.deepEqual(readdirSync(shop, { recursive: true }).sort(), before);
  });

  test('models: filter by a field, open one, follow a relation and come back', async () => {
    await page.goto(`${address}models/`);
    await page.keyboard.press('/');
    await page.keyboard.type('elsewhere');
    await page.waitForFunction(() => document.querySelectorAll('.model-list li:not([hidden])').length === 1);
    await page.click('.model-list li:not([hidden]) a');
    await page.waitForSelector('#detail #f-elsewhere');
    assert.match((await page.textContent('#f-elsewhere')) || '', /area01\.Item02/);
    await page.click('#f-elsewhere a');
    await page.waitForFunction(() => /area01/.test(document.querySelector('.detail-head')?.textContent || ''));
    assert.equal(await page.inputValue('#model-filter'), 'elsewhere', 'the filter text is kept');
    await page.goBack();
    await page.waitForSelector('#detail #f-elsewhere');
  });

  test('migrations: pending, because there is no database yet', async () => {
    await page.goto(`${address}migrations/`);
    assert.match((await page.textContent('#mig-area01-0001_initial')) || '', /unapplied/);
  });

  test('urls: sort, filter, walk and copy', async () => {
    await page.goto(`${address}urls/`);
    const patterns = () => page.$$eval('#urls tr[data-row]:not([hidden]) .pattern', (all) => all.map((e) => e.textContent));
    assert.deepEqual(await patterns(), ['/area01/', '/area01/<int:pk>/', '/area02/', '/area02/<int:pk>/']);
    await page.click('#urls th button:has-text("Name")');
    assert.equal(await page.getAttribute('#urls th >> nth=1', 'aria-sort'), 'ascending');
    assert.equal((await patterns())[0], '/area01/<int:pk>/');
    await page.keyboard.press('/');
    await page.keyboard.type('area02 detail');
    assert.deepEqual(await patterns(), ['/area02/<int:pk>/']);
    assert.equal(await page.textContent('[data-tools-for=urls] [data-shown-count]'), '1 of 4');
    await page.fill('#urls-filter', 'nothing like this');
    assert.equal(await page.isVisible('[data-nothing-for=urls]'), true);
    await page.fill('#urls-filter', 'area01');
    await page.focus('#urls tr[data-row][tabindex="0"]');
    await page.keyboard.press('ArrowDown');
    assert.equal(await page.evaluate(() => document.activeElement?.querySelector('.pattern')?.textContent), '/area01/');
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.click('#urls-copy summary');
    await page.click('[data-copy-table=markdown]');
    await page.waitForSelector('.notice:has-text("2 rows copied")');
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    assert.match(copied, /^\| Pattern \| Name \| View \| Methods \| Where \|\n\| --- /);
  });

  test('what arrives leaves filter, order, focus and scroll as they are', async () => {
    await page.goto(`${address}urls/`);
    await page.click('#urls th button:has-text("Name")');
    await page.fill('#urls-filter', 'area');
    await page.focus('#urls-filter');
    write(shop, 'area02/urls.py', readFileSync(path.join(shop, 'area02/urls.py'), 'utf8').replace(']', '    path("new/", views.index, name="brand-new"),\n]'));
    await page.$eval('.scan-state form', (form) => /** @type {HTMLFormElement} */ (form).requestSubmit());
    await page.waitForSelector('#urls td:has-text("brand-new")', { timeout: 40000 });
    await outcome('complete');
    assert.equal(await page.inputValue('#urls-filter'), 'area');
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'urls-filter');
    assert.equal(await page.getAttribute('#urls th >> nth=1', 'aria-sort'), 'ascending');
    const names = await page.$$eval('#urls tr[data-row] td:nth-child(2)', (all) => all.map((e) => e.textContent || ''));
    assert.deepEqual(names, [...names].sort());
    assert.equal(names.length, 5);
  });

  test('the schema is drawn', async () => {
    await page.goto(`${address}schema/`);
    await page.waitForSelector('#schema .schema-card');
    assert.equal(await page.isVisible('#content'), false);
  });

  test('a running scan can be cancelled', async () => {
    const slow = project({ apps: 1, models: 1, name: 'slow', slow: 60 });
    await open(slow);
    await outcome('complete');
    await page.fill('#python-path', PYTHON);
    await page.click('button[name=run]');
    await page.waitForSelector('.scan-state [data-stage]:has-text("environment")');
    // Loading the project takes a minute, longer than this test waits.
    await page.click('.scan-state button:has-text("Cancel")');
    await outcome('cancelled');
    assert.match((await page.textContent('.figures')) || '', /Models\s*1/, 'what was known stays');
  });

  test('the worker going away and coming back is seen', async () => {
    await page.goto(address);
    await app.stopWorker();
    await page.reload();
    assert.match((await page.textContent('#statusbar')) || '', /worker, stopped/);
    await app.startWorker();
    await page.click('.scan-state button:has-text("Scan again")');
    await page.waitForSelector('[data-worker][data-on="1"]');
    await outcome('complete');
  });

  test('a file dropped in a browser explains itself', async () => {
    await page.goto(`${app.origin}/`);
    await page.evaluate(() => {
      const data = new DataTransfer();
      data.items.add(new File(['x'], 'x.txt'));
      for (const type of ['dragenter', 'drop']) {
        document.body.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }));
      }
    });
    await page.waitForSelector('.notice:has-text("Paste its path instead")');
    assert.equal(await page.isVisible('#drop'), false);
  });

  test('a folder of the desktop window is opened by its real path', async () => {
    const desktop = await newPage();
    await desktop.addInitScript(() => {
      /** @type {any} */ (window).djdesk = {
        chooseFolder: async () => null,
        onFolderDropped: (/** @type {Function} */ callback) => (/** @type {any} */ (window).dropped = callback),
        onMenu: () => {},
        notify: (/** @type {unknown} */ message) => (/** @type {any} */ (window).told = message),
      };
    });
    await desktop.goto(`${app.origin}/`);
    assert.equal(await desktop.isVisible('[data-choose-folder]'), true);
    await Promise.all([
      desktop.waitForURL('**/projects/*/'),
      desktop.evaluate((folder) => /** @type {any} */ (window).dropped([folder]), shop),
    ]);
    assert.equal(desktop.url(), address);
    await desktop.context().close();
  });

  test('a scan that ends behind the user\'s back is told by the window, and home follows it', async () => {
    const home = await newPage();
    await home.addInitScript(() => {
      /** @type {any} */ (window).djdesk = {
        onFolderDropped: () => {},
        onMenu: () => {},
        notify: (/** @type {unknown} */ message) => (/** @type {any} */ (window).told = message),
      };
      document.hasFocus = () => false;
    });
    await home.goto(`${app.origin}/`);
    await home.waitForSelector('.project-row:has-text("shop")');
    await page.goto(address);
    await page.click('.scan-state button:has-text("Scan again")');
    await home.waitForSelector('.project-row:has-text("shop") [data-progress]');
    await home.waitForFunction(() => 'told' in window);
    const told = await home.evaluate(() => /** @type {any} */ (window).told);
    assert.deepEqual(told, { title: 'shop', body: 'Scan: Complete', path: new URL(address).pathname });
    await home.waitForSelector('.project-row:has-text("shop") .when:has-text("just now")');
    await home.context().close();
  });

  test('a refused event stream is tried again, and what was missed is caught up with', async () => {
    const tab = await newPage();
    let refusals = 2;
    await tab.route('**/desktop/events/**', (route) => (refusals-- > 0 ? route.fulfill({ status: 503 }) : route.continue()));
    await tab.goto(`${address}runs/`);
    await tab.waitForSelector('[data-server][data-on=""]');
    await page.goto(`${address}runs/`);
    await page.click('.scan-state button:has-text("Scan again")');
    await outcome('complete');
    const newest = await page.getAttribute('.run', 'id');
    await tab.waitForSelector(`#${newest}`);
    await tab.waitForSelector('[data-server][data-on="1"]');
    await tab.context().close();
    // The test itself caused these two responses.
    const own = complaints.filter((line) => line.includes('503'));
    for (const line of own) complaints.splice(complaints.indexOf(line), 1);
  });

  test('a part that the page is refused is not asked for until something changes', async () => {
    const tab = await newPage();
    await tab.goto(`${address}runs/`);
    let streams = 0;
    let asked = 0;
    // A stream that ends is reopened: it sends the same state again.
    const told = { versions: { scan: 'another' }, scans: [], worker: true };
    const url = await tab.evaluate(() => document.body.dataset.events);
    await tab.route('**/desktop/events/**', (route) => {
      streams += 1;
      route.fulfill({ contentType: 'text/event-stream', body: `retry: 500\n\ndata: ${JSON.stringify({ url, event: 'change', data: told })}\n\n` });
    });
    await tab.route('**/runs/?fragment=*', (route) => {
      asked += 1;
      route.fulfill({ status: 404 });
    });
    await tab.evaluate(() => window.dispatchEvent(new Event('djdesk:resume')));
    const until = streams + 5;
    while (streams < until) await tab.waitForRequest('**/desktop/events/**');
    assert.equal(asked, 1);
    await tab.context().close();
    const own = complaints.filter((line) => line.includes('404'));
    for (const line of own) complaints.splice(complaints.indexOf(line), 1);
  });

  test('fifteen tabs share one stream, the next leads when the leader goes, and all are up to date', async () => {
    const first = await newPage();
    const context = first.context();
    await first.goto(`${address}runs/`);
    const tabs = [first];
    while (tabs.length < 15) {
      const tab = await context.newPage();
      await tab.goto(tabs.length % 2 ? `${app.origin}/` : `${address}runs/`, { timeout: 10000 });
      tabs.push(tab);
    }
    for (const tab of tabs) await tab.waitForSelector('[data-server][data-on="1"]', { state: 'attached' });
    const connections = async () => (await fetch(`${app.origin}/desktop/events/`, { method: 'HEAD' })).status;
    assert.equal(await connections(), 403, 'and others get none');
    const led = await first.evaluate(async () => (await navigator.locks.query()).held?.filter(({ name = '' }) => name === 'djdesk-events-leader').length);
    assert.equal(led, 1);
    await first.close();
    await page.goto(`${address}runs/`);
    await page.click('.scan-state button:has-text("Scan again")');
    await outcome('complete');
    const newest = await page.getAttribute('.run', 'id');
    for (const tab of tabs.slice(1)) {
      if (tab.url().endsWith('runs/')) await tab.waitForSelector(`#${newest}`, { state: 'attached' });
    }
    await context.close();
  });

  test('a tab that was never seen follows nothing until it is', async () => {
    const visited = await newPage();
    const tab = await visited.context().newPage();
    await visited.close();
    await tab.addInitScript(() => {
      let seen = false;
      Object.defineProperty(document, 'visibilityState', { get: () => (seen ? 'visible' : 'hidden') });
      window.addEventListener('look', () => {
        seen = true;
        document.dispatchEvent(new Event('visibilitychange'));
      });
    });
    let streams = 0;
    tab.on('request', (request) => { if (request.url().includes('/desktop/events/')) streams += 1; });
    await tab.goto(`${address}runs/`);
    await tab.evaluate(() => navigator.locks.query());
    assert.equal(streams, 0);
    assert.deepEqual(await tab.evaluate(async () => (await navigator.locks.query()).held), []);
    const asked = tab.waitForRequest('**/desktop/events/**');
    await tab.evaluate(() => window.dispatchEvent(new Event('look')));
    await asked;
    await tab.context().close();
  });

  test('after sleep the stream is opened anew at once', async () => {
    await page.goto(`${address}runs/`);
    await page.waitForSelector('[data-server][data-on="1"]');
    await Promise.all([
      page.waitForRequest('**/desktop/events/**'),
      page.evaluate(() => window.dispatchEvent(new Event('djdesk:resume'))),
    ]);
    await page.waitForSelector('[data-server][data-on="1"]');
  });

  test('a project can be taken off the list', async () => {
    await page.goto(`${app.origin}/`);
    const before = await page.locator('.project-row').count();
    await page.click('.project-row:has-text("slow") .remove button');
    await page.waitForFunction((n) => document.querySelectorAll('.project-row').length === n - 1, before);
  });

  test('nothing complained: no console errors, no policy violations', () => {
    assert.deepEqual(complaints, []);
  });
});
