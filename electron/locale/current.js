/** The shell's current language. English until it is known. */
import backend from './de/backend.js';
import failures from './de/failures.js';
import pages from './de/pages.js';
import updates from './de/updates.js';
import window from './de/window.js';
import { translator } from './messages.js';

/** @type {Record<string, import('./messages.js').Messages>} */
export const CATALOGUES = { en: {}, de: { ...window, ...pages, ...failures, ...updates, ...backend } };
/** The available languages. */
export const LANGUAGES = Object.keys(CATALOGUES);

let name = 'en';
let words = translator(CATALOGUES.en);
let app = '';

/** @param {string} language one of LANGUAGES */
export function speak(language) {
  name = language;
  words = translator(CATALOGUES[language]);
}

/** Sets the value of `{app}` in every text. @param {string} name of the app */
export function speakOf(name) {
  app = name;
}

export const language = () => name;
export const appName = () => app;

/**
 * A text in the current language.
 * @param {string} text @param {import('./messages.js').Values} [values]
 */
export const t = (text, values) => words.t(text, { app, ...values });

/**
 * A message in the current language; any other text unchanged.
 * @param {import('./messages.js').Text} text
 */
export const translated = (text) => words.translated(text);

/** The same for every message in a nested value. @param {any} value */
export const translatedThroughout = (value) => words.throughout(value);
