/** A .po file as pairs of message and translation; only the first plural forms. */

/** @param {string} text @returns {{id: string, text: string}[]} */
export function messages(text) {
  return text.split(/\n\n+/).map((entry) => ({ id: field(entry, 'msgid'), text: field(entry, 'msgstr(?:\\[0\\])?') })).filter(({ id }) => id);
}

/** @param {string} entry @param {string} name a pattern */
function field(entry, name) {
  const found = new RegExp(`^${name} ((?:".*"\\n?)+)`, 'm').exec(entry);
  return found ? (found[1].match(/".*"/g) || []).map((line) => JSON.parse(line)).join('') : '';
}
