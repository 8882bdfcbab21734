/**
 * Does what a user does with a fresh installation; called by scripts/release/smoke.js.
 * @param {import('playwright-core').Page} page the first page
 * @param {(condition: unknown, what: string) => void} must
 */
export async function use(page, must) {
  await page.click('text=Try the sample project');
  await page.waitForSelector('.outcome', { timeout: 90000 });
  must(/complete/i.test(String(await page.textContent('.outcome'))), 'the sample is scanned');
  await page.click('a[href$="/ship/"]');
  await page.waitForSelector('.ship-level', { timeout: 90000 });
  must(/^[ABCD]/.test(String(await page.textContent('.ship-level')).trim()), 'the sample has a level as a desktop app');
}
