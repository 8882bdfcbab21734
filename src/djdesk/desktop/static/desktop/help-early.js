/**
 * Before the first paint: if the help drawer was open on the previous page, lay this page out
 * beside it at once.
 */
try {
  const kept = JSON.parse(sessionStorage.getItem('djdesk.help') || '{}');
  // On narrow screens the drawer would hide the whole page, so it does not stay open.
  if (kept.open && !matchMedia('(max-width: 700px)').matches) document.documentElement.classList.add('help-open');
} catch (error) {
  // Treat unreadable state as closed.
}
