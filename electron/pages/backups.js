/* The list of backups on the error page: date, reason, version and size of each, with a radio button. */
(() => {
  const t = window.djdeskText;
  const { language } = window.djdeskCatalogue;
  // The system's number and date formats, if they belong to this language.
  const locale = navigator.language.startsWith(language) ? undefined : language;
  const WHY = new Map([['update', t('before an update')], ['restore', t('before a restore')], ['manual', t('made by hand')], ['salvage', t('saved from a damaged file')]]);
  const STEP = 1024;

  /** @param {number} bytes */
  function size(bytes) {
    const units = [t('bytes'), 'KiB', 'MiB', 'GiB'];
    let value = bytes;
    let unit = 0;
    while (value >= STEP && unit < units.length - 1) {
      value /= STEP;
      unit += 1;
    }
    const digits = value < 10 && unit > 0 ? 1 : 0;
    return `${value.toLocaleString(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits })} ${units[unit]}`;
  }

  /** @param {string} name @param {string} text */
  function part(name, text) {
    const span = document.createElement('span');
    span.className = name;
    span.textContent = text;
    return span;
  }

  /**
   * @param {HTMLElement} place
   * @param {{name: string, created: string, reason: string, version: string, size: number}[]} backups newest first
   */
  function show(place, backups) {
    place.textContent = '';
    backups.forEach((backup, index) => {
      const label = document.createElement('label');
      const input = document.createElement('input');
      input.type = 'radio';
      input.name = 'backup';
      input.value = backup.name;
      input.checked = index === 0;
      const when = new Date(backup.created).toLocaleString(locale, { year: 'numeric', month: 'long', day: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit' });
      label.append(input, part('when', when), part('more', t('version {version}, {why}', { version: backup.version, why: WHY.get(backup.reason) || backup.reason })), part('size', size(backup.size)));
      place.append(label);
    });
  }

  /** @param {HTMLElement} place @returns {string} the name of the chosen one, or '' */
  const chosen = (place) => /** @type {HTMLInputElement | null} */ (place.querySelector('input:checked'))?.value || '';

  Object.assign(window, { djdeskBackups: { show, chosen } });
})();
