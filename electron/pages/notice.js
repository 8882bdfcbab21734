/* What was refused to the page above: the text comes in the address. */
(() => {
  const text = /** @type {HTMLElement} */ (document.getElementById('text'));
  text.textContent = decodeURIComponent(window.location.hash.slice(1));
  text.title = text.textContent;
  /** @type {HTMLElement} */ (document.getElementById('close')).addEventListener('click', () => window.djdeskNotice.close());
})();
