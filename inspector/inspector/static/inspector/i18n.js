/**
 * Texts and numbers in the page's language. The message catalogue is a separate script,
 * loaded before the modules.
 */

/**
 * @typedef {object} Catalogue set by Django's JavaScript catalogue as `window.django`
 * @property {(text: string) => string} gettext
 * @property {(one: string, many: string, count: number) => string} ngettext
 * @property {(context: string, text: string) => string} pgettext
 *
 * @typedef {Record<string, string | number>} Values
 */

/** Undefined without a page (in tests of single modules): texts are English then. */
const catalogue = /** @type {Catalogue | undefined} */ (/** @type {any} */ (globalThis).django);

export const language = typeof document === 'undefined' ? 'en' : document.documentElement.lang || 'en';

const numbers = new Intl.NumberFormat(language);
const tenths = new Intl.NumberFormat(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** @param {number} value */
export const number = (value) => numbers.format(value);

/** One decimal place. @param {number} value */
export const decimal = (value) => tenths.format(value);

/** @param {string} text with `{name}` for each of the values @param {Values} [values] */
export const gettext = (text, values) => fill(catalogue ? catalogue.gettext(text) : text, values);

/** @param {string} context distinguishes meanings @param {string} text @param {Values} [values] */
export const pgettext = (context, text, values) => fill(catalogue ? catalogue.pgettext(context, text) : text, values);

/** `{count}` is the number. @param {string} one @param {string} many @param {number} count @param {Values} [values] */
export function ngettext(one, many, count, values) {
  const text = catalogue ? catalogue.ngettext(one, many, count) : count === 1 ? one : many;
  return fill(text, { count, ...values });
}

/** @param {string} text @param {Values} [values] */
function fill(text, values) {
  if (!values) return text;
  // In one pass, so that a value that looks like a placeholder is left alone.
  return text.replace(/\{(\w+)\}/g, (whole, name) => {
    const value = values[name];
    return value === undefined ? whole : typeof value === 'number' ? number(value) : value;
  });
}
