/** Typical tasks by keyboard alone, seeing only the accessibility tree. */
import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';

import { missing, PYTHON } from '../../../tests/e2e/support/app.js';
import { Pages } from './support/pages.js';
import { Reader } from './support/reader.js';

describe('by keys and by ear', { skip: missing() || false }, () => {
  const pages = new Pages();
  /** @type {Reader} */
  let reader;
  /** @type {string} */
  let root;

  before(async () => {
    await pages.start();
    root = pages.project({ apps: 2, models: 3, name: 'spoken' });
    reader = await Reader.of(pages.ready.page);
  });
  after(() => pages.stop());

  /** Go to a page of the project through the palette. @param {string} words @param {RegExp} heading */
  async function goTo(words, heading) {
    // Keys work once the page has loaded completely.
    await pages.ready.page.waitForLoadState();
    await reader.press('Control+k');
    await reader.isAt('combobox', /./);
    await reader.type(words);
    await reader.meets('option', heading);
    await reader.press('Enter');
    await reader.meets('heading', heading);
  }

  test('open a project', async () => {
    const { page, app } = pages.ready;
    await page.goto(`${app.origin}/`);
    await reader.tabTo('textbox', /Project folder/);
    await reader.type(root);
    await reader.press('Enter');
    await reader.meets('heading', /^spoken$/);
    await reader.meets('link', /Complete/);
  });

  test('trust it', async () => {
    await reader.tabTo('textbox', /interpreter/i, { most: 70 });
    await reader.press('Control+a');
    await reader.type(PYTHON);
    await reader.tabTo('button', /Trust this folder|run/i, { most: 12 });
    await reader.press('Enter');
    await reader.meets('heading', /This folder is trusted/);
    await pages.outcome('complete');
  });

  test('scan it again, hear the start and the end, and keep the focus', async () => {
    await reader.listen();
    await reader.tabTo('button', /^Scan again$/, { back: true, most: 80 });
    await reader.press('Enter');
    await reader.hears(/^Scanning spoken/);
    await reader.hears(/^Scan of spoken: Complete\. /);
    await reader.isAt('button', /^Scan again$/);
  });

  test('read a finding', async () => {
    const fold = await reader.tabTo('DisclosureTriangle', /^Why/, { most: 60 });
    assert.equal(fold.expanded, false);
    await reader.press('Enter');
    assert.equal((await reader.focused()).expanded, true);
    assert.equal((await reader.focused()).role, 'DisclosureTriangle', 'the focus stays');
  });

  test('find a model', () => goTo('area02.item02', /Item02/));

  test('follow a relation, and come back', async () => {
    // The name is announced in two parts if it may break.
    await reader.tabTo('link', /^area01\.\s?Item/, { most: 60 });
    await reader.press('Enter');
    await reader.meets('heading', /^Item0\d$/);
    await pages.ready.page.waitForFunction(() => /model=area01\.Item/.test(location.search));
    // The browser has a key for it, but headless mode has no window to press it in.
    await pages.ready.page.goBack();
    await pages.ready.page.waitForFunction(() => /model=area02\.Item02/.test(location.search));
  });

  test('look at the view behind a URL, and come back to where one was', async () => {
    await goTo('urls', /^URLs/);
    await pages.ready.page.waitForLoadState();
    // The name is announced in parts if it may break.
    await reader.tabTo('link', /^\/area01\/\s?<int:\s?pk>/, { most: 60 });
    await reader.press('Enter');
    await reader.isAt('heading', /^\/area01\/\s?<int:\s?pk>/);
    await pages.ready.page.waitForFunction(() => new URLSearchParams(location.search).get('url') === 'area01/<int:pk>/');
    await reader.meets('group', /^Source in area01\/views\.py/);
    await reader.press('Escape');
    await reader.isAt('link', /^\/area01\/\s?<int:\s?pk>/);
    await pages.ready.page.waitForFunction(() => !location.search);
  });

  test('compare two scans', async () => {
    await goTo('history', /^History/);
    await reader.tabTo('button', /^Show the differences$/, { most: 60 });
    await reader.press('Enter');
    await reader.meets('heading', /^Differences$/);
  });

  test('have it scanned again when a file changes, and keep the focus', async () => {
    await goTo('history', /^History/);
    await reader.tabTo('switch', /^Rescan when files change$/, { most: 60 });
    await reader.listen();
    await reader.press('Space');
    await pages.ready.page.waitForSelector('[role=switch][aria-checked=true]');
    appendFileSync(path.join(root, 'area01/models.py'), '\n\nclass Later(models.Model):\n    pass\n');
    await reader.hears(/^Files of spoken changed and were scanned: Complete\. /);
    await reader.isAt('switch', /^Rescan when files change$/);
    await reader.meets('link', /Models \+1/);
    await reader.press('Space');
    await pages.ready.page.waitForSelector('[role=switch][aria-checked=false]');
  });

  test('see what each scan counted, and what changed in one of them', async () => {
    await goTo('history', /^History/);
    await reader.tabTo('link', /^Timeline$/, { most: 60 });
    await reader.press('Enter');
    await reader.meets('heading', /^Timeline$/);
    await reader.meets('list', /^From the oldest scan to the newest$/);
    await reader.meets('cell', /^\d+ \+1$/); // the added model
    await reader.tabTo('link', /\d:\d\d/, { most: 80 });
    await reader.press('Enter');
    await reader.meets('heading', /^Differences$/);
    await reader.meets('StaticText', /Later/);
  });

  test('export a report', async () => {
    await goTo('exports', /^Exports/);
    const report = await reader.tabTo('checkbox', /^Report/, { most: 60 });
    assert.equal(report.checked, 'true');
    await reader.tabTo('button', /^Create$/, { most: 20 });
    await reader.press('Enter');
    await reader.meets('link', /spoken-report.*\.html$/);
    const { page } = pages.ready;
    const another = () => page.evaluate(async () => {
      const form = /** @type {HTMLFormElement} */ (document.getElementById('create'));
      await fetch(form.action, { method: 'POST', body: new FormData(form) });
    });
    // Once the page shows a second one without a reload, it is known to receive events.
    await another();
    await page.waitForFunction(() => document.querySelectorAll('#exports tr[data-row]').length === 2);
    await reader.listen();
    await another();
    await reader.hears(/^Report.*: Done$/);
  });

  test('run a command', async () => {
    await goTo('run', /^Run/);
    await reader.tabTo('DisclosureTriangle', /^Check\b/, { most: 60 });
    await reader.press('Enter');
    await reader.tabTo('checkbox', /./, { most: 12 });
    await reader.press('Space');
    await reader.tabTo('button', /^Run/, { most: 6 });
    await reader.press('Enter');
    await pages.ready.page.waitForURL(/commands\/\d+\/$/);
    await reader.meets('StaticText', /Done/);
  });

  test('hear that a command began and how it ended, on whatever page one is', async () => {
    await goTo('run', /^Run/);
    const { page } = pages.ready;
    const another = () => page.evaluate(async () => {
      const form = /** @type {HTMLFormElement} */ (document.querySelector('#preset-check form'));
      for (const box of Array.from(form.querySelectorAll('input[type=checkbox]'))) /** @type {HTMLInputElement} */ (box).checked = true;
      await fetch(form.action, { method: 'POST', body: new FormData(form) });
    });
    // Once the page lists a second run without a reload, it is known to receive events.
    await another();
    await page.waitForSelector('tr[id^=cmd-] >> nth=1');
    await page.waitForFunction(() => Array.from(document.querySelectorAll('tr[id^=cmd-]')).every((row) => /Done/.test(row.textContent || '')));
    await reader.listen();
    await another();
    await reader.hears(/^Running Check$/);
    await reader.hears(/^Check: Done/);
  });

  test('change the theme and the language', async () => {
    const { page } = pages.ready;
    await reader.press('Control+,');
    await reader.meets('heading', /^Preferences$/);
    await reader.tabTo('radio', /Match system/, { most: 40 });
    await reader.press('ArrowDown', 'ArrowDown');
    assert.match((await reader.focused()).name, /^Dark/);
    await page.waitForSelector('html[data-theme=dark]');
    await reader.press('Tab');
    await reader.tabTo('radio', /Match system/, { most: 6 });
    /**
     * Each choice reloads the page, which keeps the focus.
     * @param {string} key @param {RegExp} language @param {RegExp} heading
     */
    const choose = async (key, language, heading) => {
      await page.evaluate(() => { /** @type {any} */ (window).before = true; });
      await reader.press(key);
      await page.waitForFunction(() => !(/** @type {any} */ (window).before));
      await reader.meets('heading', heading);
      await reader.isAt('radio', language);
    };
    await choose('ArrowDown', /^English/, /^Preferences$/);
    await choose('ArrowDown', /^Deutsch/, /^Voreinstellungen$/);
    await choose('ArrowUp', /^English/, /^Preferences$/);
  });

  test('take it off the list, and undo that by the keys', async () => {
    const { page, app } = pages.ready;
    await page.goto(`${app.origin}/`);
    await reader.listen();
    await reader.tabTo('button', /^Remove spoken from this list$/, { most: 40 });
    await reader.press('Enter');
    await page.waitForFunction(() => !document.querySelector('.project-row'));
    await reader.isAt('button', /^Undo$/);
    assert.equal((await reader.tree()).some((node) => node.role === 'link' && node.name === 'spoken'), false);
    await page.waitForLoadState();
    await reader.press('Control+z');
    await reader.meets('link', /^spoken$/);
  });

  test('see what another project has and this one has not', async () => {
    await pages.open(pages.project({ apps: 1, models: 2, name: 'smaller' }));
    await goTo('history', /^History/);
    await reader.tabTo('link', /^Another project$/, { most: 60 });
    await reader.press('Enter');
    await reader.meets('heading', /^Compare with another project$/);
    await reader.tabTo('button', /^Compare$/, { most: 60 });
    await reader.press('Enter');
    await reader.meets('columnheader', /^spoken$/);
    await reader.meets('cell', /^not there$/);
    const row = pages.ready.page.locator('#beside-models tr[data-row]', { hasText: 'area02.Item01' });
    assert.match(await row.innerText(), /\bnot there\b.*\bthere\b/s);
  });

  test('nothing complained', () => assert.deepEqual(pages.complaints, []));
});
