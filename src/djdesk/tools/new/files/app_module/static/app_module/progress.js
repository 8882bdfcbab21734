// Shows the progress of the word count.
const line = document.getElementById('progress');
if (line) {
  const stream = new EventSource(line.dataset.url);
  stream.addEventListener('words', ({ data }) => {
    const words = JSON.parse(data);
    for (const place of document.querySelectorAll('[data-words]')) {
      const count = words[place.dataset.words];
      place.textContent = Number.isInteger(count) ? `${count} words` : '';
    }
    const counts = Object.values(words);
    const done = counts.filter((count) => count !== null).length;
    line.textContent = done === counts.length ? '' : `${done} of ${counts.length} documents counted`;
  });
}
