/** A list beside the detail of what is chosen in it: choosing fetches only the detail. */
import { enterDetail, showFragments } from './fragment.js';

export function startSplit() {
  const split = document.querySelector('[data-split]');
  if (!split) return;
  const chosen = split.querySelector('a[aria-current]');
  if (chosen) chosen.scrollIntoView({ block: 'nearest' });
  split.addEventListener('click', (event) => {
    const mouse = /** @type {MouseEvent} */ (event);
    if (mouse.ctrlKey || mouse.metaKey || mouse.shiftKey || mouse.button) return;
    const link = /** @type {Element} */ (event.target).closest('a[data-detail], a[data-detail-close]');
    if (!(link instanceof HTMLAnchorElement)) return;
    event.preventDefault();
    history.pushState(null, '', link.getAttribute('href') === '?' ? location.pathname : link.href);
    show(split, !link.closest('.model-list'));
  });
  window.addEventListener('popstate', () => show(split, false));
}

/** @param {Element} split @param {boolean} move whether the focus goes to the detail's heading */
async function show(split, move) {
  const url = new URL(location.href);
  const wanted = url.searchParams.get('model') || '';
  split.classList.toggle('has-detail', Boolean(wanted));
  mark(split, wanted);
  if (!(await showFragments(url, ['detail']))) return;
  mark(split, wanted);
  enterDetail(move);
}

/** @param {Element} split @param {string} label */
function mark(split, label) {
  for (const link of Array.from(split.querySelectorAll('.model-list a'))) {
    const own = new URL(/** @type {HTMLAnchorElement} */ (link).href).searchParams.get('model') || '';
    if (label && own.toLowerCase() === label.toLowerCase()) link.setAttribute('aria-current', 'true');
    else link.removeAttribute('aria-current');
  }
}
