/** The schema diagram alone on a page, in a browser. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { after, before } from 'node:test';
import { chromium } from 'playwright-core';

import { serveSchema } from '../../support/schema-server.js';

/** @typedef {import('playwright-core').Page} Page @typedef {import('playwright-core').Browser} Browser */

const executablePath = process.env.DJDESK_CHROMIUM || '/usr/bin/chromium';
export const skip = existsSync(executablePath) ? false : `no browser at ${executablePath}: name one in DJDESK_CHROMIUM, or needs-package: chromium`;

/** @type {Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof serveSchema>>} */
let server;

/** The server and browser for one test file. @param {Record<string, any>} [samples] as for serveSchema */
export function useSchema(samples = {}) {
  before(async () => {
    if (skip) return;
    server = await serveSchema(samples);
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'] });
  });
  after(async () => {
    if (skip) return;
    await browser.close();
    await server.close();
  });
}

/**
 * Run a test on a new page; fails on console errors and policy violations.
 * @param {string} query @param {(page: Page) => Promise<void>} body @param {import('playwright-core').BrowserContextOptions} [options]
 */
export async function onPage(query, body, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, acceptDownloads: true, ...options });
  const page = await context.newPage();
  /** @type {string[]} */
  const problems = [];
  page.on('console', (message) => { if (['error', 'warning'].includes(message.type())) problems.push(message.text()); });
  page.on('pageerror', (error) => problems.push(String(error.stack)));
  try {
    await page.addInitScript(waitForLayers);
    await open(page, query);
    await body(page);
    assert.deepEqual(problems, []);
  } finally {
    await context.close();
  }
}

/** Pictures are compared by layers, however slow the machine: wait a minute for them, not four seconds. */
function waitForLayers() {
  const { setTimeout: own } = window;
  /** @type {any} */ (window).setTimeout = (/** @type {() => void} */ callback, /** @type {number} */ delay, /** @type {any[]} */ ...rest) => own(callback, delay === 4000 ? 60000 : delay, ...rest);
}

/** @param {Page} page @param {string} query */
export async function open(page, query) {
  await page.goto(server.url + query);
  await page.waitForFunction(() => /** @type {any} */ (window).painted > 0, null, { timeout: 30000 });
  await settled(page);
}

/** Wait until the picture is still. @param {Page} page */
export async function settled(page) {
  await page.evaluate(() => new Promise((resolve) => {
    let last = '';
    let same = 0;
    const look = () => {
      const world = /** @type {HTMLElement} */ (document.querySelector('.schema-world'));
      const now = `${world.style.transform} ${world.childElementCount} ${document.querySelector('.is-busy') ? Math.random() : ''}`;
      same = now === last ? same + 1 : 0;
      last = now;
      if (same > 5) resolve(undefined);
      else requestAnimationFrame(look);
    };
    look();
  }));
}

/** @param {Page} page */
export const zoomOf = (page) => page.evaluate(() => Number((/scale\(([^)]+)\)/.exec(/** @type {HTMLElement} */ (document.querySelector('.schema-world')).style.transform) || [])[1]));
/** @param {Page} page @param {string} id */
export const card = (page, id) => page.locator(`.schema-card[data-id="${id}"]`);
/** @param {Page} page @param {string} id */
export async function middle(page, id) {
  const box = await card(page, id).boundingBox();
  assert.ok(box, `${id} is on the page`);
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}
/** An empty position on the surface. @param {Page} page */
export const emptySpot = (page) => page.evaluate(() => {
  for (let y = 180; y < 700; y += 7) for (let x = 120; x < 1200; x += 7) if (document.elementFromPoint(x, y)?.matches('.schema-surface, .schema-labels, .schema-canvas')) return { x, y };
  throw new Error('the surface is full');
});
/** @param {Page} page @param {string} text */
export async function find(page, text) {
  await page.keyboard.press('/');
  await page.keyboard.type(text);
  await page.waitForSelector('.schema-results:not([hidden]) [role=option]');
  await page.keyboard.press('Enter');
  await settled(page);
}
/** @param {Page} page */
export async function everything(page) {
  await page.click('.schema-segment:text-is("Everything")');
  await settled(page);
}

/** The picture on the screen, as SVG text. @param {Page} page */
export async function asSvg(page) {
  await page.click('summary:has-text("Export")');
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('.schema-item:text-is("SVG picture")')]);
  return readFile(/** @type {string} */ (await download.path()), 'utf8');
}
/** Lines with a title are edges; in layers they are straight between corners. @param {string} svg */
export const courses = (svg) => [...svg.matchAll(/<path d="([^"]+)"[^>]*><title>/g)].map(([, d]) => d);
