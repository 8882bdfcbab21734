/** Before the first paint: a page that follows one with the help open is drawn beside it at once. */
try {
  if (JSON.parse(sessionStorage.getItem('djdesk.help') || '{}').open) document.documentElement.classList.add('help-open');
} catch (error) {
  // What cannot be read is as good as closed.
}
