/* The dialog of a page's prompt(): Electron has none. */
(() => {
  /** @param {string} id @returns {any} */
  const element = (id) => document.getElementById(id);
  const [message, value] = JSON.parse(decodeURIComponent(window.location.hash.slice(1)));
  element('message').textContent = message;
  element('value').value = value;
  element('form').addEventListener('submit', (/** @type {Event} */ event) => {
    event.preventDefault();
    window.djdeskPrompt.answer(element('value').value);
  });
  element('cancel').addEventListener('click', () => window.djdeskPrompt.answer(null));
  window.addEventListener('keydown', (event) => { if (event.key === 'Escape') window.djdeskPrompt.answer(null); });
  element('value').focus();
  element('value').select();
})();
