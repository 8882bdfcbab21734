import { appName, CATALOGUES, language, t } from '../locale/current.js';

/** @type {Record<string, string>} */
const ESCAPES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/**
 * Translate a page, whose texts are written as `{{English}}`, into the current language.
 * @param {string} html
 */
export const inLanguage = (html) => html
  .replace('<html lang="en">', `<html lang="${language()}">`)
  .replace(/\{\{(.+?)\}\}(?!\})/g, (_all, text) => t(text).replace(/[&<>"]/g, (sign) => ESCAPES[sign]));

/** The script `catalogue.js`: translations for the pages' own scripts. */
export const catalogueScript = () =>
  `window.djdeskCatalogue = ${JSON.stringify({ app: appName(), language: language(), messages: CATALOGUES[language()] })};\n`;
