/**
 * Takes screenshots of every page of the real app in headless Chromium: light and dark, narrow and
 * wide, with an empty, a small and a large project.
 *
 *   node inspector/scripts/screenshots.js               all of them, into build/screenshots
 *   node inspector/scripts/screenshots.js --kept        those in inspector/docs/screenshots, again
 *   node inspector/scripts/screenshots.js --every       at 320, 700, 1360 and 2560 px and at 400 %, the small project
 *   node inspector/scripts/screenshots.js --only NAME   only pages whose name contains NAME
 *   node inspector/scripts/screenshots.js --out DIR --language de
 */
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { missing } from '../../tests/e2e/support/app.js';
import { looksOf, shoot, stayStill } from './screenshots/picture.js';
import { makeProjects, removeProjects } from './screenshots/projects.js';
import { homePages, pagesOf } from './screenshots/tour.js';
import { Visit } from './screenshots/visit.js';
import { inRoot } from '../../scripts/setup/paths.js';

const { values: options } = parseArgs({
  options: {
    out: { type: 'string', default: inRoot('build', 'screenshots') },
    kept: { type: 'boolean', default: false },
    every: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    language: { type: 'string', default: 'en' },
  },
});
const LOOKS = looksOf(options.every);
const KEPT = inRoot('inspector', 'docs', 'screenshots');
const out = options.kept ? KEPT : options.out;
/**
 * Whether to take this picture; with --kept, only those already in the documentation's folder.
 * @param {string} file
 */
const isWanted = (file) => !options.kept || fs.existsSync(path.join(KEPT, file));

async function main() {
  const lacking = missing();
  if (lacking) throw new Error(lacking);
  fs.mkdirSync(out, { recursive: true });
  const projects = makeProjects();
  const visit = await new Visit(options.language).start();
  try {
    const wanted = (/** @type {{name: string}} */ { name }) => name.includes(options.only) && LOOKS.some((look) => isWanted(fileOf(name, look)));
    for (const page of homePages('nothing').filter(wanted)) await take(visit, page);
    for (const project of projects.filter(({ size }) => !options.every || size !== 'large')) {
      const address = await visit.open(project);
      // For all widths, one project is enough.
      if (options.every && project.size !== 'small') continue;
      for (const page of (await pagesOf(visit, address, project.size)).filter(wanted)) await take(visit, page);
    }
    for (const page of homePages('all').filter(wanted)) await take(visit, page);
  } finally {
    await visit.stop();
    removeProjects();
  }
}

/** @param {string} name of the page @param {import('./screenshots/picture.js').Look} look */
function fileOf(name, look) {
  return `${name}-${look.theme}-${look.width}.webp`;
}

/** @param {Visit} visit @param {import('./screenshots/tour.js').Stop} stop */
async function take(visit, stop) {
  for (const look of LOOKS) {
    const file = fileOf(stop.name, look);
    if (!isWanted(file)) continue;
    const { page } = visit;
    await page.setViewportSize({ ...look.size, height: options.every ? look.size.height : stop.height || look.size.height });
    await page.emulateMedia({ colorScheme: look.theme, reducedMotion: 'reduce' });
    // Close what the previous picture left open, such as the help.
    await page.evaluate(() => sessionStorage.clear());
    await page.goto(visit.origin + stop.path);
    if (stop.act) await stop.act(page);
    for (const frame of page.frames()) await frame.waitForLoadState();
    await stayStill(page);
    await shoot(page, path.join(out, file));
  }
  console.log(stop.name);
}

await main();
