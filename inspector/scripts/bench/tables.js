// Measures the long pages of a large project in headless Chromium without a GPU: the real server,
// a generated project.
//   node inspector/scripts/bench/tables.js [--models 1000] [--json]
// first paint: from the request to the first text, server included; key: from a keystroke in the
// filter to the frame that shows its result, the slowest of six; sort: the same for a click on a
// header cell; scroll: frames per second.
import { INSPECTOR } from '../../tests/e2e/support/pages.js';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PYTHON, ROOT, chromium, missing, startApp } from '../../../tests/e2e/support/app.js';

const option = (/** @type {string} */ name) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? null : process.argv[at + 1];
};
const lacking = missing();
if (lacking) throw new Error(lacking);
const models = Number(option('models') || 1000);
const folder = mkdtempSync(path.join(tmpdir(), 'djdesk-tables-'));
const project = path.join(folder, 'large');
const made = spawnSync(PYTHON, ['-c', `import sys; from pathlib import Path; from generate import generate; generate(Path(${JSON.stringify(project)}), ${models})`], { env: { ...process.env, PYTHONPATH: path.join(ROOT, 'inspector', 'scripts', 'bench') }, encoding: 'utf8' });
if (made.status !== 0) throw new Error(made.stderr);

/** @typedef {import('playwright-core').Page} Page */
/**
 * Perform an action and wait for the second frame after it.
 * @param {Page} page @param {string} selector @param {string} value of the filter; '' clicks
 */
const timed = (page, selector, value) => page.evaluate(([where, text]) => new Promise((resolve) => {
  const element = /** @type {HTMLInputElement} */ (document.querySelector(where));
  const started = performance.now();
  if (text) {
    element.value = text;
    element.dispatchEvent(new Event('input', { bubbles: true }));
  } else element.click();
  requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - started)));
}), [selector, value]);

/** @param {Page} page @param {string} selector what scrolls */
const scrolling = (page, selector) => page.evaluate((where) => new Promise((resolve) => {
  const element = /** @type {HTMLElement} */ (document.querySelector(where));
  const step = Math.max(200, element.scrollHeight / 120);
  /** @type {number[]} */
  const times = [];
  let last = performance.now();
  const next = (/** @type {number} */ now) => {
    times.push(now - last);
    last = now;
    element.scrollTop += step;
    if (times.length < 90) requestAnimationFrame(next);
    else resolve(1000 / (times.slice(2).reduce((sum, time) => sum + time, 0) / (times.length - 2)));
  };
  requestAnimationFrame(next);
}), selector);

const app = await startApp(INSPECTOR);
const { chromium: launcher } = await import('playwright-core');
const browser = await launcher.launch({ executablePath: chromium(), args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'] });
const rows = [];
try {
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
  await page.goto(await app.enter());
  await page.fill('#id_path', project);
  await page.click('.open-form button[type=submit]');
  await page.waitForURL('**/projects/*/');
  await page.waitForSelector('.scan-state .outcome.complete', { timeout: 120000 });
  const address = page.url();
  for (const [name, where, items, filter, sort, scroller] of [
    ['Models', 'models/', '.model-list li', '#model-filter', '', '.list-pane'],
    ['URLs', 'urls/', '#urls tr[data-row]', '#urls-filter', '#urls th button', '#urls-wrap'],
    ['Templates', 'templates/', 'tr[data-row]', '[data-filter]', 'th button', '.table-wrap'],
    ['Migrations', 'migrations/', 'tr[data-row]', '[data-filter]', 'th button', '.table-wrap'],
  ]) {
    await page.goto(address + where, { waitUntil: 'load' });
    await page.waitForFunction(() => performance.getEntriesByName('first-contentful-paint').length > 0);
    const paint = await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0].startTime);
    await page.waitForSelector('[data-shown-count]:not(:empty)');
    const keys = [];
    for (const text of ['t', 'th', 'thi', 'thing3', 'thing33', 't']) keys.push(await timed(page, filter, text));
    const click = sort && (await page.$(sort)) ? Math.round(/** @type {number} */ (await timed(page, sort, ''))) : '-';
    const fps = await scrolling(page, scroller);
    rows.push({ page: name, rows: await page.locator(items).count(), 'first paint ms': Math.round(paint), 'key ms': Math.round(Math.max(...keys.map(Number))), 'sort ms': click, 'scroll fps': Math.round(Number(fps)) });
  }
} finally {
  await browser.close();
  await app.stop();
  rmSync(folder, { recursive: true, force: true });
}
if (process.argv.includes('--json')) console.log(JSON.stringify(rows, null, 2));
else {
  const heads = Object.keys(rows[0] || {});
  console.log(`| ${heads.join(' | ')} |\n| --- |${heads.slice(1).map(() => ' ---: ').join('|')}|`);
  for (const row of rows) console.log(`| ${Object.values(row).join(' | ')} |`);
}
