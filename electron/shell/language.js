import { app } from 'electron';

import { LANGUAGES, language, speak } from '../locale/current.js';
import { chooseLanguage } from '../policy/language.js';

/**
 * The language chosen in the app's preferences, also stored here, because the splash page and a
 * failed start have no app to ask. Call after Electron is ready.
 * @typedef {{set: (chosen: string) => void, onChange: (callback: () => void) => void}} LanguageSetting
 *
 * @param {import('../backend/runtime.js').Runtime} runtime
 * @returns {LanguageSetting}
 */
export function setupLanguage({ app: about, state }) {
  // The shell may have fewer languages than the app.
  const shared = about.languages.filter((one) => LANGUAGES.includes(one));
  /** @type {(() => void)[]} */
  const followers = [];
  const follow = (/** @type {string} */ chosen) => speak(chooseLanguage(chosen, app.getLocale(), shared.length ? shared : ['en']));
  let kept = state.read().language;
  follow(kept);
  return {
    set: (chosen) => {
      // Every page reports it; write only changes.
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
