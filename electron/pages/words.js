/* The texts of these pages' scripts; catalogue.js, loaded before, has the translations. */
(() => {
  const { app, messages } = window.djdeskCatalogue;

  /** @param {string} text @param {Record<string, string | number>} [values] */
  const translate = (text, values = {}) => (Object.prototype.hasOwnProperty.call(messages, text) ? messages[text] : text)
    .replace(/\{(\w+)\}/g, (field, name) => (name === 'app' ? app : name in values ? String(values[name]) : field));

  Object.assign(window, { djdeskText: translate });
})();
