/** Mark what needs the network while the computer is offline. */

/** Update marks and links, including newly added ones. */
export function showOnline() {
  const offline = !navigator.onLine;
  for (const mark of document.querySelectorAll('[data-offline]')) /** @type {HTMLElement} */ (mark).hidden = !offline;
  for (const link of document.querySelectorAll('a[data-online]')) showLink(/** @type {HTMLElement} */ (link), offline);
}

/** @param {HTMLElement} link @param {boolean} offline */
function showLink(link, offline) {
  const reason = link.nextElementSibling;
  if (!offline) {
    link.removeAttribute('aria-disabled');
    if (reason && reason.matches('[data-reason]')) reason.remove();
    return;
  }
  link.setAttribute('aria-disabled', 'true');
  if (reason && reason.matches('[data-reason]')) return;
  const said = document.createElement('span');
  said.setAttribute('data-reason', '');
  said.textContent = link.dataset.waits || '';
  link.after(said);
}

window.addEventListener('online', showOnline);
window.addEventListener('offline', showOnline);
document.addEventListener('djdesk:swapped', showOnline);
document.addEventListener('click', (event) => {
  if (/** @type {Element} */ (event.target).closest('a[data-online][aria-disabled=true]')) event.preventDefault();
});
showOnline();
