/* What failed, where, why, and what to do about it. */
(() => {
  const shell = window.djdeskShell;
  const list = window.djdeskBackups;
  const t = window.djdeskText;
  /** Failures that an older copy of the data solves: restoring is suggested first. */
  const DATA = ['database_corrupt', 'database_newer', 'migration_failed'];
  /** @param {string} id @returns {any} */
  const element = (id) => document.getElementById(id);
  /** @param {string} text */
  const note = (text) => { element('note').textContent = text; };
  /** Prevent double clicks and conflicting actions. @param {boolean} busy */
  const lock = (busy) => {
    for (const id of ['retry', 'restore', 'safely', 'restore-this', 'cancel', 'export']) element(id).disabled = busy;
  };
  let suggested = '';

  /** @param {ShellPageState} state */
  function render(state) {
    const { failure } = state;
    element('version').textContent = state.version;
    if (!failure) return;
    const window = failure.stage === 'window';
    const running = window || failure.stage === 'server';
    element('title').textContent = running ? t('{app} stopped working') : t('{app} could not start');
    element('reason').textContent = failure.reason;
    element('hint').textContent = failure.hint;
    element('stage').textContent = failure.stageWords;
    element('code').textContent = failure.code;
    element('technical').hidden = !failure.detail;
    element('detail').textContent = failure.detail || '';
    element('log').hidden = !(failure.tail && failure.tail.length);
    element('tail').textContent = (failure.tail || []).join('\n');
    // Problems of the window are unrelated to the data and to background tasks.
    element('restore').hidden = window || failure.code === 'python_missing';
    element('safely').hidden = window || failure.code === 'python_missing' || state.safeMode;
    suggest(DATA.includes(failure.code) ? 'restore' : 'retry');
    if (state.state === 'failed') lock(false);
  }

  /** Highlight the most promising button. @param {string} id */
  function suggest(id) {
    if (id === suggested) return;
    suggested = id;
    for (const other of ['restore', 'retry']) element(other).classList.toggle('primary', other === id);
    element(id).focus();
  }

  element('retry').addEventListener('click', () => {
    lock(true);
    note(t('Trying again…'));
    shell.retry();
  });
  element('safely').addEventListener('click', () => {
    lock(true);
    note(t('Starting without background tasks…'));
    shell.startSafely();
  });
  element('restore').addEventListener('click', async () => {
    note(t('Looking for backups…'));
    const { backups, problem } = await shell.listBackups();
    note(problem || (backups.length ? '' : t('There are no backups in the data folder yet.')));
    element('backups').hidden = backups.length === 0;
    if (!backups.length) return;
    // The button in the list is highlighted now.
    for (const id of ['restore', 'retry']) element(id).classList.remove('primary');
    list.show(element('choices'), backups);
    element('choices').querySelector('input').focus();
    element('backups').scrollIntoView({ block: 'nearest' });
  });
  element('restore-this').addEventListener('click', async () => {
    lock(true);
    note(t('Restoring the backup…'));
    const problem = await shell.restoreBackup(list.chosen(element('choices')));
    if (problem) lock(false);
    note(problem || t('Restored. Starting again…'));
  });
  element('cancel').addEventListener('click', () => {
    element('backups').hidden = true;
    element(suggested).classList.add('primary');
    element('restore').focus();
  });
  element('logs').addEventListener('click', async () => {
    if (!(await shell.openLogs())) note(t('The log folder could not be opened.'));
  });
  element('export').addEventListener('click', async () => {
    note('');
    element('export').disabled = true;
    const { file, problem } = await shell.exportDiagnostics();
    element('export').disabled = false;
    note(problem || (file ? t('Saved as {file}. Read it before you send it.', { file }) : ''));
  });
  element('copy').addEventListener('click', async () => {
    await shell.copyDiagnostics();
    note(t('Copied to the clipboard.'));
  });
  element('quit').addEventListener('click', () => shell.quit());
  element('log').addEventListener('toggle', () => {
    const tail = element('tail');
    tail.scrollTop = tail.scrollHeight;
  });
  shell.onState(render);
  shell.getState().then(render);
})();
