import { appName, CATALOGUES, language, t } from '../locale/current.js';

/** @type {Record<string, string>} */
const ESCAPES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/**
 * A page with its texts, which stand in it as `{{English}}`, in the language of now.
 * @param {string} html
 */
export const inLanguage = (html) => html
  .replace('<html lang="en">', `<html lang="${language()}">`)
  .replace(/\{\{(.+?)\}\}(?!\})/g, (_all, text) => t(text).replace(/[&<>"]/g, (sign) => ESCAPES[sign]));

/** The script `catalogue.js`: what the pages' own scripts take their texts from. */
export const catalogueScript = () =>
  `window.djdeskCatalogue = ${JSON.stringify({ app: appName(), language: language(), messages: CATALOGUES[language()] })};\n`;
