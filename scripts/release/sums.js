/**
 * Combines the systems' checksums and verifies every file.
 *
 *   node scripts/release/sums.js FOLDER     FOLDER holds one folder per system; writes FOLDER/SHA256SUMS
 */
import fs from 'node:fs';
import path from 'node:path';

import { artefactEndings, wrongChecksums } from '../../src/djdesk/tools/node/release/artefacts.js';

const folder = path.resolve(process.argv[2] || '.');
const parts = fs.readdirSync(folder).map((name) => path.join(folder, name)).filter((place) => fs.statSync(place).isDirectory());
const wrong = [];
let all = '';
for (const part of parts) {
  const sums = fs.readFileSync(path.join(part, 'SHA256SUMS'), 'utf8');
  wrong.push(...wrongChecksums(part, sums));
  all += sums;
}
/** What precedes the endings: the app's name and version. */
const beginnings = new Set();
const release = /** @type {const} */ ([['linux', 'x64'], ['darwin', 'arm64'], ['darwin', 'x64'], ['win32', 'x64']]);
for (const [platform, arch] of release) {
  for (const [, ending] of artefactEndings(platform, arch)) {
    const name = all.split('\n').map((line) => line.slice(66)).find((one) => one.endsWith(`-${ending}`));
    if (name) beginnings.add(name.slice(0, -ending.length));
    else wrong.push(`…-${ending} is missing`);
  }
}
if (beginnings.size > 1) wrong.push(`these are not of one version: ${[...beginnings].join(', ')}`);
for (const sentence of wrong) console.error(`WRONG: ${sentence}`);
if (wrong.length) process.exit(1);
fs.writeFileSync(path.join(folder, 'SHA256SUMS'), all.split('\n').filter(Boolean).sort((a, b) => a.slice(66).localeCompare(b.slice(66))).join('\n').concat('\n'));
process.stdout.write(all);
