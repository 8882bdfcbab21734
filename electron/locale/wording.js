/**
 * Sentences of the shell. English is the language of the source; what a catalogue lacks is shown in it.
 * @typedef {Record<string, string | number>} Values
 * @typedef {Record<string, string>} Messages English to another language, both with `{name}` for a value
 */

const FIELD = /\{(\w+)\}/g;
/** Between two sentences. */
const BETWEEN = /(?<=[.!?]) (?=[A-Z“])/;
/** A value of this name ending is a text of the shell itself and is translated, too. */
const NESTED = '_text';

/**
 * A sentence that is made where no reader is known: in English, which is what is logged and sent
 * between processes. Its template is a message of the catalogues.
 * @param {string} template
 * @param {Values} [values]
 */
export const say = (template, values = {}) =>
  template.replace(FIELD, (field, name) => (Object.prototype.hasOwnProperty.call(values, name) ? String(values[name]) : field));

/**
 * @param {Messages} messages
 * @returns {{t: (text: string, values?: Values) => string, said: (text: string) => string}}
 *   `t`: a text with its values; `said`: a sentence of `say` again, itself where no template fits
 */
export function translator(messages) {
  const lookUp = (/** @type {string} */ text) => (Object.prototype.hasOwnProperty.call(messages, text) ? messages[text] : null);
  const templates = Object.keys(messages).filter((key) => key.search(FIELD) >= 0).map(pattern).sort((a, b) => b.weight - a.weight);

  /** @param {string} sentence @returns {string | null} */
  function one(sentence) {
    const exact = lookUp(sentence);
    if (exact !== null) return exact;
    for (const { template, expression, names } of templates) {
      const match = expression.exec(sentence);
      if (match) {
        return say(messages[template], Object.fromEntries(names.map((name, index) =>
          [name, name.endsWith(NESTED) ? said(match[index + 1]) : match[index + 1]])));
      }
    }
    return null;
  }

  /** @param {string} text */
  function said(text) {
    const exact = lookUp(text);
    if (exact !== null) return exact;
    const parts = text.split(BETWEEN);
    const each = parts.length > 1 ? parts.map(one) : [];
    if (each.length && each.every((part) => part !== null)) return each.join(' ');
    return one(text) || text;
  }

  return { t: (text, values) => say(lookUp(text) || text, values), said };
}

/** @param {string} template */
function pattern(template) {
  const literals = template.split(/\{\w+\}/);
  return {
    template,
    names: [...template.matchAll(FIELD)].map((match) => match[1]),
    expression: new RegExp(`^${literals.map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('([^]+?)')}$`),
    weight: literals.join('').length,
  };
}
