/** The preferences: each group is saved as soon as something in it changes. */
import { gettext } from './i18n.js';
import { applyTheme } from './theme.js';
import { expectOk, notice, Refused } from './notice.js';

const FOCUS = 'djdesk.preferences.focus';
const SHOWN = 4000; // ms for which "Saved" stays

export function startPreferences() {
  for (const form of Array.from(document.querySelectorAll('form[data-saves]'))) {
    if (!(form instanceof HTMLFormElement)) continue;
    form.addEventListener('change', () => {
      showWhatBelongs();
      save(form);
    });
    // Enter in a field: its change event came first.
    form.addEventListener('submit', (event) => event.preventDefault());
  }
  showWhatBelongs();
  // A change reloaded the page: restore keyboard focus.
  const id = sessionStorage.getItem(FOCUS);
  sessionStorage.removeItem(FOCUS);
  if (id) document.getElementById(id)?.focus();
}

/** Show fields that belong to a choice: `data-shown-for="id"` or `"id=value"`. */
function showWhatBelongs() {
  for (const part of Array.from(document.querySelectorAll('[data-shown-for]'))) {
    const [id, value] = (part.getAttribute('data-shown-for') || '').split('=');
    const control = document.getElementById(id);
    const shown = control instanceof HTMLSelectElement ? control.value === value : control instanceof HTMLInputElement && control.checked;
    /** @type {HTMLElement} */ (part).hidden = !shown;
  }
}

/** Forms being saved, and those changed meanwhile. */
const busy = new Set();
const again = new Set();

/**
 * Saves run one after the other, so that the last of two quick changes wins.
 * @param {HTMLFormElement} form
 */
async function save(form) {
  again.add(form);
  if (busy.has(form)) return;
  busy.add(form);
  let saved = false;
  while (again.delete(form)) saved = await send(form);
  busy.delete(form);
  if (!saved) return;
  tell(form);
  apply(form);
}

/** @param {HTMLFormElement} form @returns {Promise<boolean>} whether the server accepted it */
async function send(form) {
  const command = form.querySelector('[name=editor_command]');
  const select = form.querySelector('[name=editor]');
  if (command instanceof HTMLInputElement && select instanceof HTMLSelectElement && select.value === 'custom' && !command.value) {
    // Selected but still empty: not an error yet.
    command.focus();
    return false;
  }
  /** @type {{saved: boolean, errors: Record<string, string>}} */
  let answer;
  try {
    const response = await fetch(form.action, { method: 'POST', body: new FormData(form), headers: { 'X-Quiet': '1' } });
    await expectOk(response);
    answer = await response.json();
  } catch (error) {
    notice(error instanceof Refused ? error.message : gettext('That did not reach the server. Try again.'));
    return false;
  }
  showErrors(form, answer.errors);
  return answer.saved;
}

/** @param {HTMLFormElement} form @param {Record<string, string>} errors */
function showErrors(form, errors) {
  for (const line of Array.from(form.querySelectorAll('.field-error'))) {
    const name = line.id.replace('error-', '');
    const said = line.querySelector('[data-said]');
    if (said) said.textContent = errors[name] || '';
    /** @type {HTMLElement} */ (line).hidden = !errors[name];
    const control = form.querySelector(`[name="${name}"]`);
    if (!control) continue;
    if (errors[name]) control.setAttribute('aria-invalid', 'true');
    else control.removeAttribute('aria-invalid');
  }
}

/** @param {HTMLFormElement} form */
function tell(form) {
  const place = document.querySelector(`[data-status="${form.dataset.saves}"]`);
  if (!(place instanceof HTMLElement)) return;
  place.textContent = place.dataset.word || '';
  window.clearTimeout(Number(place.dataset.timer));
  place.dataset.timer = String(window.setTimeout(() => { place.textContent = ''; }, SHOWN));
}

/** Apply the change to this page without reloading it. @param {HTMLFormElement} form */
function apply(form) {
  // Some changes affect the whole page, such as the language: reload.
  if (form.hasAttribute('data-reloads')) {
    sessionStorage.setItem(FOCUS, document.activeElement?.id || '');
    // A change made while the page reloads would be saved but not shown.
    document.body.inert = true;
    location.reload();
  }
  const values = new FormData(form);
  const root = document.documentElement;
  const density = values.get('density');
  const theme = values.get('theme');
  if (typeof density === 'string') root.dataset.density = density;
  if (typeof theme === 'string') applyTheme(theme);
  if (form.dataset.saves === 'notifications') {
    document.body.dataset.notifyWanted = values.get('notify') ? '1' : '';
    document.dispatchEvent(new CustomEvent('djdesk:swapped'));
  }
}
