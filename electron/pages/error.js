/* What failed, where, why, and what to do about it. */
(() => {
  const shell = window.djdeskShell;
  /** @param {string} id @returns {any} */
  const element = (id) => document.getElementById(id);
  /** @param {string} text */
  const note = (text) => { element('note').textContent = text; };

  /** @param {ShellPageState} state */
  function render(state) {
    const { failure } = state;
    element('version').textContent = state.version;
    if (!failure) return;
    const running = failure.stage === 'window' || failure.stage === 'server';
    element('title').textContent = running ? 'DJDesk stopped working' : 'DJDesk could not start';
    element('reason').textContent = failure.reason;
    element('hint').textContent = failure.hint;
    element('stage').textContent = failure.stageWords;
    element('code').textContent = failure.code;
    element('technical').hidden = !failure.detail;
    element('detail').textContent = failure.detail || '';
    element('log').hidden = !(failure.tail && failure.tail.length);
    element('tail').textContent = (failure.tail || []).join('\n');
  }

  element('retry').addEventListener('click', () => {
    element('retry').disabled = true;
    note('Trying again…');
    shell.retry();
  });
  element('logs').addEventListener('click', async () => {
    if (!(await shell.openLogs())) note('The log folder could not be opened.');
  });
  element('copy').addEventListener('click', async () => {
    await shell.copyDiagnostics();
    note('Copied to the clipboard.');
  });
  element('quit').addEventListener('click', () => shell.quit());
  element('log').addEventListener('toggle', () => {
    const tail = element('tail');
    tail.scrollTop = tail.scrollHeight;
  });
  shell.onState(render);
  shell.getState().then(render);
  element('retry').focus();
})();
