/** The artefacts of a release on each system, and the problems with what was built. */
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

import { fileNameOf } from '../package/names.js';

/**
 * @typedef {{name: string, kind: string, least: number, most: number}} Artefact sizes in MB
 */

/** In MB. Smaller: a package without its Python; larger: one that includes a build folder. */
const SIZES = { least: 60, most: 1000 };

/**
 * File name endings of artefacts, by kind.
 * @param {NodeJS.Platform} [platform]
 * @param {string} [arch] Node's name
 * @returns {[kind: string, ending: string][]}
 */
export function artefactEndings(platform = process.platform, arch = process.arch) {
  const names = {
    linux: [
      ['AppImage', `linux-${arch === 'x64' ? 'x86_64' : arch}.AppImage`],
      ['deb', `linux-${arch === 'x64' ? 'amd64' : arch}.deb`],
      ['tar.gz', `linux-${arch}.tar.gz`],
    ],
    darwin: [['dmg', `mac-${arch}.dmg`], ['zip', `mac-${arch}.zip`]],
    win32: [['nsis', `win-${arch}-setup.exe`], ['portable', `win-${arch}-portable.exe`]],
  }[/** @type {string} */ (platform)];
  return /** @type {[string, string][]} */ (names || []);
}

/**
 * @param {{name: string, slug: string, version: string}} app
 * @param {NodeJS.Platform} [platform]
 * @param {string} [arch]
 * @returns {Artefact[]}
 */
export const expectedArtefacts = (app, platform, arch) =>
  artefactEndings(platform, arch).map(([kind, ending]) => ({ kind, name: `${fileNameOf(app)}-${app.version}-${ending}`, ...SIZES }));

/** Other files beside artefacts: electron-builder's output, the feed, and release notes. */
const BY_THE_WAY = /^(builder-.*\.(yml|yaml)|.*\.blockmap|[a-z][a-z0-9-]*\.yml(\.sig)?|SHA256SUMS|.*-unpacked|mac.*|__.*)$/;

/**
 * @param {string} dist
 * @param {Artefact[]} expected
 * @returns {string[]} sentences; empty if all is well
 */
export function wrongArtefacts(dist, expected) {
  const present = fs.readdirSync(dist);
  const wrong = [];
  for (const { name, least, most } of expected) {
    if (!present.includes(name)) {
      wrong.push(`${name} is missing`);
      continue;
    }
    const megabytes = fs.statSync(path.join(dist, name)).size / 1e6;
    if (megabytes < least || megabytes > most) wrong.push(`${name} has ${megabytes.toFixed(0)} MB, which is not between ${least} and ${most}`);
  }
  const known = new Set(expected.map(({ name }) => name));
  for (const name of present) {
    if (!known.has(name) && !BY_THE_WAY.test(name)) wrong.push(`${name} is not an artefact of this release`);
  }
  return wrong;
}

/**
 * Lines in the format of `sha256sum --check`.
 * @param {string} dist
 * @param {string[]} names
 */
export function checksums(dist, names) {
  return [...names].sort().map((name) => {
    const hash = crypto.createHash('sha256').update(fs.readFileSync(path.join(dist, name))).digest('hex');
    return `${hash}  ${name}\n`;
  }).join('');
}

/**
 * @param {string} dist
 * @param {string} sums
 * @returns {string[]} what does not agree
 */
export function wrongChecksums(dist, sums) {
  const lines = sums.split('\n').filter(Boolean);
  const wrong = lines.length ? [] : ['there are no checksums'];
  for (const line of lines) {
    const [, hash, name] = /^([0-9a-f]{64}) [ *]([^/\\]+)$/.exec(line) || [];
    if (!name) wrong.push(`this is no checksum: ${line.slice(0, 100)}`);
    else if (!fs.existsSync(path.join(dist, name))) wrong.push(`${name} is missing`);
    else if (!checksums(dist, [name]).startsWith(hash)) wrong.push(`${name} is not what its checksum says`);
  }
  return wrong;
}
