/**
 * Translation of the shell's sentences. The source language is English, which is the fallback for
 * missing translations.
 * @typedef {Record<string, string | number>} Values
 * @typedef {Record<string, string>} Messages English to another language, both with `{name}` for a value
 */

const FIELD = /\{(\w+)\}/g;
/** Between two sentences. */
const BETWEEN = /(?<=[.!?]) (?=[A-Z“])/;
/** A value whose name ends like this is a text of the shell itself and is translated too. */
const NESTED = '_text';

/** @typedef {{id: string, params: Record<string, unknown>}} Message as in src/djdesk/messages.py */

/** Messages said or heard recently, by English text. @type {Map<string, Message>} */
const spoken = new Map();
const KEPT = 500;

/** @param {string} text @param {Message} message */
function keep(text, message) {
  spoken.delete(text);
  spoken.set(text, message);
  if (spoken.size > KEPT) spoken.delete([...spoken.keys()][0]);
}

const filled = (/** @type {string} */ template, /** @type {Values} */ values) =>
  template.replace(FIELD, (field, name) => (Object.prototype.hasOwnProperty.call(values, name) ? String(values[name]) : field));

/**
 * A sentence created where the reader is unknown: in English, as it is logged. Its template is a
 * message in the catalogues; `withMessages` sends it along.
 * @param {string} template
 * @param {Values} [values]
 */
export function say(template, values = {}) {
  const text = filled(template, values);
  const params = Object.fromEntries(Object.entries(values).map(([name, value]) =>
    [name, (name.endsWith(NESTED) && spoken.get(String(value))) || value]));
  keep(text, { id: template, params });
  return text;
}

/** Join sentences. @param {string[]} parts */
export function joined(...parts) {
  const found = parts.filter(Boolean);
  const text = found.join(' ');
  if (found.length > 1 && found.some((part) => spoken.has(part))) {
    const params = Object.fromEntries(found.map((part, index) => [`part${index + 1}`, spoken.get(part) || part]));
    keep(text, { id: Object.keys(params).map((name) => `{${name}}`).join(' '), params });
  }
  return text;
}

/**
 * For Python: the texts unchanged, plus those from `say` as messages.
 * @template {Record<string, unknown>} T
 * @param {T} values
 * @returns {T & {messages?: Record<string, Message>}}
 */
export function withMessages(values) {
  const found = Object.entries(values).flatMap(([name, value]) => {
    const message = typeof value === 'string' ? spoken.get(value) : undefined;
    return message ? [/** @type {[string, Message]} */ ([name, message])] : [];
  });
  return found.length ? { ...values, messages: Object.fromEntries(found) } : values;
}

/**
 * Remember the messages that came with another process's texts.
 * @param {Record<string, unknown>} values
 */
export function hear(values) {
  const { messages } = values;
  if (!messages || typeof messages !== 'object') return;
  for (const [name, message] of Object.entries(messages)) {
    const text = values[name];
    if (typeof text === 'string' && message && typeof message.id === 'string' && message.params && typeof message.params === 'object') keep(text, message);
  }
}

/**
 * @param {Messages} messages
 * @returns {{t: (text: string, values?: Values) => string, said: (text: string) => string}} `t`: a
 *     text with its values; `said`: translates a sentence of `say`; unknown ones are returned
 *     unchanged
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
        return filled(messages[template], Object.fromEntries(names.map((name, index) =>
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

  return { t: (text, values = {}) => filled(lookUp(text) || text, values), said };
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
