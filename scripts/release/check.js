/**
 * Looks at what was built, before anybody gets it: names, sizes, fuses, archive, licences, bill of
 * materials; then writes SHA256SUMS.
 *
 *   node scripts/release/check.js [DIST]
 */
import fs from 'node:fs';
import path from 'node:path';

import { listPackage } from '@electron/asar';

import { electronForPackaging } from '../../src/djdesk/tools/node/package/electron.js';
import { readFuses } from '../../src/djdesk/tools/node/package/fuses.js';
import { inRoot, ROOT } from '../setup/paths.js';
import { checksums, expectedArtefacts, wrongArtefacts } from './artefacts.js';

const dist = path.resolve(process.argv[2] || inRoot('dist'));
const { version } = JSON.parse(fs.readFileSync(inRoot('package.json'), 'utf8'));
const expected = expectedArtefacts(version);
const wrong = wrongArtefacts(dist, expected);

/** The unpacked app that the artefacts were made of. */
function unpacked() {
  const folder = fs.readdirSync(dist).find((name) => /^(linux|win|mac)(-.*)?$/.test(name) && fs.statSync(path.join(dist, name)).isDirectory());
  if (!folder) return null;
  const top = path.join(dist, folder);
  if (process.platform === 'darwin') return { program: path.join(top, 'DJDesk.app'), resources: path.join(top, 'DJDesk.app', 'Contents', 'Resources') };
  return { program: path.join(top, process.platform === 'win32' ? 'DJDesk.exe' : 'djdesk-app'), resources: path.join(top, 'resources') };
}

const app = unpacked();
if (!app) wrong.push('there is no unpacked app to look into');
else {
  if (electronForPackaging({ modules: ROOT }).legacy) wrong.push(`Electron ${electronForPackaging({ modules: ROOT }).version} is not one to ship`);
  const fuses = await readFuses(app.program);
  for (const fuse of fuses.wrong) wrong.push(`the fuse ${fuse} is not as package/fuses.js says`);
  for (const fuse of fuses.absent) wrong.push(`this Electron does not have the fuse ${fuse}`);
  const names = listPackage(path.join(app.resources, 'app.asar'), { isPack: false });
  if (names.some((name) => name.includes('node_modules'))) wrong.push('app.asar holds node_modules');
  const manifest = JSON.parse(fs.readFileSync(path.join(app.resources, 'backend', 'manifest.json'), 'utf8'));
  if (manifest.version !== version) wrong.push(`the Python side is version ${manifest.version}, the app ${version}`);
  if (manifest.commit.endsWith('-modified')) wrong.push('the Python side was staged from files that are not committed');
  const licences = fs.readFileSync(path.join(app.resources, 'LICENSES.txt'), 'utf8');
  const bill = JSON.parse(fs.readFileSync(path.join(app.resources, 'sbom.cdx.json'), 'utf8'));
  for (const { name } of bill.components) {
    if (!licences.includes(`  ${name} `)) wrong.push(`there is no licence of ${name} in LICENSES.txt`);
  }
}

for (const sentence of wrong) console.error(`WRONG: ${sentence}`);
if (wrong.length) process.exit(1);
fs.writeFileSync(path.join(dist, 'SHA256SUMS'), checksums(dist, expected.map(({ name }) => name)));
for (const { name } of expected) console.log(`${(fs.statSync(path.join(dist, name)).size / 1e6).toFixed(1).padStart(7)} MB  ${name}`);
