/* Shown above a page of a busy app: what is going on, and how to end it. */
(() => {
  const shell = window.djdeskShell;
  const t = window.djdeskText;
  /** @param {string} id @returns {any} */
  const element = (id) => document.getElementById(id);

  /** @param {ShellPageState} state */
  function render({ trouble, worker }) {
    element('what').textContent = trouble || worker.waiting;
    element('more').textContent = trouble ? '' : t('Background work continues automatically as soon as that is over.');
    element('end').hidden = !trouble;
    element('end').title = t('Running work is lost. Saved data is safe.');
  }

  element('wait').addEventListener('click', () => shell.hideTrouble());
  element('end').addEventListener('click', () => {
    element('end').disabled = true;
    shell.endServer();
  });
  shell.onState(render);
  shell.getState().then(render);
})();
