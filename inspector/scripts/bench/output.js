// Measures scrolling through a command's output of 200,000 coloured lines in headless Chromium
// without a GPU, compared with a tenth of it in the same run.
//   node inspector/scripts/bench/output.js
// frames: per second while scrolling through all of it; slowest: the slowest frame; lines: maximum
// number of line elements.
import { Pages } from '../../tests/e2e/support/pages.js';
import { missing } from '../../../tests/e2e/support/app.js';
import { write } from '../../tests/e2e/support/project.js';

const SIZES = [20000, 200000];
const lacking = missing();
if (lacking) throw new Error(lacking);

/** @param {import('playwright-core').Page} page @returns {Promise<{fps: number, slowest: number, lines: number}>} */
const scrolling = (page) => page.evaluate(() => new Promise((resolve) => {
  const output = /** @type {HTMLElement} */ (document.querySelector('[data-output]'));
  const step = output.scrollHeight / 120;
  /** @type {number[]} */
  const times = [];
  let last = performance.now();
  let lines = 0;
  output.scrollTop = 0;
  const next = (/** @type {number} */ now) => {
    times.push(now - last);
    last = now;
    lines = Math.max(lines, output.querySelectorAll('.output-line').length);
    output.scrollTop += step;
    if (times.length < 120) requestAnimationFrame(next);
    else {
      const counted = times.slice(2);
      resolve({ fps: (1000 * counted.length) / counted.reduce((sum, time) => sum + time, 0), slowest: Math.max(...counted), lines });
    }
  };
  requestAnimationFrame(next);
}));

const pages = new Pages();
try {
  await pages.start(['--disable-gpu']);
  const root = pages.project();
  for (const folder of ['area01/management', 'area01/management/commands']) write(root, `${folder}/__init__.py`, '');
  for (const size of SIZES) {
    const body = `sys.stdout.write("".join(f"\\x1b[32mline\\x1b[0m {n}\\n" for n in range(${size})))`;
    write(root, `area01/management/commands/flood${size}.py`, `import sys\nfrom django.core.management.base import BaseCommand\n\n\nclass Command(BaseCommand):\n    def handle(self, **options):\n        ${body}\n`);
  }
  const address = await pages.open(root);
  await pages.trust();
  const { page } = pages.ready;
  console.log('| lines | frames/s | slowest ms | in the page |\n| ---: | ---: | ---: | ---: |');
  for (const size of SIZES) {
    await page.goto(`${address}commands/`);
    await page.click(`.preset:has-text("flood${size}") button:has-text("Mark as safe")`);
    await page.goto(`${address}commands/`);
    await page.click(`#preset-ownflood${size} summary`);
    await page.check(`#confirm-ownflood${size}`);
    await page.click(`#preset-ownflood${size} button:has-text("Run")`);
    await page.waitForSelector('[data-output][data-complete]', { timeout: 60000 });
    const { fps, slowest, lines } = await scrolling(page);
    console.log(`| ${size} | ${fps.toFixed(0)} | ${slowest.toFixed(0)} | ${lines} |`);
  }
} finally {
  await pages.stop();
}
