/** The grouped list of models: filter while typing, arrow keys. */
import { gettext, number } from './i18n.js';
import { FilterBar } from './saved-filters.js';

/** @type {WeakMap<Element, FilterBar>} */
const bars = new WeakMap();

export function startLists() {
  applyAll();
  document.addEventListener('djdesk:swapped', applyAll);
  document.addEventListener('keydown', onKey);
}

function applyAll() {
  for (const tools of Array.from(document.querySelectorAll('[data-list-for]'))) {
    const key = tools.getAttribute('data-list-for') || '';
    if (!bars.has(tools)) bars.set(tools, new FilterBar(tools, key, () => apply(tools)));
    apply(tools);
  }
}

/** @param {Element} tools */
function apply(tools) {
  const list = document.getElementById(tools.getAttribute('data-list-for') || '');
  const bar = bars.get(tools);
  if (!list || !bar) return;
  let shown = 0;
  let all = 0;
  for (const group of Array.from(list.querySelectorAll('.model-group'))) {
    let inside = 0;
    for (const item of Array.from(group.querySelectorAll('li'))) {
      item.hidden = !bar.fits((item.getAttribute('data-text') || '').toLowerCase(), (name) => item.getAttribute(name));
      if (!item.hidden) inside += 1;
      all += 1;
    }
    /** @type {HTMLElement} */ (group).hidden = !inside;
    shown += inside;
  }
  const count = tools.querySelector('[data-shown-count]');
  if (count) count.textContent = shown === all ? number(all) : gettext('{shown} of {all}', { shown, all });
  const nothing = list.querySelector('[data-nothing]');
  if (nothing instanceof HTMLElement) nothing.hidden = shown > 0;
}

/** Arrow keys move from the filter into the list, and within it. @param {KeyboardEvent} event */
function onKey(event) {
  const target = /** @type {Element} */ (event.target);
  const tools = target.closest('[data-list-for]');
  // In the filter j and k are ordinary letters.
  const down = event.key === 'ArrowDown' || (event.key === 'j' && !tools);
  const up = event.key === 'ArrowUp' || (event.key === 'k' && !tools);
  if ((!down && !up) || event.ctrlKey || event.metaKey || event.altKey) return;
  const list = tools
    ? document.getElementById(tools.getAttribute('data-list-for') || '')
    : target.closest('.model-list');
  if (!list) return;
  const links = Array.from(list.querySelectorAll('li:not([hidden]) a')).filter(
    (link) => link instanceof HTMLElement && link.offsetParent,
  );
  const at = links.indexOf(target);
  const next = links[down ? at + 1 : Math.max(0, at - 1)];
  if (next instanceof HTMLElement) {
    event.preventDefault();
    next.focus();
  }
}
