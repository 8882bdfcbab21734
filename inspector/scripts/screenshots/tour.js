/**
 * The list of pages: a project's pages are read from the rail, so that new ones are
 * included automatically.
 */

import { NO_PROJECT } from './projects.js';

/**
 * @typedef {object} Stop
 * @property {string} name of the picture file
 * @property {string} path
 * @property {number} [height] window height in pixels, to show the whole page
 * @property {(page: import('playwright-core').Page) => Promise<void>} [act] what to do before the picture
 */

/** @param {'nothing' | 'all'} when before any project was opened, or after all of them @returns {Stop[]} */
export function homePages(when) {
  if (when === 'nothing') return [{ name: 'home-empty', path: '/' }];
  return [
    { name: 'home', path: '/' },
    { name: 'preferences', path: '/preferences/' },
    { name: 'data', path: '/desktop/data/' },
    { name: 'logs', path: '/desktop/logs/' },
    { name: 'updates', path: '/desktop/updates/' },
    { name: 'jobs', path: '/desktop/jobs/' },
    { name: 'help-page', path: '/desktop/help/overview/' },
    { name: 'styleguide', path: '/styleguide/', height: 2900 },
    { name: 'home-refused', path: '/', act: refuse },
    { name: 'shortcuts', path: '/', act: (page) => page.keyboard.press('?') },
  ];
}

/**
 * @param {import('./visit.js').Visit} visit @param {string} address @param {string} size
 * @returns {Promise<Stop[]>}
 */
export async function pagesOf(visit, address, size) {
  const hrefs = await visit.page.$$eval('#rail a', (links) => links.map((link) => link.getAttribute('href') || ''));
  // The view of migrations is remembered, so each picture names the one it needs.
  const stops = hrefs.map((href) => ({ name: `${href.slice(address.length).replace(/\W+$/, '') || 'overview'}-${size}`, path: href.endsWith('/migrations/') ? `${href}?view=list` : href }));
  const graph = { name: `migrations-graph-${size}`, path: `${address}migrations/?view=graph` };
  if (size !== 'small') return [...stops, graph];
  return [
    ...stops, graph,
    { name: 'migration', path: `${address}migrations/?view=graph&mig=people.0003_fill_slugs` },
    { name: 'model', path: `${address}models/?model=workshop.Job` },
    { name: 'beside', path: `${address}runs/beside/`, act: besideOther },
    { name: 'timeline', path: `${address}runs/timeline/` },
    { name: 'palette', path: address, act: searchFor('customer') },
    { name: 'help', path: `${address}migrations/?view=list`, act: (page) => page.keyboard.press('F1') },
    { name: 'command', path: await runCheck(visit, address) },
    { name: 'export', path: await makeReport(visit, address) },
  ];
}

/** @param {string} text @returns {NonNullable<Stop['act']>} */
function searchFor(text) {
  return async (page) => {
    await page.keyboard.press('Control+k');
    await page.keyboard.type(text);
    await page.waitForSelector('[role=option]');
  };
}

/** A folder that is no project: the message, not an error page. @param {import('playwright-core').Page} page */
async function refuse(page) {
  await page.fill('#id_path', NO_PROJECT);
  await page.click('.open-form button[type=submit]');
  await page.waitForSelector('#path-error');
}

/** Compare with the project opened before, if any. @param {import('playwright-core').Page} page */
async function besideOther(page) {
  const button = await page.$('#beside-form button.primary');
  if (!button) return;
  await button.click();
  await page.waitForSelector('#beside-apps-title');
}

/**
 * Run the project's checks.
 * @param {import('./visit.js').Visit} visit @param {string} address
 * @returns {Promise<string>} their page
 */
async function runCheck({ page, origin }, address) {
  await page.goto(`${origin}${address}commands/`);
  await page.click('#preset-check summary');
  await page.check('#confirm-check');
  await page.click('#preset-check button.primary');
  await page.waitForSelector('[data-output][data-complete]');
  return new URL(page.url()).pathname;
}

/**
 * Create a report.
 * @param {import('./visit.js').Visit} visit @param {string} address
 * @returns {Promise<string>} the page that shows it
 */
async function makeReport({ page, origin }, address) {
  await page.goto(`${origin}${address}exports/?kind=report`);
  await page.click('#create button.primary');
  const link = page.locator('#exports td.name a');
  await link.waitFor();
  return new URL((await link.getAttribute('href')) || '', page.url()).pathname;
}
