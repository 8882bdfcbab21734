import { app } from 'electron';

import { LANGUAGES, language, speak } from '../locale/current.js';
import { chooseLanguage } from '../policy/language.js';

/**
 * The language that the user has chosen in the app's preferences, kept here as well: the splash
 * page and a failed start have no app to ask. After Electron is ready.
 * @typedef {{set: (chosen: string) => void, onChange: (callback: () => void) => void}} LanguageKeeper
 *
 * @param {import('../backend/runtime.js').Runtime} runtime
 * @returns {LanguageKeeper}
 */
export function setupLanguage({ app: about, state }) {
  // The shell can say less than the app may be able to.
  const shared = about.languages.filter((one) => LANGUAGES.includes(one));
  /** @type {(() => void)[]} */
  const followers = [];
  const follow = (/** @type {string} */ chosen) => speak(chooseLanguage(chosen, app.getLocale(), shared.length ? shared : ['en']));
  let kept = state.read().language;
  follow(kept);
  return {
    set: (chosen) => {
      // Every page tells; only news is written.
      if (chosen === kept) return;
      kept = chosen;
      state.update({ language: chosen });
      const before = language();
      follow(chosen);
      if (language() !== before) followers.forEach((callback) => callback());
    },
    onChange: (callback) => { followers.push(callback); },
  };
}
