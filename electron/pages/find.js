/* The find bar: a separate view above the page. */
(() => {
  const shell = window.djdeskFind;
  const t = window.djdeskText;
  /** @param {string} id @returns {any} */
  const element = (id) => document.getElementById(id);
  const words = element('words');
  const again = (/** @type {boolean} */ forward) => { if (words.value) shell.search(words.value, { forward, first: false }); };

  words.addEventListener('input', () => shell.search(words.value, { forward: true, first: true }));
  window.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') shell.close();
    else if (event.key === 'Enter' && event.target === words) {
      event.preventDefault();
      again(!event.shiftKey);
    }
  });
  element('bar').addEventListener('submit', (/** @type {Event} */ event) => event.preventDefault());
  element('previous').addEventListener('click', () => again(false));
  element('next').addEventListener('click', () => again(true));
  element('close').addEventListener('click', () => shell.close());
  shell.onResult(({ current, total }) => {
    const none = total === 0 && words.value !== '';
    element('count').textContent = words.value === '' ? '' : none ? t('No match') : t('{current} of {total}', { current, total });
    element('count').classList.toggle('none', none);
  });
  shell.onFocus(() => {
    words.focus();
    words.select();
  });
  words.focus();
})();
