/**
 * Installs every artefact of this system as a user would, below a path with a space and an accent, starts it,
 * uses it, quits, and checks for leftovers.
 *
 *   node scripts/release/smoke.js [DIST] [--only KIND,KIND] [--use FILE]
 *
 * FILE exports `use(page, must)`: what a user does with this app; by default only its first page is loaded.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

import { readPackagedApp } from '../../src/djdesk/tools/node/package/names.js';
import { expectedArtefacts } from '../../src/djdesk/tools/node/release/artefacts.js';
import { readPlan } from '../../src/djdesk/tools/node/setup/plan.js';
import { bareEnvironment, drive, virtualDisplay } from './drive.js';
import { INSTALLERS } from './installers.js';

const words = process.argv.slice(2);
const option = (/** @type {string} */ name) => (words.includes(name) ? words.splice(words.indexOf(name), 2)[1] : null);
const only = option('--only')?.split(',');
const steps = option('--use');
const plan = readPlan();
const dist = path.resolve(words[0] || plan.dist);
const app = readPackagedApp(plan.app);
/** @type {(page: import('playwright-core').Page, must: (condition: unknown, what: string) => void) => Promise<void>} */
const use = steps ? (await import(pathToFileURL(path.resolve(steps)).href)).use : async () => {};
// .native: on Windows the temporary folder may have a short name (RUNNER~1), which no process shows.
const top = fs.realpathSync.native(fs.mkdtempSync(path.join(os.tmpdir(), 'smoke é ')));
const root = process.getuid?.() === 0;
const flags = root ? ['--no-sandbox', '--disable-gpu'] : [];
// The same for programs started by the desktop or an uninstaller.
const rootEnvironment = /** @type {Record<string, string>} */ (root ? { ELECTRON_DISABLE_SANDBOX: '1' } : {});

/** @param {unknown} condition @param {string} what */
function must(condition, what) {
  if (!condition) throw new Error(`NOT SO: ${what}`);
  console.log(`  ok: ${what}`);
}

/**
 * Command lines of processes that run from a folder or use it.
 * @param {string} folder
 */
function running(folder) {
  const list = process.platform === 'win32'
    ? execFileSync('powershell', ['-NoProfile', '-Command', '[Console]::OutputEncoding = [Text.Encoding]::UTF8; Get-CimInstance Win32_Process | Where-Object ProcessId -ne $PID | ForEach-Object { "$($_.ProcessId) $($_.ExecutablePath) $($_.CommandLine)" }'], { encoding: 'utf8' })
    : execFileSync('ps', ['-axww', '-o', 'pid=,args='], { encoding: 'utf8' });
  return list.split('\n').filter((line) => line.includes(folder) && !line.includes('smoke.js') && !line.includes('<defunct>'));
}

/** @param {() => boolean} condition @param {number} limitMs */
async function within(condition, limitMs) {
  const deadline = Date.now() + limitMs;
  while (!condition()) {
    if (Date.now() > deadline) return false;
    await new Promise((resolve) => { setTimeout(resolve, 100); });
  }
  return true;
}

/**
 * The app's first page, even after hundreds of migrations: the shell itself gives up on a start that hangs.
 * @param {import('playwright-core').Page} page
 */
async function firstPage(page) {
  await page.waitForURL(/^http:\/\/127\.0\.0\.1:|\/error\.html$/, { waitUntil: 'load', timeout: 900_000 });
  if (!page.url().startsWith('http')) must(false, `it starts; its window says: ${(await page.innerText('body')).replaceAll(/\s+/g, ' ')}`);
}

/** @param {number} pid */
function kill(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has exited.
  }
}

/**
 * @param {import('../../src/djdesk/tools/node/release/artefacts.js').Artefact} artefact
 * @param {string | undefined} display
 */
async function tryOut({ kind, name }, display) {
  console.log(`\n${name}`);
  const place = path.join(top, kind);
  const home = path.join(top, `home ü ${kind}`);
  fs.mkdirSync(place);
  fs.mkdirSync(home);
  const user = bareEnvironment({ home, display, env: rootEnvironment });
  const { program, folder, remove, env, follow, closes } = INSTALLERS[kind](path.join(dist, name), place, user, app);
  must(fs.existsSync(program), `it is installed at ${program}`);

  // This marker must have no effect in an installation: an update deletes the folder, and the data with it.
  if (kind === 'nsis') fs.writeFileSync(path.join(folder, 'portable'), '');

  const how = { home, display, env, args: flags, places: [place] };
  const driven = await drive(program, how);
  try {
    const { page } = driven;
    await firstPage(page);
    const answer = await page.evaluate(() => fetch(location.href).then(({ status }) => status));
    // Not every project gives its pages a title.
    must(answer === 200 && (await page.innerText('body')).trim() !== '', 'its first page is shown');
    await use(page, must);
    if (app.scheme && follow) {
      const first = new URL(page.url());
      await page.goto(`${first.origin}/health/`);
      follow(`${app.scheme}://open/`, user);
      await page.waitForURL(`${first.origin}/`, { timeout: 60000 });
      must(true, 'a link from outside leads to its page');
    }
    const again = spawnSync(program, flags, { env: bareEnvironment(how), timeout: 60000 });
    must(again.status === 0, 'a second start ends at once');
    // Two seconds after the first page the app compares its files with its manifest.
    await new Promise((resolve) => { setTimeout(resolve, 10000); });
    const still = await page.evaluate(() => fetch(location.href).then(({ status }) => status));
    must(still === 200 && page.url().startsWith('http://127.0.0.1:'), 'ten seconds later it is still there, and nothing is damaged');
    const quit = spawnSync(program, [...flags, '--quit'], { env: bareEnvironment(how), timeout: 60000 });
    must(quit.status === 0, '--quit ends it');
  } catch (error) {
    console.error(driven.log());
    throw error;
  } finally {
    // After a failed step it must not keep running; normally it has ended already.
    await Promise.race([driven.gone, new Promise((resolve) => { setTimeout(resolve, 10000).unref(); })]);
    kill(driven.pid);
  }
  must(await within(() => running(folder).length === 0, 10000), `no process is left (${running(folder).join('; ') || 'none'})`);
  const databases = fs.readdirSync(top, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('app.sqlite3') && file.includes(kind));
  must(databases.length === 1 && databases[0].startsWith(kind === 'portable' ? kind : path.basename(home)), `its data is where it belongs: ${databases}`);
  if (kind === 'nsis') {
    INSTALLERS[kind](path.join(dist, name), place, user, app);
    must(fs.existsSync(path.join(top, databases[0])), 'the data is kept when it is installed over');
  }
  const left = closes ? await drive(program, how) : null;
  try {
    if (left) await firstPage(left.page);
    remove();
    if (left) must(await within(() => running(folder).length === 0, 10000), `no process outlives what is removed (${running(folder).join('; ') || 'none'})`);
  } finally {
    if (left) kill(left.pid);
  }
  must(await within(() => !fs.existsSync(program), 30000), 'it is removed');
  must(fs.existsSync(path.join(top, databases[0])), 'the data is kept');
}

const screen = process.platform === 'linux' && !process.env.DISPLAY ? await virtualDisplay() : null;
let good = false;
try {
  const display = screen?.display ?? process.env.DISPLAY;
  const artefacts = expectedArtefacts(app).filter(({ kind }) => !only || only.includes(kind));
  for (const artefact of artefacts) await tryOut(artefact, display);
  console.log(`\n${artefacts.length} artefacts installed, started, used, ended and removed`);
  good = true;
} finally {
  screen?.end();
  // A killed process may still write for a moment.
  await within(() => running(top).length === 0, 10000);
  try {
    fs.rmSync(top, { recursive: true, force: true, maxRetries: 10 });
  } catch (error) {
    if (good) throw error;
    console.error(`${top} could not be removed: ${error}`); // must not replace the original failure
  }
}
