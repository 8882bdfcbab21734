/**
 * Messages of the shell, created where the reader is unknown and translated where they are shown. The same
 * concept as in src/djdesk/messages.py.
 * @typedef {string | number | boolean | Message | unknown[]} Value
 * @typedef {Record<string, any>} Values
 * @typedef {Record<string, string>} Messages English to another language, both with `{name}` for a value
 * @typedef {string | Message} Text a message of ours; a plain string is somebody else's text, or empty, and is never translated
 */

const FIELD = /\{\{|\}\}|\{(\w+)\}/g;
/** Deeper nesting is not one of ours. */
const DEEPEST = 20;

/**
 * @param {string} template
 * @param {Values} values
 * @param {(value: any) => string} show
 */
const filled = (template, values, show) => template.replace(FIELD, (field, name) => {
  if (!name) return field[0];
  return Object.prototype.hasOwnProperty.call(values, name) ? show(values[name]) : field;
});

/** @param {any} value @returns {string} */
const inEnglish = (value) => (Array.isArray(value) ? value.map(inEnglish).join(', ') : String(value));

/** Converts to its English sentence: in logs, in a terminal, in JSON. */
export class Message {
  /**
   * @param {string} id the English template
   * @param {Values} [params] its values; a message among them is translated too, a string is shown as it is
   */
  constructor(id, params = {}) {
    this.id = id;
    this.params = params;
  }

  toString() {
    return filled(this.id, this.params, inEnglish);
  }

  toJSON() {
    return String(this);
  }
}

/**
 * @param {string} template a literal, so that a test finds it
 * @param {Values} [values]
 */
export const say = (template, values = {}) => new Message(template, values);

/** Join sentences. @param {Text[]} parts @returns {Text} */
export function joined(...parts) {
  const found = parts.filter(Boolean);
  if (found.length < 2) return found[0] || '';
  const params = Object.fromEntries(found.map((part, index) => [`part${index + 1}`, part]));
  return new Message(Object.keys(params).map((name) => `{${name}}`).join(' '), params);
}

/** Whether two texts are the same in English. @param {Text} one @param {Text} other */
export const sameText = (one, other) => String(one) === String(other);

/** @param {any} value @returns {any} with each message replaced by `{id, params}`, for JSON */
function packed(value) {
  if (value instanceof Message) return { id: value.id, params: Object.fromEntries(Object.entries(value.params).map(([name, one]) => [name, packed(one)])) };
  return Array.isArray(value) ? value.map(packed) : value;
}

/** @param {any} value @param {number} [depth] @returns {any} the other way round */
function unpacked(value, depth = 0) {
  if (Array.isArray(value)) return value.map((one) => unpacked(one, depth + 1));
  if (!value || typeof value !== 'object') return value;
  const { id, params } = value;
  if (depth > DEEPEST || typeof id !== 'string' || !params || typeof params !== 'object') return JSON.stringify(value);
  return new Message(id, Object.fromEntries(Object.entries(params).map(([name, one]) => [name, unpacked(one, depth + 1)])));
}

/**
 * For Python: English texts, and those that are messages repeated beside them.
 * @param {Record<string, unknown>} values
 * @returns {Record<string, unknown>}
 */
export function withMessages(values) {
  const found = Object.entries(values).filter(([, value]) => value instanceof Message);
  if (!found.length) return values;
  const texts = Object.fromEntries(found.map(([name, value]) => [name, String(value)]));
  return { ...values, ...texts, messages: Object.fromEntries(found.map(([name, value]) => [name, packed(value)])) };
}

/**
 * The inverse of `withMessages`, also Python's. A text that differs from its message stays plain text.
 * @template {Record<string, any>} T
 * @param {T} values
 * @returns {T}
 */
export function withoutMessages(values) {
  const { messages, ...texts } = values;
  if (!messages || typeof messages !== 'object') return values;
  const found = Object.entries(messages).map(([name, sent]) => /** @type {const} */ ([name, unpacked(sent)]))
    .filter(([name, message]) => message instanceof Message && texts[name] === String(message));
  return /** @type {T} */ ({ ...texts, ...Object.fromEntries(found) });
}

/**
 * @param {Messages} messages
 * @returns {{t: (template: string, values?: Values) => string, translated: (text: Text) => string, throughout: (value: any) => any}}
 *   `t`: a text of the shell with its values; `translated`: a message, any other text as it is; `throughout`: the same
 *   for every message in a value of objects and lists
 */
export function translator(messages) {
  const lookUp = (/** @type {string} */ id) => (Object.prototype.hasOwnProperty.call(messages, id) ? messages[id] : id);
  /** @type {(value: any) => string} */
  const show = (value) => {
    if (value instanceof Message) return t(value.id, value.params);
    return Array.isArray(value) ? value.map(show).join(', ') : String(value);
  };
  /** @type {(template: string, values?: Values) => string} */
  const t = (template, values = {}) => filled(lookUp(template), values, show);
  /** @type {(value: any) => any} */
  const throughout = (value) => {
    if (value instanceof Message) return show(value);
    if (Array.isArray(value)) return value.map(throughout);
    return value && typeof value === 'object' ? Object.fromEntries(Object.entries(value).map(([name, one]) => [name, throughout(one)])) : value;
  };
  return { t, translated: (text) => show(text), throughout };
}
