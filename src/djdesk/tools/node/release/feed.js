/**
 * The feed of a release, from which installed apps learn of it: one signed file per system. It is JSON, and
 * therefore also YAML, with the file name and keys that electron-updater expects. docs/updates.md describes
 * it; electron/policy/updates.js reads it.
 */
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

import { SetupProblem } from '../setup/say.js';
import { artefactEndings } from './artefacts.js';
import { publicPart } from './keys.js';

/** Kinds that run as downloaded: their next version is downloaded differentially. */
const IN_PARTS = ['AppImage', 'portable'];
/** Growth of an installer or archive when unpacked, if the file does not record it. */
const GROWS = 3;
const ARCHITECTURES = ['x64', 'arm64'];
const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * @typedef {object} FeedOptions
 * @property {{id: string, version: string, update?: {keys?: string[], channel?: string}}} app
 * @property {string} folder with the artefacts; the feed is written beside them
 * @property {crypto.KeyObject | null} key
 * @property {string} [channel]
 * @property {number} [rollout] percent
 * @property {string} [minimumFrom]
 * @property {boolean} [migrates]
 * @property {number} [expires] days
 * @property {Record<string, string>} [notes]
 * @property {Date} [now]
 */

/**
 * Writes `latest-linux.yml` and the like, each with a signature file.
 * @param {FeedOptions} options
 * @returns {Promise<string[]>} the file names
 */
export async function writeFeed({ app, folder, key, channel = app.update?.channel || 'stable', rollout = 100, minimumFrom = '', migrates = true, expires = 365, notes = {}, now = new Date() }) {
  refuseKey(app, key);
  const { version } = app;
  const groups = await groupsOf(folder, version);
  if (!Object.keys(groups).length) throw new SetupProblem(`There is no artefact of version ${version} in ${folder}.`, 'Build it with "djdesk package", or name the folder that holds the artefacts.');
  const issued = now.toISOString();
  return Object.entries(groups).flatMap(([name, files]) => write(path.join(folder, name.replace(/^latest/, channel === 'stable' ? 'latest' : channel)), {
    version, product: app.id, channel, released: issued, issued, expires: later(now, expires), minimumFrom, migrates, rollout, hold: '', notes, files,
  }, key));
}

/**
 * Announces the release in a folder's feed again: for a larger share of installations, or with a hold.
 * @param {{app: FeedOptions['app'], folder: string, key: crypto.KeyObject | null, rollout?: number, hold?: string, expires?: number, now?: Date}} options `hold`: why this version is withheld; '' releases it
 *     again
 * @returns {string[]} the file names
 */
export function announceAgain({ app, folder, key, rollout, hold, expires = 365, now = new Date() }) {
  refuseKey(app, key);
  const written = [];
  for (const name of fs.readdirSync(folder).filter((one) => one.endsWith('.yml'))) {
    /** @type {any} */
    let told;
    try {
      told = JSON.parse(fs.readFileSync(path.join(folder, name), 'utf8'));
    } catch {
      continue;
    }
    if (told.product !== app.id) continue;
    written.push(...write(path.join(folder, name), {
      ...told, issued: now.toISOString(), expires: later(now, expires), ...(rollout === undefined ? {} : { rollout }), ...(hold === undefined ? {} : { hold }),
    }, key));
  }
  if (!written.length) throw new SetupProblem(`There is no feed of ${app.id} in ${folder}.`, 'Name the folder that holds its .yml files, or make the feed with "djdesk release feed FOLDER".');
  return written;
}

/** @param {Date} now @param {number} days */
const later = (now, days) => new Date(now.getTime() + days * DAY_MS).toISOString();

/**
 * @param {string} place
 * @param {Record<string, unknown> & {product: string, channel: string}} told
 * @param {crypto.KeyObject | null} key
 */
function write(place, told, key) {
  const text = `${JSON.stringify(told, null, 2)}\n`;
  // The old content's signature is invalid now.
  fs.rmSync(`${place}.sig`, { force: true });
  fs.writeFileSync(place, text);
  if (!key) return [path.basename(place)];
  fs.writeFileSync(`${place}.sig`, `${JSON.stringify(signature({ key, product: told.product, channel: told.channel, bytes: Buffer.from(text) }))}\n`);
  return [path.basename(place), `${path.basename(place)}.sig`];
}

/**
 * @param {{key: crypto.KeyObject, product: string, channel: string, bytes: Buffer}} what
 * @returns {{v: 1, key: string, sig: string}}
 */
export function signature({ key, product, channel, bytes }) {
  const signed = Buffer.concat([Buffer.from(`djdesk-update-v1\n${product}\n${channel}\n`), bytes]);
  return { v: 1, key: publicPart(key), sig: crypto.sign(null, signed, key).toString('base64') };
}

/**
 * Refuse a key that the app does not know: every installation would reject the feed.
 * @param {FeedOptions['app']} app
 * @param {crypto.KeyObject | null} key
 */
function refuseKey(app, key) {
  const known = app.update?.keys || [];
  if (key && !known.includes(publicPart(key))) {
    throw new SetupProblem(`The app does not trust this key (${publicPart(key)}).`, 'Add it to update.keys in its table, and release that with the key that installed apps know.');
  }
}

/**
 * The artefacts, grouped by feed. Creates block maps for those that support differential downloads.
 * @param {string} folder
 * @param {string} version
 */
async function groupsOf(folder, version) {
  /** @type {Record<string, object[]>} */
  const groups = {};
  const names = fs.readdirSync(folder);
  for (const platform of /** @type {const} */ (['linux', 'darwin', 'win32'])) {
    for (const arch of ARCHITECTURES) {
      for (const [kind, ending] of artefactEndings(platform, arch)) {
        const url = names.find((name) => name.endsWith(`-${version}-${ending}`));
        if (!url) continue;
        const feed = platform === 'linux' ? `latest-linux${arch === 'x64' ? '' : `-${arch}`}.yml` : platform === 'darwin' ? 'latest-mac.yml' : 'latest.yml';
        (groups[feed] ||= []).push({ url, kind, arch, ...await described(path.join(folder, url), kind) });
      }
    }
  }
  return groups;
}

/** @param {string} file @param {string} kind */
async function described(file, kind) {
  const { size } = fs.statSync(file);
  if (IN_PARTS.includes(kind)) {
    // electron-builder's implementation, which electron-updater expects.
    const { buildBlockMap } = await import('app-builder-lib/out/targets/blockmap/blockmap.js');
    const { sha512 } = await buildBlockMap(file, 'gzip', `${file}.blockmap`);
    return { size, installedSize: kind === 'AppImage' || kind === 'portable' ? size : GROWS * size, sha512 };
  }
  const hash = crypto.createHash('sha512');
  for await (const chunk of fs.createReadStream(file)) hash.update(chunk);
  return { size, installedSize: kind === 'tar.gz' ? gunzippedSize(file, size) : GROWS * size, sha512: hash.digest('base64') };
}

/** From the last four bytes of a gzip file; below 4 GiB. @param {string} file @param {number} size */
function gunzippedSize(file, size) {
  const descriptor = fs.openSync(file, 'r');
  try {
    const last = Buffer.alloc(4);
    fs.readSync(descriptor, last, 0, 4, Math.max(0, size - 4));
    return last.readUInt32LE(0);
  } finally {
    fs.closeSync(descriptor);
  }
}

/**
 * A version's section of a changelog: the text below its heading.
 * @param {string} changelog Markdown
 * @param {string} version
 */
export function notesOf(changelog, version) {
  const lines = changelog.split(/\r?\n/);
  const named = new RegExp(`^##\\s.*(?<![\\w.])v?${version.replace(/[.+]/g, '\\$&')}(?![\\w.])`);
  const begin = lines.findIndex((line) => named.test(line));
  if (begin < 0) return '';
  const rest = lines.slice(begin + 1);
  const end = rest.findIndex((line) => /^#{1,2}\s/.test(line));
  return rest.slice(0, end < 0 ? undefined : end).join('\n').trim();
}
