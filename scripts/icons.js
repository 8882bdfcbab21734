/**
 * Makes the icons of every system, and of the window, from the shell's own mark
 * (electron/pages/mark.svg), with a headless Chromium as the painter:
 *
 *   node scripts/icons.js      writes electron/icon.png, packaging/icons/{png/*.png,icon.ico,icon.icns}
 *
 * What it makes is committed, so that packaging needs no browser.
 */
import fs from 'node:fs';
import path from 'node:path';

import { chromium } from 'playwright-core';

import { findBrowser } from './checks/find-browser.js';
import { icns, ICNS_SIZES, ico, ICO_SIZES } from './package/icon-files.js';
import { inRoot } from './setup/paths.js';

const OUT = inRoot('packaging', 'icons');
const LINUX_SIZES = [16, 24, 32, 48, 64, 128, 256, 512];

const executablePath = findBrowser();
if (!executablePath) throw new Error('A Chromium is needed: install one, or name it in DJDESK_CHROMIUM.');
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-background-networking'] });
try {
  const svg = fs.readFileSync(inRoot('electron', 'pages', 'mark.svg'), 'utf8');
  const page = await browser.newPage({ deviceScaleFactor: 1 });
  /** @type {Map<number, Buffer>} */
  const pictures = new Map();
  for (const size of new Set([...LINUX_SIZES, ...ICO_SIZES, ...ICNS_SIZES])) {
    await page.setViewportSize({ width: size, height: size });
    await page.setContent(`<style>*{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${svg}`);
    pictures.set(size, await page.screenshot({ omitBackground: true }));
  }
  const of = (/** @type {number} */ size) => /** @type {Buffer} */ (pictures.get(size));
  fs.rmSync(OUT, { recursive: true, force: true });
  fs.mkdirSync(path.join(OUT, 'png'), { recursive: true });
  for (const size of LINUX_SIZES) fs.writeFileSync(path.join(OUT, 'png', `${size}x${size}.png`), of(size));
  fs.writeFileSync(inRoot('electron', 'icon.png'), of(256));
  fs.writeFileSync(path.join(OUT, 'icon.ico'), ico(ICO_SIZES.map(of)));
  fs.writeFileSync(path.join(OUT, 'icon.icns'), icns(new Map(ICNS_SIZES.map((size) => [size, of(size)]))));
} finally {
  await browser.close();
}
