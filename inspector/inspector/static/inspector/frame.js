/** Sidebar, menus, the `/` key, relative times, and forms that need no page load. */
import { bridge } from './bridge.js';
import { gettext } from './i18n.js';
import { expectOk, notice, Refused } from './notice.js';
import { isTyping } from './typing.js';

const RAIL = 'djdesk.rail';
/** As in frame.css: widths at which the sidebar is a menu, and can be closed. */
const MENU = '(max-width: 480px)';
const WIDE = '(min-width: 901px)';

export function startFrame() {
  // The response to a rejected form: a reload must show the page instead of sending the form again.
  const { address } = document.body.dataset;
  if (address) history.replaceState(history.state, '', address);
  if (localStorage.getItem(RAIL) === 'closed') document.body.classList.add('rail-closed');
  if (matchMedia(MENU).matches) openMenu(false);
  document.addEventListener('click', onClick);
  document.addEventListener('keydown', onKey);
  document.addEventListener('submit', onSubmit);
  document.addEventListener('focusin', (event) => chooseOther(event.target));
  setInterval(showAges, 20000);
  offerShell();
  for (const line of Array.from(document.querySelectorAll('#notices .notice:not(.stays)'))) {
    setTimeout(() => line.remove(), 10000);
  }
}

/** @param {MouseEvent} event */
function onClick(event) {
  const target = /** @type {Element} */ (event.target);
  for (const menu of Array.from(document.querySelectorAll('details.menu[open]'))) {
    if (!menu.contains(target) || target.closest('.menu-list:not(.stays-open)')) menu.removeAttribute('open');
  }
  target.closest('[data-close-notice]')?.closest('.notice')?.remove();
  if (target.closest('[data-toggle-rail]')) {
    if (matchMedia(MENU).matches) openMenu(!document.body.classList.contains('rail-open'));
    else if (matchMedia(WIDE).matches) localStorage.setItem(RAIL, document.body.classList.toggle('rail-closed') ? 'closed' : 'open');
  } else if (!target.closest('#rail')) openMenu(false);
}

/** Open or close the sidebar, which is a menu in a narrow window. @param {boolean} open */
function openMenu(open) {
  document.body.classList.toggle('rail-open', open);
  const button = document.querySelector('[data-toggle-rail]');
  if (!matchMedia(MENU).matches) button?.removeAttribute('aria-expanded');
  else button?.setAttribute('aria-expanded', String(open));
  if (open) /** @type {HTMLElement|null} */ (document.querySelector('#rail a'))?.focus();
}

/** Show what only the desktop window can do. */
function offerShell() {
  for (const button of Array.from(document.querySelectorAll('[data-shell-action]'))) {
    const name = button.getAttribute('data-shell-action');
    if (!bridge || (name !== 'openDataFolder' && name !== 'openLogs')) continue;
    /** @type {HTMLElement} */ (button).hidden = false;
    button.addEventListener('click', () => bridge && bridge[name]());
  }
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  if (event.key === 'Escape') {
    if (document.body.classList.contains('rail-open')) {
      openMenu(false);
      /** @type {HTMLElement|null} */ (document.querySelector('[data-toggle-rail]'))?.focus();
    }
    for (const menu of Array.from(document.querySelectorAll('details.menu[open]'))) {
      menu.removeAttribute('open');
      const summary = menu.querySelector('summary');
      if (summary && menu.contains(document.activeElement)) summary.focus();
    }
    return;
  }
  const undo = document.querySelector('[data-undo]');
  if (undo instanceof HTMLElement && event.key === 'z' && (event.ctrlKey || event.metaKey) && !event.shiftKey && !isTyping(event.target)) {
    event.preventDefault();
    undo.click();
    return;
  }
  if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  const filter = Array.from(document.querySelectorAll('[data-filter]')).find(
    (element) => element instanceof HTMLElement && element.offsetParent,
  );
  if (filter instanceof HTMLInputElement) {
    event.preventDefault();
    filter.focus();
    filter.select();
  }
}

/** Submit forms whose result arrives through the event stream. @param {Event} event */
async function onSubmit(event) {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || !form.hasAttribute('data-quiet')) return;
  event.preventDefault();
  const button = form.querySelector('button');
  // A disabled button would lose focus.
  if (!button || button.getAttribute('aria-disabled') === 'true') return;
  button.setAttribute('aria-disabled', 'true');
  try {
    const response = await fetch(form.action, {
      method: 'POST',
      body: new FormData(form),
      headers: { 'X-Quiet': '1' },
    });
    await expectOk(response);
  } catch (error) {
    notice(error instanceof Refused ? error.message : gettext('That did not reach the server. Try again.'));
    button.removeAttribute('aria-disabled');
  }
  // Otherwise the event stream replaces the form.
}

/** Typing a path selects its option. @param {EventTarget | null} target */
function chooseOther(target) {
  if (!(target instanceof HTMLInputElement) || target.name !== 'python_path') return;
  const radio = document.getElementById('python-other');
  if (radio instanceof HTMLInputElement) radio.checked = true;
}

function showAges() {
  for (const time of Array.from(document.querySelectorAll('time[data-ago]'))) {
    const age = (Date.now() - Date.parse(time.getAttribute('datetime') || '')) / 1000;
    const text = ago(age);
    if (time.textContent !== text) time.textContent = text;
  }
}

/** Same thresholds as the template tag. @param {number} seconds */
function ago(seconds) {
  if (seconds < 45) return gettext('just now');
  if (seconds < 5400) return gettext('{n} min ago', { n: Math.max(1, Math.round(seconds / 60)) });
  if (seconds < 129600) return gettext('{n} h ago', { n: Math.round(seconds / 3600) });
  return gettext('{n} days ago', { n: Math.round(seconds / 86400) });
}
