/** Before the first paint: a page that follows one with the help open is drawn beside it at once. */
try {
  const kept = JSON.parse(sessionStorage.getItem('djdesk.help') || '{}');
  // Where it would hide the whole page, it does not come along.
  if (kept.open && !matchMedia('(max-width: 700px)').matches) document.documentElement.classList.add('help-open');
} catch (error) {
  // What cannot be read is as good as closed.
}
