/**
 * The language of the shell: the one that was chosen in the app, else the window's own, which is also
 * the one that its pages are asked for in.
 * @param {string} chosen `system` or a language
 * @param {string} locale of the window, such as `de-AT`
 * @param {string[]} languages that there are; the first one is for all others
 * @returns {string}
 */
export function chooseLanguage(chosen, locale, languages) {
  if (languages.includes(chosen)) return chosen;
  const own = locale.toLowerCase().split(/[-_]/)[0];
  return languages.includes(own) ? own : languages[0];
}
