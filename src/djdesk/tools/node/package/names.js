/**
 * What things are called that packaging makes for an app. One place, for the packages, the scripts in
 * them, and those that try them out.
 * @typedef {Pick<import('../../../../../electron/app.js').App, 'name' | 'id' | 'slug' | 'version' | 'description' | 'publisher' | 'scheme' | 'languages' | 'files' | 'pages' | 'bridge'> & {icon?: string, category?: string, update?: {feed?: string, keys?: string[], channel?: string, channels?: string[]}}} PackagedApp
 */
import fs from 'node:fs';

/** @param {string} file a rendered app.json @returns {PackagedApp} */
export const readPackagedApp = (file) => ({
  description: '', publisher: '', scheme: '', languages: ['en'], files: [], pages: {}, bridge: [], ...JSON.parse(fs.readFileSync(file, 'utf8')),
});

/** The program of the window. Not the slug: that is the command line, which may be on PATH. @param {{slug: string}} app */
export const programOf = ({ slug }) => `${slug}-app`;

/** The name for files that people download: plain letters everywhere. @param {{name: string, slug: string}} app */
export const fileNameOf = ({ name, slug }) =>
  name.normalize('NFKD').replace(/\p{M}/gu, '').replace(/[^A-Za-z0-9.]+/g, '-').replace(/^[-.]+|[-.]+$/g, '') || slug;

/** Where a package of the system puts it: electron-builder's choice. @param {{name: string, slug: string}} app */
export const installedProgram = (app) => `/opt/${app.name}/${programOf(app)}`;

/** A domain of the publisher: the identifier read backwards. @param {{id: string}} app */
export const domainOf = ({ id }) => id.split('.').slice(0, 2).reverse().join('.').toLowerCase();

/** @param {{slug: string}} app @param {{ext: string}} file */
export const mimeTypeOf = ({ slug }, { ext }) => `application/x-${slug}-${ext.toLowerCase()}`;

/** As the menu of Linux sorts them, to Apple's. @type {Record<string, string>} */
const APPLE_CATEGORIES = {
  AudioVideo: 'video', Development: 'developer-tools', Education: 'education', Game: 'games', Graphics: 'graphics-design',
  Network: 'utilities', Office: 'productivity', Science: 'education', System: 'utilities', Utility: 'utilities',
};

/** @param {{category?: string}} app */
export const categoryOf = ({ category }) => (category && category in APPLE_CATEGORIES ? category : 'Utility');
/** @param {{category?: string}} app */
export const appleCategoryOf = (app) => `public.app-category.${APPLE_CATEGORIES[categoryOf(app)]}`;

/**
 * Chromium's names of the languages whose texts a package carries: a page is told the window's language
 * only if Chromium has it.
 * @param {string[]} languages Django's names: `de`, `pt-br`
 * @param {NodeJS.Platform} [platform]
 */
export function chromiumLanguages(languages, platform = process.platform) {
  const special = /** @type {Record<string, string>} */ ({ en: 'en-US', 'zh-hans': 'zh-CN', 'zh-hant': 'zh-TW', pt: 'pt-PT', nb: 'nb', es: 'es' });
  const named = ['en', ...languages].map((one) => special[one.toLowerCase()]
    || one.replace(/-([a-z]{2})$/i, (_all, region) => `-${region.toUpperCase()}`));
  return [...new Set(named)].map((one) => (platform !== 'darwin' ? one : one === 'en-US' ? 'en' : one.replace('-', '_')));
}
