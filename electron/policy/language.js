/**
 * The language of the shell: the one chosen in the app, else the window's locale, which its
 * requests for pages also use.
 * @param {string} chosen `system` or a language
 * @param {string} locale of the window, such as `de-AT`
 * @param {string[]} languages available; the first one is the fallback
 * @returns {string}
 */
export function chooseLanguage(chosen, locale, languages) {
  if (languages.includes(chosen)) return chosen;
  const own = locale.toLowerCase().split(/[-_]/)[0];
  return languages.includes(own) ? own : languages[0];
}
