/** The home page's filter over many projects. */

export function startProjects() {
  const input = document.querySelector('input[data-projects]');
  if (!(input instanceof HTMLInputElement)) return;
  const filter = () => apply(input.value);
  input.addEventListener('input', filter);
  document.addEventListener('djdesk:swapped', filter);
  // Browsers restore typed text.
  filter();
}

/** @param {string} typed */
function apply(typed) {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const rows = Array.from(document.querySelectorAll('.project-row'));
  let shown = 0;
  for (const row of rows) {
    const name = row.querySelector('.who');
    const text = ((name && name.textContent) || '').toLowerCase();
    const fits = words.every((word) => text.includes(word));
    /** @type {HTMLElement} */ (row).hidden = !fits;
    if (fits) shown += 1;
  }
  const nothing = document.getElementById('projects-nothing');
  if (nothing) nothing.hidden = shown > 0 || !rows.length;
}
