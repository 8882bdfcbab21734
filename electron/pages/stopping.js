/* An end that takes longer than a moment: what it waits for, and how not to wait. */
(() => {
  const shell = window.djdeskShell;
  /** @param {string} id @returns {any} */
  const element = (id) => document.getElementById(id);

  /** @param {ShellPageState} state */
  function render({ running, worker }) {
    const busy = worker.busy && running.includes('worker');
    element('status').textContent = busy ? 'Waiting for running work to stop…'
      : running.includes('server') ? 'Waiting for the server to finish…'
        : running.includes('worker') ? 'Waiting for the background worker to finish…' : 'Almost done…';
    element('more').textContent = busy ? 'What does not stop in time is marked as interrupted.' : 'It is ended by force if it takes too long.';
  }

  element('now').addEventListener('click', () => {
    element('now').disabled = true;
    shell.quitNow();
  });
  shell.onState(render);
  shell.getState().then(render);
  element('now').focus();
})();
