// Measures what users wait for in the inspector, in headless Chromium without a GPU: the real
// server, a generated project.
//   node inspector/scripts/bench/pages.js [--models 100] [--rounds 5] [--json | --docs]
// --docs writes them into inspector/docs/pages.md.
// click to page: from the click on a section to the first text of its page, the slowest of all
// sections; scan to first fact: from Enter in the path field to the first figure on the
// overview; palette: from Ctrl+K to the list, and from a key to the frame that shows its
// results, the slowest of five.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { chromium, missing, PYTHON, ROOT, startApp } from '../../../tests/e2e/support/app.js';
import { INSPECTOR } from '../../tests/e2e/support/pages.js';
import { show } from './figures.js';

const { values } = parseArgs({ options: { models: { type: 'string', default: '100' }, rounds: { type: 'string', default: '5' }, json: { type: 'boolean', default: false }, docs: { type: 'boolean', default: false } } });
const lacking = missing();
if (lacking) throw new Error(lacking);
const folder = mkdtempSync(path.join(tmpdir(), 'djdesk-pages-'));
const project = path.join(folder, 'shop');
const made = spawnSync(PYTHON, ['-c', `import sys; from pathlib import Path; from generate import generate; generate(Path(${JSON.stringify(project)}), ${Number(values.models)})`], { env: { ...process.env, PYTHONPATH: path.join(ROOT, 'inspector', 'scripts', 'bench') }, encoding: 'utf8' });
if (made.status !== 0) throw new Error(made.stderr);

const app = await startApp(INSPECTOR);
const { chromium: launcher } = await import('playwright-core');
const browser = await launcher.launch({ executablePath: chromium(), args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'] });
/** @type {Record<string, number[]>} */
const times = {
  'click on a section to the first text of its page': [], 'Enter in the path field to the first figure': [],
  'Ctrl+K to the list of the palette': [], 'a key in the palette to its results': [],
};
const [PAGE, FIRST, OPEN, KEY] = Object.keys(times);
try {
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
  await page.goto(await app.enter());
  await page.fill('#id_path', project);
  const started = Date.now();
  await page.keyboard.press('Enter');
  await page.waitForURL('**/projects/*/');
  await page.waitForFunction(() => /\d/.test(document.querySelector('.figures')?.textContent || ''), undefined, { timeout: 60000 });
  times[FIRST].push(Date.now() - started);
  await page.waitForSelector('.scan-state .outcome.complete', { timeout: 120000 });
  const sections = await page.locator('#rail a').count();
  for (let round = 0; round < Number(values.rounds); round += 1) {
    for (let at = 0; at < sections; at += 1) {
      const clicked = Date.now();
      await page.locator('#rail a').nth(at).click();
      await page.waitForFunction((since) => performance.timeOrigin > since - 5 && performance.getEntriesByName('first-contentful-paint').length > 0, clicked);
      times[PAGE].push(await page.evaluate((since) => performance.timeOrigin + performance.getEntriesByName('first-contentful-paint')[0].startTime - since, clicked));
    }
    const opened = Date.now();
    await page.keyboard.press('Control+k');
    await page.waitForSelector('#palette[open] [role=option]');
    times[OPEN].push(Date.now() - opened);
    for (const text of ['t', 'th', 'thi', 'thing', 'thing3']) {
      times[KEY].push(await page.evaluate((value) => new Promise((/** @type {(ms: number) => void} */ resolve) => {
        const input = /** @type {HTMLInputElement} */ (document.querySelector('#palette-input'));
        const began = performance.now();
        input.value = value;
        input.dispatchEvent(new Event('input', { bubbles: true }));
        requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - began)));
      }), text));
    }
    await page.keyboard.press('Escape');
  }
} finally {
  await browser.close();
  await app.stop();
  rmSync(folder, { recursive: true, force: true });
}
const rows = Object.entries(times).map(([what, all]) => {
  all.sort((a, b) => a - b);
  const at = (/** @type {number} */ part) => Math.round(all[Math.min(all.length - 1, Math.floor(all.length * part))]);
  const ms = (/** @type {number} */ part) => `${at(part).toLocaleString('en')} ms`;
  return { 'what one waits for': what, times: all.length, median: ms(0.5), slowest: ms(1) };
});
if (values.json) console.log(JSON.stringify(rows, null, 2));
else show(rows, { docs: values.docs, file: 'inspector/docs/pages.md', name: 'pages' });
