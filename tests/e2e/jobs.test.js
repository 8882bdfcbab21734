/** The job pages as a user of the simulation example sees them: real server, worker and jobs. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';

import { missing, PYTHON } from './support/app.js';
import { Pages } from './support/pages.js';

/** Enough draws to take minutes, so that the job runs until it is stopped. */
const ENDLESS = '1000000';

describe('jobs that take long', { skip: missing() || false }, () => {
  const pages = new Pages();
  const folder = mkdtempSync(path.join(tmpdir(), 'djdesk-jobs-'));

  before(async () => {
    execFileSync(PYTHON, ['-I', '-X', 'utf8', '-m', 'djdesk.cli', 'new', 'steel', '--in', folder, '--example', 'simulation']);
    await pages.start([], path.join(folder, 'steel'));
  });
  after(async () => {
    await pages.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** @param {string} way */
  const go = (way) => pages.ready.page.goto(pages.ready.app.origin + way);
  /** @param {string} name @param {Record<string, string>} values */
  const addAndRun = async (name, values) => {
    const { page } = pages.ready;
    await go('/add/');
    await page.fill('[name=name]', name);
    for (const [field, value] of Object.entries(values)) await page.fill(`[name=${field}]`, value);
    await page.click('text=Save');
    await page.click('button:has-text("Run")');
    await page.waitForSelector('text=is queued');
  };

  test('a run is followed to its result without a reload, and found again', async () => {
    const { page } = pages.ready;
    await addAndRun('Base', { draws: '40', plants: '50' });
    await go('/desktop/jobs/');
    await page.evaluate(() => { Object.assign(window, { same: true }); });
    await page.waitForSelector('.state.done');
    assert.equal(await page.evaluate(() => /** @type {any} */ (window).same), true);
    await page.click('.table a:has-text("Simulation")');
    await page.waitForSelector('a:has-text("years.csv")');
    assert.match(await page.innerText('#jobs'), /emissions 2060/);
    await pages.axe('a job that is done');
    // The app's own page has the chart and the table.
    await go('/1/');
    await page.waitForSelector('svg polyline');
    assert.equal(await page.locator('tbody tr').count(), 36);
    await pages.axe('a result');
  });

  test('progress moves while one looks, and the keyboard stops it', async () => {
    const { page } = pages.ready;
    await addAndRun('Endless', { draws: ENDLESS, plants: '10' });
    await go('/desktop/jobs/');
    await page.waitForSelector('.state.running');
    const text = () => page.locator('[data-part=worked]').first().innerText();
    await page.waitForFunction(() => document.querySelector('[data-part=worked]')?.textContent);
    const before = await text();
    await page.waitForFunction((earlier) => document.querySelector('[data-part=worked]')?.textContent !== earlier, before);
    await pages.axe('a job that runs');
    for (const width of [320, 1280]) {
      await page.setViewportSize({ width, height: 800 });
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0, `at ${width} px`);
    }
    await page.focus('button:has-text("Stop")');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.state.stopped');
    assert.match(await page.innerText('.table'), /You stopped it\./);
  });

  test('a stopped one goes on from where it was', async () => {
    const { page } = pages.ready;
    await page.click('tr:has(.state.stopped) a');
    await page.click('button:has-text("Resume from the last checkpoint")');
    await page.waitForSelector('.state.running');
    assert.match(await page.innerText('.facts'), /started 2 times/);
    await page.click('button:has-text("Stop")');
    await page.waitForSelector('.state.stopped');
  });

  test('two are compared, and one is deleted after a question', async () => {
    const { page } = pages.ready;
    await go('/desktop/jobs/');
    const boxes = page.locator('input[name=run]');
    await boxes.nth(0).check();
    await boxes.nth(1).check();
    await page.click('button:has-text("Compare two")');
    await page.waitForSelector('.compare');
    const lines = await page.innerText('.compare');
    assert.match(lines, /scenario\s+1\s+2\s+differs/);
    assert.match(lines, /state\s+done\s+stopped\s+differs/);
    await pages.axe('two jobs');
    await page.setViewportSize({ width: 320, height: 800 });
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0);
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.click('.compare a >> nth=1');
    await page.click('summary:has-text("Delete…")');
    await page.click('button:has-text("Delete this job")');
    await page.waitForSelector('text=Deleted Simulation');
    assert.equal(await page.locator('tbody tr').count(), 1);
  });

  test('no page complained', () => assert.deepEqual(pages.complaints, []));
});
