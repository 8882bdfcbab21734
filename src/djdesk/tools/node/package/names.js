/**
 * Names of everything that packaging creates for an app, shared by the packages, their scripts and the tests
 * of packages.
 * @typedef {Pick<import('../../../../../electron/app.js').App, 'name' | 'id' | 'slug' | 'version' | 'description' | 'publisher' | 'scheme' | 'languages' | 'files' | 'pages' | 'bridge'> & {icon?: string, category?: string, update?: {feed?: string, keys?: string[], channel?: string, channels?: string[]}}} PackagedApp
 */
import fs from 'node:fs';

/** @param {string} file a rendered app.json @returns {PackagedApp} */
export const readPackagedApp = (file) => ({
  description: '', publisher: '', scheme: '', languages: ['en'], files: [], pages: {}, bridge: [], ...JSON.parse(fs.readFileSync(file, 'utf8')),
});

/**
 * The window's executable. Not the slug: that is the command line, which may be on PATH.
 * @param {{slug: string}} app
 */
export const programOf = ({ slug }) => `${slug}-app`;

/**
 * The name for files that people download: ASCII letters only.
 * @param {{name: string, slug: string}} app
 */
export const fileNameOf = ({ name, slug }) =>
  name.normalize('NFKD').replace(/\p{M}/gu, '').replace(/[^A-Za-z0-9.]+/g, '-').replace(/^[-.]+|[-.]+$/g, '') || slug;

/**
 * An app's version, which may be in Python's notation, in the only one that electron-builder accepts:
 * `1.0` is `1.0.0`, `2.1rc1` is `2.1.0-rc.1`, and `2024.05.1.3` is `2024.5.1+3`. Only the system's packages show it;
 * file names and the app itself keep the version as it is written.
 * @param {string} version
 */
export function packageVersion(version) {
  const match = /^v?(?:\d+!)?(\d+(?:\.\d+)*)(.*)$/.exec(version);
  if (!match) return version;
  const [major, minor = 0, patch = 0, ...further] = match[1].split('.').map(Number);
  const [rest, local = ''] = match[2].split('+');
  const words = [...rest.matchAll(/([a-z]+)[-_.]?(\d*)/gi)].map(([, word, number]) => [word.toLowerCase(), Number(number)]);
  const late = ['post', 'rev', 'r'];
  const before = words.filter(([word]) => !late.includes(String(word))).flat();
  const after = [...further, ...words.filter(([word]) => late.includes(String(word))).flat(), ...local.split(/[^A-Za-z0-9]+/).filter(Boolean)];
  return [[major, minor, patch].join('.'), before.length && `-${before.join('.')}`, after.length && `+${after.join('.')}`].filter(Boolean).join('');
}

/**
 * Where a system package installs it: electron-builder's choice.
 * @param {{name: string, slug: string}} app
 */
export const installedProgram = (app) => `/opt/${app.name}/${programOf(app)}`;

/** The publisher's domain: the app id reversed. @param {{id: string}} app */
export const domainOf = ({ id }) => id.split('.').slice(0, 2).reverse().join('.').toLowerCase();

/** @param {{slug: string}} app @param {{ext: string}} file */
export const mimeTypeOf = ({ slug }, { ext }) => `application/x-${slug}-${ext.toLowerCase()}`;

/** Linux menu categories to Apple's. @type {Record<string, string>} */
const APPLE_CATEGORIES = {
  AudioVideo: 'video', Development: 'developer-tools', Education: 'education', Game: 'games', Graphics: 'graphics-design',
  Network: 'utilities', Office: 'productivity', Science: 'education', System: 'utilities', Utility: 'utilities',
};

/** @param {{category?: string}} app */
export const categoryOf = ({ category }) => (category && category in APPLE_CATEGORIES ? category : 'Utility');
/** @param {{category?: string}} app */
export const appleCategoryOf = (app) => `public.app-category.${APPLE_CATEGORIES[categoryOf(app)]}`;

/**
 * Chromium's names for the locales to keep in a package: a page is told the window's language only if
 * Chromium has its locale.
 * @param {string[]} languages Django's names: `de`, `pt-br`
 * @param {NodeJS.Platform} [platform]
 */
export function chromiumLanguages(languages, platform = process.platform) {
  const special = /** @type {Record<string, string>} */ ({ en: 'en-US', 'zh-hans': 'zh-CN', 'zh-hant': 'zh-TW', pt: 'pt-PT', nb: 'nb', es: 'es' });
  const named = ['en', ...languages].map((one) => special[one.toLowerCase()]
    || one.replace(/-([a-z]{2})$/i, (_all, region) => `-${region.toUpperCase()}`));
  return [...new Set(named)].map((one) => (platform !== 'darwin' ? one : one === 'en-US' ? 'en' : one.replace('-', '_')));
}
