// Shows new results as soon as they exist, unless a form is being filled in.
const main = document.querySelector('main[data-results]');
if (main) {
  const stream = new EventSource(main.dataset.results);
  stream.addEventListener('results', () => window.location.reload());
}
