/** How a page is displayed, and the picture's file. */
import fs from 'node:fs';

/** @typedef {import('playwright-core').Page} Page */

const WIDTHS = { narrow: { width: 640, height: 900 }, wide: { width: 1360, height: 850 } };
/**
 * All widths that pages support: a phone, a small window, a usual window, a large screen, and a
 * usual window at 400 % zoom.
 */
const EVERY = {
  320: { width: 320, height: 800 }, 700: { width: 700, height: 900 }, 1360: { width: 1360, height: 850 },
  2560: { width: 2560, height: 1300 }, 'at-400': { width: 320, height: 256 },
};
const QUALITY = 40; // WebP quality: text stays legible, a page is 15 to 40 kB

/** @typedef {{theme: 'light' | 'dark', width: string, size: {width: number, height: number}}} Look */

/** @param {Record<string, {width: number, height: number}>} widths @returns {Look[]} */
const looks = (widths) => /** @type {const} */ (['light', 'dark']).flatMap((theme) => Object.entries(widths).map(([width, size]) => ({ theme, width, size })));

/** @param {boolean} every whether to use all widths, not only narrow and wide */
export const looksOf = (every) => looks(every ? EVERY : WIDTHS);

/** Wait until nothing on the page moves. @param {Page} page */
export async function stayStill(page) {
  await page.waitForLoadState('load');
  await page.evaluate(() => document.fonts.ready);
  await page.waitForFunction(() => !document.querySelector('.is-busy, [aria-busy=true]'));
  // The diagram's state is the content and position of its world element.
  await page.evaluate(() => new Promise((resolve) => {
    let last = '';
    let same = 0;
    const look = () => {
      const world = document.querySelector('.schema-world');
      const now = world instanceof HTMLElement ? `${world.style.transform} ${world.childElementCount}` : '';
      same = now === last ? same + 1 : 0;
      last = now;
      if (same > 6) resolve(undefined);
      else requestAnimationFrame(look);
    };
    look();
  }));
}

/** @param {Page} page @param {string} file */
export async function shoot(page, file) {
  const session = await page.context().newCDPSession(page);
  const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality: QUALITY });
  await session.detach();
  fs.writeFileSync(file, Buffer.from(data, 'base64'));
}
