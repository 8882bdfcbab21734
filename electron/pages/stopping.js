/* A slow shutdown: what it waits for, and how to skip the wait. */
(() => {
  const shell = window.djdeskShell;
  const t = window.djdeskText;
  /** @param {string} id @returns {any} */
  const element = (id) => document.getElementById(id);

  /** @param {ShellPageState} state */
  function render({ running, worker }) {
    const busy = worker.busy && running.includes('worker');
    element('status').textContent = busy ? t('Waiting for running work to stop…')
      : running.includes('server') ? t('Waiting for the server to finish…')
        : running.length ? t('Waiting for the background worker to finish…') : t('Almost done…');
    element('more').textContent = busy ? t('Work that does not stop in time is marked as interrupted.') : t('If it takes too long, it is stopped by force.');
  }

  element('now').addEventListener('click', () => {
    element('now').disabled = true;
    shell.quitNow();
  });
  shell.onState(render);
  shell.getState().then(render);
  element('now').focus();
})();
