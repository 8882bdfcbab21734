// A button that opens a small panel, which closes on Escape, on an outside click and
// when it loses focus.
import { h, icon } from './dom.js';

/**
 * @param {string} label
 * @param {(close: () => void) => (Node|null)[]} contents created at each opening
 */
export function createMenu(label, contents) {
  const summary = h('summary', { class: 'schema-button', text: label });
  summary.append(icon('down'));
  const body = h('div', { class: 'schema-menu-body' });
  const element = /** @type {HTMLDetailsElement} */ (h('details', { class: 'schema-menu' }, [summary, body]));
  const close = () => { element.open = false; };
  element.addEventListener('toggle', () => {
    while (body.firstChild) body.firstChild.remove();
    if (element.open) for (const child of contents(close)) if (child) body.append(child);
  });
  element.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !element.open) return;
    event.stopPropagation();
    close();
    summary.focus();
  });
  element.addEventListener('focusout', (event) => {
    if (event.relatedTarget instanceof Node && !element.contains(event.relatedTarget)) close();
  });
  const outside = (/** @type {Event} */ event) => {
    if (element.open && event.target instanceof Node && !element.contains(event.target)) close();
  };
  document.addEventListener('pointerdown', outside, true);
  return {
    element,
    /** @param {string} text */
    setLabel(text) { /** @type {ChildNode} */ (summary.firstChild).textContent = text; },
    destroy() { document.removeEventListener('pointerdown', outside, true); },
  };
}

/**
 * @param {string} name @param {string} label @param {boolean} checked @param {(checked: boolean) => void} changed @param {'checkbox'|'radio'} [type] @param {string} [extra] CSS class
 */
export function choice(name, label, checked, changed, type = 'checkbox', extra = '') {
  const input = /** @type {HTMLInputElement} */ (h('input', { type, name }));
  input.checked = checked;
  input.addEventListener('change', () => changed(input.checked));
  return h('label', { class: `schema-choice ${extra}` }, [input, extra ? h('span', { class: 'schema-swatch', 'aria-hidden': 'true' }) : null, h('span', { text: label })]);
}
