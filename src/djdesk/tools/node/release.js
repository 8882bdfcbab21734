/**
 * Checks the build before it is published: names, sizes, fuses, archive, licences, bill of materials; then
 * writes SHA256SUMS and, with a key, the signed feed. Run by `djdesk release`.
 *
 *   node release.js [DIST]
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { programOf, readPackagedApp } from './package/names.js';
import { notes } from './release-feed.js';
import { checksums, expectedArtefacts, wrongArtefacts } from './release/artefacts.js';
import { writeFeed } from './release/feed.js';
import { privateKey } from './release/keys.js';
import { modulesFolder, toolsBeside } from './setup/modules.js';
import { readPlan } from './setup/plan.js';
import { fail } from './setup/say.js';

const HERE = path.dirname(fileURLToPath(import.meta.url));

async function main() {
  const plan = readPlan();
  const modules = await modulesFolder(plan);
  const tools = await toolsBeside(modules);
  if (tools !== HERE) {
    const { status } = spawnSync(process.execPath, [path.join(tools, 'release.js'), ...process.argv.slice(2)], { stdio: 'inherit' });
    process.exit(status ?? 1);
  }
  const dist = path.resolve(process.argv[2] || plan.dist);
  const app = readPackagedApp(plan.app);
  const expected = expectedArtefacts(app);
  const wrong = [...wrongArtefacts(dist, expected), ...await wrongUnpacked(dist, app, modules)];
  for (const sentence of wrong) console.error(`WRONG: ${sentence}`);
  if (wrong.length) process.exit(1);
  fs.writeFileSync(path.join(dist, 'SHA256SUMS'), checksums(dist, expected.map(({ name }) => name)));
  await announce(plan, dist, app);
  for (const { name } of expected) console.log(`${(fs.statSync(path.join(dist, name)).size / 1e6).toFixed(1).padStart(7)} MB  ${name}`);
}

/**
 * Write the update feed, if the app has keys and one of them is available.
 * @param {import('./setup/plan.js').Plan} plan
 * @param {string} dist
 * @param {import('./release/feed.js').FeedOptions['app']} app
 */
async function announce(plan, dist, app) {
  if (!app.update?.keys?.length) return;
  const key = privateKey('');
  if (!key) {
    console.log('No feed was made: there is no key to sign it with. "djdesk release feed FOLDER --key FILE" makes it.');
    return;
  }
  const written = await writeFeed({ app, folder: dist, key, notes: notes(plan.root, app.version, []) });
  for (const name of written) console.log(`            ${name}`);
}

/**
 * The unpacked app from which the artefacts were made.
 * @param {string} dist
 * @param {import('./package/names.js').PackagedApp} app
 */
function unpacked(dist, app) {
  const folder = fs.readdirSync(dist).find((name) => /^(linux|win|mac)(-.*)?$/.test(name) && fs.statSync(path.join(dist, name)).isDirectory());
  if (!folder) return null;
  const top = path.join(dist, folder);
  if (process.platform === 'darwin') return { program: path.join(top, `${app.name}.app`), resources: path.join(top, `${app.name}.app`, 'Contents', 'Resources') };
  return { program: path.join(top, process.platform === 'win32' ? `${app.name}.exe` : programOf(app)), resources: path.join(top, 'resources') };
}

/**
 * @param {string} dist
 * @param {import('./package/names.js').PackagedApp} app
 * @param {string} modules
 * @returns {Promise<string[]>} sentences; empty if all is well
 */
async function wrongUnpacked(dist, app, modules) {
  const built = unpacked(dist, app);
  if (!built) return ['there is no unpacked app to look into'];
  // These import npm packages, which only the copy can resolve.
  const { listPackage } = await import('@electron/asar');
  const { electronForPackaging } = await import('./package/electron.js');
  const { readFuses } = await import('./package/fuses.js');
  const wrong = [];
  const electron = electronForPackaging({ modules });
  if (electron.legacy) wrong.push(`Electron ${electron.version} is not one to ship`);
  const fuses = await readFuses(built.program);
  for (const fuse of fuses.wrong) wrong.push(`the fuse ${fuse} is not as package/fuses.js says`);
  for (const fuse of fuses.absent) wrong.push(`this Electron does not have the fuse ${fuse}`);
  const names = listPackage(path.join(built.resources, 'app.asar'), { isPack: false });
  if (names.some((name) => name.includes('node_modules'))) wrong.push('app.asar holds node_modules');
  const inside = readPackagedApp(path.join(built.resources, 'app.json'));
  if (inside.id !== app.id || inside.version !== app.version) wrong.push(`it is ${inside.id} ${inside.version} and not ${app.id} ${app.version}`);
  const manifest = JSON.parse(fs.readFileSync(path.join(built.resources, 'backend', 'manifest.json'), 'utf8'));
  if (manifest.version !== app.version) wrong.push(`the Python side is version ${manifest.version}, the app ${app.version}`);
  if (String(manifest.commit).endsWith('-modified')) wrong.push('the Python side was staged from files that are not committed');
  const licences = fs.readFileSync(path.join(built.resources, 'LICENSES.txt'), 'utf8');
  const bill = JSON.parse(fs.readFileSync(path.join(built.resources, 'sbom.cdx.json'), 'utf8'));
  for (const { name } of bill.components) {
    if (!licences.includes(`  ${name} `)) wrong.push(`there is no licence of ${name} in LICENSES.txt`);
  }
  return wrong;
}

main().catch(fail);
