/**
 * Functions that run inside the app's pages, serialised as text: they cannot use this module. Written for
 * Chromium 108.
 */

/**
 * Runs before any script of the page: blocks submissions, windows and dialogs, and reports policy violations.
 * @param {string} binding name of the function that receives the reports
 */
export const prepare = (binding) => `(${prepared})(${JSON.stringify(binding)})`;

/** @param {string} binding */
function prepared(binding) {
  const tell = /** @type {any} */ (window)[binding];
  document.addEventListener('securitypolicyviolation', (event) => tell?.(JSON.stringify({
    directive: event.effectiveDirective,
    blocked: event.blockedURI,
    source: event.sourceFile,
    line: event.lineNumber,
    sample: event.sample,
    enforced: event.disposition === 'enforce',
  })), true);
  window.alert = () => {};
  window.confirm = () => false;
  window.prompt = () => null;
  window.print = () => {};
  window.open = () => null;
  HTMLFormElement.prototype.submit = () => {};
  HTMLFormElement.prototype.requestSubmit = () => {};
  document.addEventListener('submit', (event) => event.preventDefault(), true);
}

/** The page's links and title. */
export const LINKS = `(${links})()`;

function links() {
  const all = [...document.querySelectorAll('a[href], area[href], iframe[src]')];
  return {
    title: document.title,
    links: all.filter((link) => !link.hasAttribute('download'))
      .map((link) => /** @type {any} */ (link).href || /** @type {any} */ (link).src)
      .filter((href) => typeof href === 'string'),
  };
}

/**
 * Fills in the required fields of an admin form, and saves.
 * @param {string} marker text for fields that accept any
 */
export const fillIn = (marker) => `(${filledIn})(${JSON.stringify(marker)})`;

/** @param {string} marker */
function filledIn(marker) {
  const form = document.querySelector('#content-main form');
  if (!form) return 'there is no form';
  /** @type {Record<string, string>} */
  const values = {
    email: `${marker}@example.org`, url: 'https://example.org/', number: '1', date: '2024-02-29',
    time: '10:00', 'datetime-local': '2024-02-29T10:00', color: '#336699',
  };
  for (const field of /** @type {NodeListOf<any>} */ (form.querySelectorAll('input, textarea, select'))) {
    const needed = field.required || field.closest('.form-row, .fieldBox')?.querySelector('label.required');
    if (!needed || field.value || field.disabled || field.type === 'hidden') continue;
    if (field.tagName === 'SELECT') {
      const choice = [...field.options].find((option) => option.value && !option.selected);
      if (choice) choice.selected = true;
    } else if (field.type === 'checkbox') field.checked = true;
    else if (field.type === 'file') return 'it wants a file';
    else if (field.classList.contains('vDateField')) field.value = values.date;
    else if (field.classList.contains('vTimeField')) field.value = values.time;
    else if (/(^|\s)v(Integer|Float|Decimal)Field|vBigIntegerField|vPositive/.test(field.className)) field.value = '1';
    else field.value = values[field.type] ?? marker.slice(0, field.maxLength > 0 ? field.maxLength : undefined);
  }
  const button = /** @type {any} */ (form.querySelector('[name=_save]'));
  if (!button) return 'it has no button that saves';
  button.click();
  return '';
}
