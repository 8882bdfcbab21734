/**
 * Joins the checksums of the systems and compares every file with them.
 *
 *   node scripts/release/sums.js FOLDER     FOLDER holds one folder for each system; writes FOLDER/SHA256SUMS
 */
import fs from 'node:fs';
import path from 'node:path';

import { expectedArtefacts, wrongChecksums } from './artefacts.js';
import { inRoot } from '../setup/paths.js';

const folder = path.resolve(process.argv[2] || '.');
const parts = fs.readdirSync(folder).map((name) => path.join(folder, name)).filter((place) => fs.statSync(place).isDirectory());
const wrong = [];
let all = '';
for (const part of parts) {
  const sums = fs.readFileSync(path.join(part, 'SHA256SUMS'), 'utf8');
  wrong.push(...wrongChecksums(part, sums));
  all += sums;
}
const { version } = JSON.parse(fs.readFileSync(inRoot('package.json'), 'utf8'));
const release = /** @type {const} */ ([['linux', 'x64'], ['darwin', 'arm64'], ['darwin', 'x64'], ['win32', 'x64']]);
for (const [platform, arch] of release) {
  for (const { name } of expectedArtefacts(version, platform, arch)) {
    if (!all.includes(`  ${name}\n`)) wrong.push(`${name} is missing`);
  }
}
for (const sentence of wrong) console.error(`WRONG: ${sentence}`);
if (wrong.length) process.exit(1);
fs.writeFileSync(path.join(folder, 'SHA256SUMS'), all.split('\n').filter(Boolean).sort((a, b) => a.slice(66).localeCompare(b.slice(66))).join('\n').concat('\n'));
process.stdout.write(all);
