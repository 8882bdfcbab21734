/* Above a page whose script is stuck: a view of its own, which still works. */
(() => {
  /** @param {string} id @returns {any} */
  const element = (id) => document.getElementById(id);
  element('wait').addEventListener('click', () => window.djdeskHang.wait());
  element('reload').addEventListener('click', () => window.djdeskHang.reload());
})();
