/** The help drawer, its pages, and messages about a missing network or server. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { missing } from '../../../tests/e2e/support/app.js';
import { Pages } from './support/pages.js';

describe('the help', { skip: missing() || false }, () => {
  const pages = new Pages();
  /** @type {string} */
  let address;
  before(async () => {
    await pages.start();
    address = await pages.open(pages.project({ apps: 2, models: 3 }));
  });
  after(() => pages.stop());

  const heading = () => pages.ready.page.locator('#help .help-heading');
  /** @param {string} title */
  const shows = (title) => pages.ready.page.waitForSelector(`#help .help-heading:text-is("${title}")`);
  const focused = () => pages.ready.page.evaluate(() => document.activeElement?.id);

  test('F1 opens the topic of the page, and Escape gives the focus back', async () => {
    const { page, app } = pages.ready;
    await page.goto(`${address}urls/`);
    assert.equal(await page.isVisible('#help'), false);
    await page.focus('#urls-filter');
    await page.keyboard.press('F1');
    await shows('URLs');
    assert.equal(await focused(), 'help-content');
    await page.keyboard.press('Escape');
    assert.equal(await page.isVisible('#help'), false);
    assert.equal(await focused(), 'urls-filter');
    for (const [url, title] of [[`${address}wiring/`, 'Templates, admin, wiring, translations and code'], [`${app.origin}/`, 'First steps'], [`${app.origin}/desktop/data/`, 'Data and backups']]) {
      await page.goto(url);
      await page.keyboard.press('F1');
      await shows(title);
      if (title === 'Templates, admin, wiring, translations and code') {
        const top = await page.evaluate(() => /** @type {HTMLElement} */ (document.getElementById('help-wiring')).getBoundingClientRect().top);
        assert.ok(top > 90 && top < 700, `the heading of the page is in sight, at ${top}`);
        assert.ok(await page.evaluate(() => /** @type {HTMLElement} */ (document.getElementById('help-content')).scrollTop > 0));
      }
      await page.keyboard.press('F1');
      assert.equal(await page.isVisible('#help'), false);
    }
  });

  test('it stays while one goes from page to page, and keeps what one chose to read', async () => {
    const { page } = pages.ready;
    await page.goto(`${address}models/`);
    await page.click('.titlebar .help-link');
    await shows('Models');
    await page.click('#rail a[title="Migrations"]');
    await page.waitForURL('**/migrations/');
    await shows('Migrations');
    assert.notEqual(await focused(), 'help-content', 'it takes no focus by itself');
    await page.click('#help .help-text a[data-help="commands"]');
    await shows('Run commands');
    await page.click('#rail a[title="Checks"]');
    await page.waitForURL('**/checks/');
    await shows('Run commands');
    await page.click('[data-help-back]');
    await shows('Migrations');
    await page.keyboard.press('Alt+ArrowRight');
    await shows('Run commands');
    assert.equal(await page.isDisabled('[data-help-forward]'), true);
    await page.click('[data-help-close]');
    await page.reload();
    assert.equal(await page.isVisible('#help'), false);
  });

  test('searching by keyboard only marks what was found and says how much it was', async () => {
    const { page } = pages.ready;
    await page.goto(`${address}models/`);
    await page.keyboard.press('F1');
    await shows('Models');
    await page.focus('#help-query');
    await page.keyboard.type('PROXY');
    await page.waitForSelector('#help .help-hits mark');
    assert.match((await page.textContent('#help-status')) || '', /^\d+ results?$/);
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.activeElement?.matches('.help-hits a'));
    await pages.axe('help: results');
    await page.keyboard.press('Enter');
    await shows('Models');
    await page.focus('#help-query');
    await page.keyboard.type('zzzz');
    await page.waitForSelector('#help .help-topics');
    assert.match((await heading().textContent()) || '', /No results for “zzzz”/);
    await page.keyboard.press('Escape');
    assert.equal(await page.isVisible('#help'), false);
  });

  test('the palette opens a topic', async () => {
    const { page } = pages.ready;
    await page.goto(`${address}models/`);
    await page.keyboard.press('Control+k');
    await page.waitForSelector('#palette[open] [role=option]');
    await page.keyboard.type('help: hist');
    await page.waitForSelector('#palette-0:has-text("Help: History")');
    await page.keyboard.press('Enter');
    await shows('History and comparing scans');
    await pages.axe('help: topic');
    await page.click('.help-tool.words');
    await shows('All topics');
    await pages.axe('help: all topics');
  });

  test('narrow: it fills the window and does not hide the next page', async () => {
    const { page } = pages.ready;
    await page.setViewportSize({ width: 640, height: 800 });
    try {
      await page.goto(`${address}models/`);
      assert.equal(await page.isVisible('#help'), false);
      await page.keyboard.press('F1');
      await shows('Models');
      const box = await page.locator('#help').boundingBox();
      assert.deepEqual([box?.x, box?.width, box?.height], [0, 640, 800]);
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 640);
      await pages.axe('help: narrow');
      await page.keyboard.press('Escape');
    } finally {
      await page.setViewportSize({ width: 1280, height: 800 });
    }
  });

  test('its own pages work without a script', async () => {
    const { page, app } = pages.ready;
    const state = await page.context().storageState();
    const plain = await /** @type {import('playwright-core').Browser} */ (pages.browser).newContext({ storageState: state, javaScriptEnabled: false });
    const still = await plain.newPage();
    await still.goto(`${address}models/`);
    await still.click('.titlebar .help-link');
    await still.click('a[href="/desktop/help/migrations/"]');
    assert.equal(await still.textContent('h1'), 'Migrations');
    await still.fill('#query', 'drift');
    await still.click('.help-search button');
    await still.click('.help-hits a');
    assert.match(still.url(), /#help-drift$/);
    await plain.close();
    await page.goto(`${app.origin}/desktop/help/data/`);
    await pages.axe('help: page');
    await page.goto(`${app.origin}/desktop/help/?q=backup`);
    await pages.axe('help: page of results');
  });

  test('Offline is said where there is no network, and what has to wait says why', async () => {
    const { page } = pages.ready;
    await page.goto(`${address}checks/`);
    assert.equal(await page.isVisible('.statusbar .offline'), false);
    await page.keyboard.press('F1');
    await shows('Checks');
    // What an app with online-help in its table adds to a topic.
    await page.evaluate(() => {
      const link = document.createElement('a');
      Object.assign(link, { href: 'https://docs.example.org/checks/', target: '_blank', textContent: 'Open this page online' });
      link.dataset.online = '';
      link.dataset.waits = 'No network';
      /** @type {Element} */ (document.querySelector('.help-foot')).append(link);
    });
    await page.context().setOffline(true);
    await page.waitForSelector('.statusbar .offline', { state: 'visible' });
    await page.waitForSelector('a[data-online][aria-disabled=true] + [data-reason]:text-is("No network")');
    const opened = page.context().pages().length;
    await page.click('a[data-online]', { force: true });
    assert.equal(page.context().pages().length, opened);
    await page.context().setOffline(false);
    await page.waitForSelector('.statusbar .offline', { state: 'hidden' });
    await page.waitForSelector('a[data-online]:not([aria-disabled])');
    assert.equal(await page.locator('[data-reason]').count(), 0);
    await page.waitForSelector('#connection', { state: 'hidden' });
  });

  test('without a network the app goes on, and says so', async () => {
    const { page } = pages.ready;
    await page.goto(`${address}urls/`);
    // The debugger's offline mode also blocks this computer's server, unlike an unplugged cable.
    await page.evaluate(() => {
      Object.defineProperty(navigator, 'onLine', { value: false, configurable: true });
      window.dispatchEvent(new Event('offline'));
    });
    await page.click('.statusbar .offline');
    await shows('Privacy and the network');
    assert.equal(await page.isVisible('#connection'), false);
    assert.match((await page.getAttribute('.statusbar .offline', 'title')) || '', /Everything here works/);
    await pages.axe('offline');
    await page.click('[data-help-close]');
  });

  test('a server that does not answer is said, and nothing typed is lost', async () => {
    const { page, app } = pages.ready;
    await page.goto(`${app.origin}/`);
    await page.waitForSelector('[data-server][data-on="1"]');
    pages.complaints.length = 0;
    await app.stopServer();
    await page.waitForSelector('#connection', { state: 'visible' });
    await page.fill('#id_path', '/typed/while/away');
    await page.click('.open-form button[type=submit]');
    await page.waitForSelector('.notice:has-text("Not sent")');
    await page.click('.statusbar a[href="/preferences/"]');
    assert.equal(new URL(page.url()).pathname, '/');
    assert.equal(await page.inputValue('#id_path'), '/typed/while/away');
    await page.keyboard.press('Escape');
    await page.keyboard.press('F1');
    await page.waitForSelector('#help [data-help-again]');
    await pages.axe('without a server');
    await app.startServer();
    await page.waitForSelector('#connection', { state: 'hidden' });
    await page.waitForSelector('.notice:has-text("answers again")');
    await shows('First steps');
    assert.equal(await page.inputValue('#id_path'), '/typed/while/away');
    pages.complaints.splice(0, pages.complaints.length, ...pages.complaints.filter((line) => !/Failed to load resource|ERR_/.test(line)));
  });

  test('nothing complained', () => {
    const real = pages.complaints.filter((line) => !/ERR_INTERNET_DISCONNECTED/.test(line));
    assert.deepEqual(real, []);
  });
});
