/** The home page with many projects, and pages that follow changes by another process. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, before, describe, test } from 'node:test';

import { missing, PYTHON } from '../../../tests/e2e/support/app.js';
import { appEnvironment } from '../../../scripts/setup/apps.js';
import { INSPECTOR, Pages } from './support/pages.js';

/**
 * Change the database from a separate process, like the worker.
 * @param {string} dataDir @param {string} code with `Project`, `Scan` and `now`; committed when this returns
 */
function inAnotherProcess(dataDir, code) {
  const start = 'import django; django.setup()\nfrom datetime import UTC, datetime, timedelta\nfrom inspector.models import Scan, Project\nnow = datetime(2026, 1, 1, tzinfo=UTC)\n';
  const done = spawnSync(PYTHON, ['-I', '-c', start + code], {
    encoding: 'utf8', env: { ...process.env, ...appEnvironment(INSPECTOR, dataDir) },
  });
  assert.equal(done.status, 0, done.stderr);
}

/** @param {string} name @param {number} at seconds, for the order */
const project = (name, at) => `Project.objects.create(path="/nowhere/${name}", name="${name}", last_opened=now + timedelta(seconds=${at}))`;

describe('home', { skip: missing() || false }, () => {
  const pages = new Pages();
  before(() => pages.start());
  after(() => pages.stop());

  test('what another process writes arrives, and typing, focus, scroll and nodes stay', async () => {
    const { page, app } = pages.ready;
    await page.setViewportSize({ width: 1280, height: 420 });
    inAnotherProcess(app.dataDir, Array.from({ length: 12 }, (_, i) => project(`p${String(i).padStart(2, '0')}`, i)).join('\n'));
    await page.goto(`${app.origin}/`);
    await page.waitForSelector('[data-server][data-on="1"]');
    await page.fill('#id_path', '/half/a/pa');
    await page.focus('#id_path');
    await page.evaluate(() => {
      const main = /** @type {HTMLElement} */ (document.querySelector('.home-main'));
      main.scrollTop = 150;
      /** @type {any} */ (document.querySelector('#list')).kept = true;
      /** @type {any} */ (document.querySelector('.project-row')).kept = true;
      /** @type {any} */ (window).gone = [];
      new MutationObserver((records) => {
        for (const { removedNodes } of records) for (const node of Array.from(removedNodes)) if (node instanceof Element) /** @type {any} */ (window).gone.push(node.outerHTML.slice(0, 80));
      }).observe(document.body, { childList: true, subtree: true });
    });
    inAnotherProcess(app.dataDir, `late = ${project('late', 40)}\nScan.objects.create(project=late, status="complete", finished=now)`);
    await page.waitForSelector('.project-row:has-text("late")');
    await page.waitForSelector('.activity-row:has-text("late")');
    assert.deepEqual(await page.evaluate(() => {
      const rows = Array.from(document.querySelectorAll('.project-row'));
      return {
        focus: document.activeElement && document.activeElement.id,
        typed: /** @type {HTMLInputElement} */ (document.getElementById('id_path')).value,
        // The browser may anchor scrolling to visible content when something is inserted above.
        scrolled: /** @type {HTMLElement} */ (document.querySelector('.home-main')).scrollTop >= 150,
        list: /** @type {any} */ (document.querySelector('#list')).kept,
        row: rows.some((row) => /** @type {any} */ (row).kept),
        gone: /** @type {any} */ (window).gone,
      };
    }), { focus: 'id_path', typed: '/half/a/pa', scrolled: true, list: true, row: true, gone: [] });
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  test('many projects: filter, order, and both outlast what arrives', async () => {
    const { page, app } = pages.ready;
    await page.goto(`${app.origin}/`);
    await page.click('.sorts a:has-text("Name")');
    await page.waitForSelector('.sorts a[aria-current]:has-text("Name")');
    const names = () => page.$$eval('.project-row:not([hidden]) .name', (all) => all.map((e) => e.textContent));
    assert.equal((await names())[0], 'late');
    await page.keyboard.press('/');
    await page.keyboard.type('p0');
    await page.waitForFunction(() => document.querySelectorAll('.project-row:not([hidden])').length === 10);
    inAnotherProcess(app.dataDir, `${project('p0-new', 41)}\n${project('away', 42)}`);
    await page.waitForSelector('.project-row:has-text("p0-new")');
    assert.deepEqual((await names()).slice(0, 2), ['p0-new', 'p00']);
    assert.equal((await names()).length, 11);
    await page.fill('#projects-filter', 'nothing like it');
    await page.waitForSelector('#projects-nothing:not([hidden])');
    await pages.axe('home with many projects');
  });

  test('a page that has refused a folder stays current, and loading it again sends nothing', async () => {
    const { page, app } = pages.ready;
    await page.goto(`${app.origin}/`);
    await page.fill('#id_path', '/nowhere/at/all');
    await page.press('#id_path', 'Enter');
    await page.waitForSelector('#path-error');
    assert.equal(page.url(), `${app.origin}/`);
    inAnotherProcess(app.dataDir, project('after-refusal', 5000));
    await page.waitForSelector('.project-row:has-text("after-refusal")');
    assert.ok(await page.isVisible('#path-error'), 'and the message stays');
    const [again] = await Promise.all([page.waitForRequest((request) => request.isNavigationRequest()), page.reload()]);
    assert.equal(again.method(), 'GET');
    assert.equal(await page.locator('#path-error').count(), 0);
  });

  test('nothing complained', () => assert.deepEqual(pages.complaints, []));
});
