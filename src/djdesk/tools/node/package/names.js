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
