/** The Schema page: replaces the plain list by the diagram and updates it during a scan. */
import { gettext } from './i18n.js';
import { mountSchema } from './schema/index.js';

const root = document.getElementById('schema');
const list = document.getElementById('content');

/** @type {ReturnType<typeof mountSchema> | null} */
let diagram = null;
let asked = 0;

if (root && list) {
  load(root, list).catch(() => explain(list));
  document.addEventListener('djdesk:changed', (event) => {
    if (/** @type {CustomEvent<string[]>} */ (event).detail.includes('models')) load(root, list).catch(() => explain(list));
  });
}

/** @param {HTMLElement} root @param {HTMLElement} list shown until there is something to draw */
async function load(root, list) {
  const turn = ++asked;
  const response = await fetch(root.dataset.url || '');
  if (!response.ok) throw new Error(String(response.status));
  const { models } = await response.json();
  if (turn !== asked || !models || !models.models.length) return;
  // Show it first, because the diagram measures its container.
  root.hidden = false;
  list.hidden = true;
  document.body.classList.add('has-diagram');
  if (diagram) {
    diagram.update(models);
    return;
  }
  diagram = mountSchema(root, {
    models,
    onOpenModel: (label) => {
      location.assign(`${root.dataset.models}?model=${encodeURIComponent(label)}`);
    },
  });
}

/** @param {HTMLElement} list */
function explain(list) {
  const wait = list.querySelector('[data-schema-wait]');
  if (wait) wait.textContent = gettext('The diagram could not be loaded. The Models page has the same facts as a list.');
}
