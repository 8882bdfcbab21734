/**
 * Decides which announcement of a new version is accepted, and what to do about it. Pure:
 * docs/updates.md describes the feed, electron/backend/update-feed.js fetches it, and
 * electron/backend/update-words.js has the sentences for the codes.
 */
import { compareVersions, isVersion } from './versions.js';

/** Prefix of the signed bytes, so that a signature made for another purpose is never valid for a feed. */
const PURPOSE = 'djdesk-update-v1';
/** Disk space to keep free beyond an update's own needs. */
const SPARE_BYTES = 200e6;
const DAY_MS = 24 * 60 * 60 * 1000;
const RETRY_MS = 60 * 60 * 1000;

/**
 * One file of a release.
 * @typedef {object} ReleaseFile
 * @property {string} url its name, relative to the feed
 * @property {string} kind `AppImage`, `deb`, `tar.gz`, `dmg`, `zip`, `nsis` or `portable`
 * @property {string} arch as Node names it
 * @property {number} size bytes
 * @property {number} installedSize bytes, once unpacked
 * @property {string} sha512 base64
 *
 * @typedef {object} Release content of a feed with a valid signature
 * @property {string} version
 * @property {string} product id of the app
 * @property {string} channel
 * @property {string} released ISO time
 * @property {string} issued ISO time of this announcement: a release may be announced again, for example with a hold
 * @property {string} expires ISO time, or ''
 * @property {string} minimumFrom the oldest version that can update to it, or ''
 * @property {boolean} migrates whether it changes the database
 * @property {number} rollout percentage of installations that are offered it automatically
 * @property {string} hold why it is not offered, or ''
 * @property {Record<string, string>} notes plain text by language
 * @property {ReleaseFile[]} files
 *
 * @typedef {{code: string, values?: Record<string, string | number>}} Reason
 * @typedef {{version: string, issued: string}} Seen the newest announcement accepted on a channel
 * @typedef {(key: string, data: Uint8Array, signature: Uint8Array) => boolean} Verify Ed25519; `key`: base64 of 32 bytes
 */

/** @param {unknown} value @returns {value is Record<string, unknown>} */
const isRecord = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);
/** @param {unknown} value @param {RegExp} pattern */
const fits = (value, pattern) => typeof value === 'string' && pattern.test(value);

export const CHANNEL = /^[a-z][a-z0-9-]{0,30}$/;
/** A plain file name: never a path or another server. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._+~-]{0,199}$/;
const TIME = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;
const KINDS = ['AppImage', 'deb', 'tar.gz', 'dmg', 'zip', 'nsis', 'portable'];

/**
 * The name of a channel's file, as in electron-updater and electron-builder.
 * @param {string} channel
 * @param {string} platform
 * @param {string} arch
 */
export function feedFile(channel, platform, arch) {
  const name = channel === 'stable' ? 'latest' : channel;
  if (platform === 'linux') return `${name}-linux${arch === 'x64' ? '' : `-${arch}`}.yml`;
  return platform === 'darwin' ? `${name}-mac.yml` : `${name}.yml`;
}

/**
 * The bytes to sign: bound to one app and one channel.
 * @param {string} product
 * @param {string} channel
 * @param {Uint8Array} bytes
 */
export function signedBytes(product, channel, bytes) {
  const head = new TextEncoder().encode(`${PURPOSE}\n${product}\n${channel}\n`);
  const all = new Uint8Array(head.length + bytes.length);
  all.set(head);
  all.set(bytes, head.length);
  return all;
}

/**
 * Checks a feed. Before its signature is verified, it is read only to explain a refusal.
 * @param {{bytes: Uint8Array, signature: string | null, product: string, channel: string, keys: string[], verify: Verify}} feed `signature`: content of the file beside it, null if there is
 *     none; `keys`: public keys, base64
 * @returns {{release: Release} | {refused: Reason}}
 */
export function openFeed({ bytes, signature, product, channel, keys, verify }) {
  if (!keys.length) return refuse('no_key');
  if (signature === null) return refuse('unsigned');
  const given = parseJson(signature);
  const raw = isRecord(given) && given.v === 1 && fits(given.key, /^[A-Za-z0-9+/]{43}=$/) && fits(given.sig, /^[A-Za-z0-9+/]{86}==$/)
    ? { key: String(given.key), sig: fromBase64(String(given.sig)) } : null;
  if (!raw) return refuse('bad_signature');
  if (!keys.includes(raw.key)) return refuse('unknown_key');
  const signedFor = (/** @type {string} */ one, /** @type {string} */ other) => verify(raw.key, signedBytes(one, other, bytes), raw.sig);
  const value = parseJson(new TextDecoder().decode(bytes));
  if (!signedFor(product, channel)) {
    // If the publisher signed it for another app or channel, say that instead.
    if (isRecord(value) && typeof value.product === 'string' && typeof value.channel === 'string' && signedFor(value.product, value.channel)) {
      if (value.product !== product) return refuse('other_product', { product: value.product });
      return refuse('other_channel', { channel: value.channel });
    }
    return refuse('bad_signature');
  }
  const release = readRelease(value);
  if (!release) return refuse('unreadable');
  if (release.product !== product) return refuse('other_product', { product: release.product });
  if (release.channel !== channel) return refuse('other_channel', { channel: release.channel });
  return { release };
}

/**
 * Decide what to do about a release.
 * @param {object} facts
 * @param {Release} facts.release
 * @param {string} facts.version of the running app
 * @param {{platform: string, kind: string, arch: string}} facts.installation `kind`: '' if it cannot be updated
 * @param {Seen | null} facts.seen
 * @param {string[]} facts.failed versions that were tried and rolled back
 * @param {string} facts.skipped the version that the user skipped, or ''
 * @param {string} [facts.pinned] the administrator allows no later version
 * @param {boolean} facts.asked requested by the user just now: ignores the rollout, and shows a skipped version again
 * @param {string} facts.installId of this installation; never leaves this computer
 * @param {number} facts.now ms
 * @returns {{action: 'offer' | 'none' | 'refuse', reason: Reason | null, warnings: Reason[], file: ReleaseFile | null, seen: Seen | null}}
 *   `seen`: to be remembered
 */
export function judge({ release, version, installation, seen, failed, skipped, pinned = '', asked, installId, now }) {
  const { version: next, issued } = release;
  const warnings = release.expires && Date.parse(release.expires) < now ? [reason('expired', { date: release.expires.slice(0, 10) })] : [];
  const old = seen ? compareVersions(next, seen.version) : 1;
  if (seen && (old < 0 || (old === 0 && issued < seen.issued))) {
    return { action: 'refuse', reason: reason('replayed', { version: next, seen: seen.version }), warnings, file: null, seen };
  }
  if (pinned && compareVersions(next, pinned) > 0) {
    // Not remembered: otherwise a mirror with the older version would look like a replay.
    return { action: 'none', reason: reason('pinned', { version: next, pinned }), warnings, file: null, seen };
  }
  const remembered = { version: next, issued };
  const file = release.files.find((one) => one.kind === installation.kind && one.arch === installation.arch) || null;
  const none = (/** @type {Reason | null} */ why) => ({ action: /** @type {const} */ ('none'), reason: why, warnings, file: null, seen: remembered });
  if (compareVersions(next, version) <= 0) return none(reason('up_to_date'));
  if (release.hold) return none(reason('held', { version: next, why: release.hold }));
  if (failed.some((one) => compareVersions(next, one) <= 0)) return none(reason('failed_before', { version: next }));
  if (release.minimumFrom && compareVersions(version, release.minimumFrom) < 0) {
    return { ...none(reason('too_old', { version: next, minimum: release.minimumFrom })), action: 'refuse' };
  }
  if (!file) return { ...none(reason('not_listed', { version: next })), action: 'refuse' };
  if (!asked && skipped === next) return none(reason('skipped', { version: next }));
  if (!asked && share(installId, next) >= release.rollout) return none(reason('rollout', { version: next }));
  return { action: 'offer', reason: null, warnings, file, seen: remembered };
}

/**
 * The position of an installation in a rollout: fixed for one version, different for the next.
 * @param {string} installId
 * @param {string} version
 * @returns {number} 0 to 99
 */
export function share(installId, version) {
  // FNV-1a: evenly distributed; it need not be unguessable.
  let hash = 0x811c9dc5;
  for (const character of `${installId} ${version}`) hash = Math.imul(hash ^ /** @type {number} */ (character.codePointAt(0)), 0x01000193) >>> 0;
  return ((hash ^ (hash >>> 15)) >>> 0) % 100;
}

/**
 * Disk space that an update needs, in bytes: the download, the unpacked new version, a backup, and
 * a rehearsal's copy of the database.
 * @param {{size: number, installedSize: number}} file
 * @param {number} database bytes
 */
export const roomNeeded = (file, database) => file.size + file.installedSize + 2 * database + SPARE_BYTES;

/**
 * When the next automatic check is due: once a day, and an hour after a first failure.
 * @param {{checked: number, failures: number}} last `checked`: ms, 0 for never; `failures` in a row
 */
export const nextCheck = ({ checked, failures }) => (checked ? checked + (failures === 1 ? RETRY_MS : DAY_MS) : 0);

/** @param {string} code @param {Record<string, string | number>} [values] @returns {Reason} */
const reason = (code, values) => (values ? { code, values } : { code });
/** @param {string} code @param {Record<string, string | number>} [values] */
const refuse = (code, values) => ({ refused: reason(code, values) });

/** @param {string} text @returns {unknown} */
function parseJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** @param {string} text */
const fromBase64 = (text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0));

/**
 * @param {unknown} value
 * @returns {Release | null}
 */
function readRelease(value) {
  if (!isRecord(value)) return null;
  const { version, product, channel, released, issued, expires = '', minimumFrom = '', migrates = true, rollout = 100, hold = '', notes = {}, files } = value;
  const whole = typeof version === 'string' && isVersion(version) && typeof product === 'string' && fits(channel, CHANNEL)
    && fits(released, TIME) && fits(issued, TIME) && (expires === '' || fits(expires, TIME))
    && (minimumFrom === '' || (typeof minimumFrom === 'string' && isVersion(minimumFrom)))
    && typeof migrates === 'boolean' && Number.isInteger(rollout) && Number(rollout) >= 0 && Number(rollout) <= 100
    && typeof hold === 'string' && hold.length <= 1000
    && isRecord(notes) && Object.values(notes).every((one) => typeof one === 'string' && one.length <= 100000)
    && Array.isArray(files) && files.every(isReleaseFile);
  return whole ? /** @type {Release} */ (/** @type {unknown} */ ({ version, product, channel, released, issued, expires, minimumFrom, migrates, rollout, hold, notes, files })) : null;
}

/** @param {unknown} one */
const isReleaseFile = (one) => isRecord(one) && fits(one.url, NAME) && KINDS.includes(String(one.kind)) && fits(one.arch, /^[a-z0-9]+$/)
  && Number.isSafeInteger(one.size) && Number(one.size) > 0 && Number.isSafeInteger(one.installedSize) && Number(one.installedSize) >= 0
  && fits(one.sha512, /^[A-Za-z0-9+/]{86}==$/);
