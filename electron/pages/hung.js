/* Shown above a page whose script is stuck: a separate view, which still responds. */
(() => {
  /** @param {string} id @returns {any} */
  const element = (id) => document.getElementById(id);
  element('wait').addEventListener('click', () => window.djdeskHang.wait());
  element('reload').addEventListener('click', () => window.djdeskHang.reload());
})();
