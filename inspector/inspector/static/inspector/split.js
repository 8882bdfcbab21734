/** A list next to the details of the selected item: selecting fetches only the details. */
import { enterDetail, showFragments } from './fragment.js';
import { isTyping } from './typing.js';

const IN_LIST = '[data-fragment=main] a[data-detail]';

/**
 * The row or link that had focus when an item was selected. Escape returns to it.
 * @type {HTMLElement | null}
 */
let origin = null;

export function startSplit() {
  const split = document.querySelector('[data-split]');
  if (!split) return;
  const parameter = split.getAttribute('data-split') || '';
  mark(split, parameter);
  const chosen = split.querySelector('a[aria-current]');
  if (chosen) chosen.scrollIntoView({ block: 'nearest' });
  split.addEventListener('click', (event) => {
    const mouse = /** @type {MouseEvent} */ (event);
    if (mouse.ctrlKey || mouse.metaKey || mouse.shiftKey || mouse.button) return;
    const target = /** @type {Element} */ (event.target);
    const link = target.closest('a[data-detail], a[data-detail-close]') || ofRow(target);
    if (!(link instanceof HTMLAnchorElement)) return;
    event.preventDefault();
    if (link.hasAttribute('data-detail-close')) close(split, parameter);
    else {
      const focused = /** @type {HTMLElement} */ (document.activeElement);
      if (link.matches(IN_LIST)) origin = focused.closest('tr, li')?.contains(link) ? focused : link;
      history.pushState(null, '', link.href);
      show(split, parameter, !link.closest('.model-list'));
    }
  });
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || event.defaultPrevented || !split.classList.contains('has-detail')) return;
    if (isTyping(event.target) || document.querySelector('dialog[open], details.menu[open], body.rail-open')) return;
    close(split, parameter);
  });
  document.addEventListener('djdesk:swapped', () => mark(split, parameter));
  window.addEventListener('popstate', () => show(split, parameter, false));
}

/**
 * The link of a row that was clicked outside its links, unless text is being selected.
 * @param {Element} target
 */
function ofRow(target) {
  if (target.closest('a, button, input, summary, label') || String(getSelection())) return null;
  return target.closest('tr[data-row]')?.querySelector('a[data-detail]') || null;
}

/** @param {Element} split @param {string} parameter */
function close(split, parameter) {
  const back = origin?.isConnected ? origin : /** @type {HTMLElement | null} */ (split.querySelector(`${IN_LIST}[aria-current]`));
  history.pushState(null, '', location.pathname);
  show(split, parameter, false);
  back?.focus();
}

/** @param {Element} split @param {string} parameter @param {boolean} move whether the focus goes to the detail's heading */
async function show(split, parameter, move) {
  const url = new URL(location.href);
  split.classList.toggle('has-detail', url.searchParams.has(parameter));
  mark(split, parameter);
  if (!(await showFragments(url, ['detail']))) return;
  mark(split, parameter);
  enterDetail(move);
}

/** @param {Element} split @param {string} parameter */
function mark(split, parameter) {
  const wanted = new URL(location.href).searchParams.get(parameter);
  for (const link of Array.from(split.querySelectorAll(IN_LIST))) {
    const own = new URL(/** @type {HTMLAnchorElement} */ (link).href).searchParams.get(parameter);
    if (wanted !== null && own?.toLowerCase() === wanted.toLowerCase()) link.setAttribute('aria-current', 'true');
    else link.removeAttribute('aria-current');
  }
}
