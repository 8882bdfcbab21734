/* Splash and restart page: the stage in words, and the elapsed time once it takes long. */
(() => {
  const TELL_TIME_AFTER_MS = 2000;
  const t = window.djdeskText;
  /** @param {string} id @returns {any} */
  const element = (id) => document.getElementById(id);
  const began = Date.now();
  /** @type {ShellPageState | null} */
  let state = null;

  function seconds() {
    const passed = Date.now() - began;
    if (passed < TELL_TIME_AFTER_MS) return '';
    const whole = Math.floor(passed / 1000);
    return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
  }

  /** @param {ShellPageState} state */
  function status(state) {
    if (state.state === 'stopping') return t('Closing');
    return state.stageWords || t('Starting');
  }

  /** @param {ShellPageState} state */
  function more(state) {
    if (state.restart) {
      const { reason, attempt, planned } = state.restart;
      // Planned: the title says so already.
      if (planned) return '';
      return attempt > 1 ? `${reason} ${t('Attempt {attempt}.', { attempt })}` : reason;
    }
    return (state.stage && state.stage.detail) || '';
  }

  function render() {
    if (!state) return;
    const { stage, restart } = state;
    if (restart && restart.planned && element('title')) {
      element('title').textContent = restart.reason;
      element('promise').textContent = t('The app comes back automatically.');
    }
    // A progress bar only if there is something to count.
    const counted = Boolean(stage && stage.total && state.state !== 'stopping');
    element('pulse').hidden = counted;
    element('progress').hidden = !counted;
    if (stage && counted) {
      element('progress').max = stage.total;
      element('progress').value = stage.done || 0;
    }
    const parts = [status(state), stage && counted ? t('{current} of {total}', { current: stage.done || 0, total: stage.total || 0 }) : '', seconds()];
    element('status').textContent = parts.filter(Boolean).join(' · ');
    element('more').textContent = more(state);
  }

  /** @param {ShellPageState} next */
  function update(next) {
    state = next;
    render();
  }

  window.djdeskShell.onState(update);
  window.djdeskShell.getState().then(update);
  setInterval(render, 500);
})();
