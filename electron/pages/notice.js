/* What was refused to the page below; the text is in the URL. */
(() => {
  const text = /** @type {HTMLElement} */ (document.getElementById('text'));
  text.textContent = decodeURIComponent(window.location.hash.slice(1));
  text.title = text.textContent;
  /** @type {HTMLElement} */ (document.getElementById('close')).addEventListener('click', () => window.djdeskNotice.close());
})();
