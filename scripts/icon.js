/**
 * Draws electron/icon.png, the window's icon, from the shell's own mark. Run it when the mark changes:
 *
 *   node scripts/icon.js
 */
import fs from 'node:fs';

import { chromium } from 'playwright-core';

import { findBrowser } from './checks/find-browser.js';
import { inRoot } from './setup/paths.js';

const SIZE = 256; // pixels

const executablePath = findBrowser();
if (!executablePath) throw new Error('A Chromium is needed: install one, or name it in DJDESK_CHROMIUM.');
const svg = fs.readFileSync(inRoot('electron', 'pages', 'mark.svg'), 'utf8');
const browser = await chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
try {
  const page = await browser.newPage({ viewport: { width: SIZE, height: SIZE } });
  await page.setContent(`<style>* { margin: 0 } svg { display: block; width: ${SIZE}px; height: ${SIZE}px }</style>${svg}`);
  await page.screenshot({ path: inRoot('electron', 'icon.png'), omitBackground: true });
} finally {
  await browser.close();
}
