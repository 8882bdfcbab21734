/** The language that the shell speaks now. English until it is known. */
import backend from './de/backend.js';
import failures from './de/failures.js';
import pages from './de/pages.js';
import updates from './de/updates.js';
import window from './de/window.js';
import { translator } from './wording.js';

/** @type {Record<string, import('./wording.js').Messages>} */
export const CATALOGUES = { en: {}, de: { ...window, ...pages, ...failures, ...updates, ...backend } };
/** Those that can be chosen. */
export const LANGUAGES = Object.keys(CATALOGUES);

let name = 'en';
let words = translator(CATALOGUES.en);
let app = '';

/** @param {string} language one of LANGUAGES */
export function speak(language) {
  name = language;
  words = translator(CATALOGUES[language]);
}

/** What `{app}` stands for in every text. @param {string} name of the app */
export function speakOf(name) {
  app = name;
}

export const language = () => name;
export const appName = () => app;

/** A text in it. @param {string} text @param {import('./wording.js').Values} [values] */
export const t = (text, values) => words.t(text, { app, ...values });

/** A sentence of `say` in it. @param {string} text */
export const said = (text) => words.said(text);
