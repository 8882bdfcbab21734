/** How a page is looked at, and the file that comes of it. */
import fs from 'node:fs';

/** @typedef {import('playwright-core').Page} Page */

const WIDTHS = { narrow: { width: 640, height: 900 }, wide: { width: 1360, height: 850 } };
const QUALITY = 40; // of WebP: text stays legible, a page is 15 to 40 kB

export const LOOKS = /** @type {const} */ (['light', 'dark']).flatMap((theme) =>
  /** @type {const} */ (['narrow', 'wide']).map((width) => ({ theme, width, size: WIDTHS[width] })),
);

/** Waits until nothing on the page moves any more. @param {Page} page */
export async function stayStill(page) {
  await page.waitForLoadState('load');
  await page.evaluate(() => document.fonts.ready);
  await page.waitForFunction(() => !document.querySelector('.is-busy, [aria-busy=true]'));
  // The diagram's picture is what its world holds and where it lies.
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
