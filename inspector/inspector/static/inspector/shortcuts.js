/** `?` lists the keyboard shortcuts; Ctrl/Cmd+, opens the preferences. */
import { isTyping } from './typing.js';

export function startShortcuts() {
  document.addEventListener('keydown', (event) => {
    if (event.key === ',' && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      location.assign(document.body.dataset.preferences || '/');
      return;
    }
    if (event.key !== '?' || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    event.preventDefault();
    showShortcuts();
  });
  const dialog = find();
  if (dialog) {
    dialog.addEventListener('click', (event) => {
      if (event.target === dialog || /** @type {Element} */ (event.target).closest('[data-close]')) dialog.close();
    });
  }
  nameKeys();
  document.addEventListener('djdesk:swapped', nameKeys);
}

function nameKeys() {
  if (!/Mac/.test(navigator.platform)) return;
  for (const key of Array.from(document.querySelectorAll('[data-mod]'))) key.textContent = '⌘';
}

export function showShortcuts() {
  const dialog = find();
  if (dialog && !dialog.open) dialog.showModal();
}

function find() {
  return /** @type {HTMLDialogElement | null} */ (document.getElementById('shortcuts'));
}
