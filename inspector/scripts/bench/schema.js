// Measures the schema diagram in headless Chromium without a GPU, on generated projects.
//   node inspector/scripts/bench/schema.js [--sizes 12,30,100,300,1000] [--json | --docs]
// --docs writes the figures into inspector/docs/schema-diagram.md.
// first paint: from mounting to the frame after the first picture, on the level that a project of
// that size opens on; everything: from choosing the level of all models to its picture, layout
// included; frames per second while panning, by requestAnimationFrame: all models in view, names,
// and fields; and while zooming from all models to fields and back.
import { chromium } from 'playwright-core';
import { serveSchema } from '../../tests/support/schema-server.js';
import { show } from './figures.js';

const option = (/** @type {string} */ name) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? null : process.argv[at + 1];
};
const sizes = (option('sizes') || '12,30,100,300,1000').split(',').map(Number);
const executablePath = process.env.DJDESK_CHROMIUM || '/usr/bin/chromium';
const FRAMES = 90;

/** @typedef {import('playwright-core').Page} Page */

/** Drag the surface for a number of frames and return their times. @param {Page} page */
const panning = (page) => page.evaluate((frames) => new Promise((resolve) => {
  const surface = /** @type {HTMLElement} */ (document.querySelector('.schema-surface'));
  const labels = /** @type {HTMLElement} */ (document.querySelector('.schema-canvas'));
  const fire = (/** @type {string} */ type, /** @type {number} */ x, /** @type {number} */ y) => labels.dispatchEvent(new PointerEvent(type, { bubbles: true, pointerId: 7, pointerType: 'touch', button: 0, buttons: 1, clientX: x, clientY: y }));
  /** @type {number[]} */
  const times = [];
  let last = performance.now();
  let most = 0;
  fire('pointerdown', 640, 400);
  const step = (/** @type {number} */ now) => {
    times.push(now - last);
    last = now;
    most = Math.max(most, document.querySelectorAll('.schema-card').length);
    const turn = times.length / frames * Math.PI * 2;
    fire('pointermove', 640 + Math.cos(turn) * 380 - 380, 400 + Math.sin(turn) * 260);
    if (times.length < frames) requestAnimationFrame(step);
    else {
      fire('pointerup', 640, 400);
      const sorted = times.slice(2).sort((a, b) => a - b);
      resolve({ fps: 1000 / (sorted.reduce((sum, time) => sum + time, 0) / sorted.length), worst: sorted[Math.floor(sorted.length * 0.99)], cards: most, level: surface.dataset.level });
    }
  };
  requestAnimationFrame(step);
}), FRAMES);

/** Turn the wheel in and out and return the frame times. @param {Page} page */
const zooming = (page) => page.evaluate((frames) => new Promise((resolve) => {
  const surface = /** @type {HTMLElement} */ (document.querySelector('.schema-surface'));
  /** @type {number[]} */
  const times = [];
  let last = performance.now();
  const step = (/** @type {number} */ now) => {
    times.push(now - last);
    last = now;
    surface.dispatchEvent(new WheelEvent('wheel', { bubbles: true, cancelable: true, clientX: 640, clientY: 420, deltaY: times.length * 2 < frames ? -45 : 45 }));
    if (times.length < frames) requestAnimationFrame(step);
    else {
      const sorted = times.slice(2).sort((a, b) => a - b);
      resolve({ fps: 1000 / (sorted.reduce((sum, time) => sum + time, 0) / sorted.length), worst: sorted[Math.floor(sorted.length * 0.99)], cards: document.querySelectorAll('.schema-card').length });
    }
  };
  requestAnimationFrame(step);
}), FRAMES);

/** @param {Page} page */
const still = (page) => page.evaluate(() => new Promise((resolve) => {
  let last = '';
  let same = 0;
  const look = () => {
    const world = /** @type {HTMLElement} */ (document.querySelector('.schema-world'));
    const now = world.style.transform + world.childElementCount;
    same = now === last ? same + 1 : 0;
    last = now;
    if (same > 8) resolve(undefined);
    else requestAnimationFrame(look);
  };
  look();
}));

const server = await serveSchema();
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'] });
const rows = [];
try {
  for (const size of sizes) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    const page = await context.newPage();
    await page.goto(`${server.url}?n=${size}`);
    await page.waitForFunction(() => /** @type {any} */ (window).painted > 0);
    const paint = await page.evaluate(() => /** @type {any} */ (window).painted);
    const all = await page.evaluate(() => new Promise((resolve) => {
      const started = performance.now();
      const button = /** @type {HTMLElement} */ (Array.from(document.querySelectorAll('.schema-segment')).find((one) => one.textContent === 'Everything'));
      button.click();
      const look = () => {
        if (document.querySelector('.is-busy')) requestAnimationFrame(look);
        else requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - started)));
      };
      requestAnimationFrame(look);
    }));
    await still(page);
    const whole = await panning(page);
    const zoom = await zooming(page);
    await still(page);
    const zoomTo = async (/** @type {number} */ wanted) => {
      await page.evaluate((k) => {
        const surface = /** @type {HTMLElement} */ (document.querySelector('.schema-surface'));
        const now = Number((/scale\(([^)]+)\)/.exec(/** @type {HTMLElement} */ (document.querySelector('.schema-world')).style.transform) || [])[1]);
        for (let left = Math.log(k / now) / 0.0018; Math.abs(left) > 0.5; left -= Math.max(-240, Math.min(240, left))) {
          surface.dispatchEvent(new WheelEvent('wheel', { bubbles: true, cancelable: true, clientX: 640, clientY: 420, deltaY: -Math.max(-240, Math.min(240, left)) }));
        }
      }, wanted);
      await still(page);
    };
    await zoomTo(0.5);
    const names = await panning(page);
    await zoomTo(0.75);
    const fields = await panning(page);
    const frames = (/** @type {any} */ value) => `${Math.round(value.fps)} fps (${value.cards})`;
    const ms = (/** @type {any} */ value) => `${Math.round(value).toLocaleString('en')} ms`;
    rows.push({
      models: size.toLocaleString('en'), 'first paint': ms(paint), 'everything, layout included': ms(all), 'panning over all (cards)': frames(whole),
      'zooming (cards)': frames(zoom), 'panning, names (cards)': frames(names), 'panning, fields (cards)': frames(fields),
    });
    await context.close();
  }
} finally {
  await browser.close();
  await server.close();
}
if (process.argv.includes('--json')) console.log(JSON.stringify(rows, null, 2));
else show(rows, { docs: process.argv.includes('--docs'), file: 'inspector/docs/schema-diagram.md', name: 'schema' });
