/**
 * Opens folders: through the dialog or by dropping them on the desktop window, or through
 * what browsers offer.
 */
import { bridge } from './bridge.js';
import { isDraggingOut } from './exports.js';
import { gettext } from './i18n.js';
import { notice } from './notice.js';

export function startDropping() {
  for (const button of Array.from(document.querySelectorAll('[data-choose-folder]'))) {
    if (!bridge || !(button instanceof HTMLElement)) continue;
    button.hidden = false;
    button.addEventListener('click', chooseFolder);
  }
  // Delegated, because the field is replaced with its part of the page.
  document.addEventListener('click', chooseInto);
  showChoosers();
  document.addEventListener('djdesk:swapped', showChoosers);
  if (bridge) {
    bridge.onFolderDropped((paths) => {
      cover(false);
      if (paths.length) open(paths[0]);
      if (paths.length > 1) notice(gettext('One folder at a time: the first one was opened.'));
    });
    bridge.onMenu('open-folder', chooseFolder);
  } else {
    for (const hint of Array.from(document.querySelectorAll('[data-drop-hint]'))) hint.remove();
  }
  watchDrags();
}

async function chooseFolder() {
  const path = bridge && (await bridge.chooseFolder());
  if (path) open(path);
}

function showChoosers() {
  for (const button of Array.from(document.querySelectorAll('[data-choose-into]'))) {
    if (bridge && button instanceof HTMLElement) button.hidden = false;
  }
}

/** Choose a folder for the button's field. @param {MouseEvent} event */
async function chooseInto(event) {
  const button = event.target instanceof Element && event.target.closest('[data-choose-into]');
  const field = button && document.getElementById(button.getAttribute('data-choose-into') || '');
  if (!bridge || !(field instanceof HTMLInputElement)) return;
  const path = await bridge.chooseFolder();
  if (!path) return;
  field.value = path;
  field.dispatchEvent(new Event('input', { bubbles: true }));
  field.focus();
}

/** @param {string} path */
function open(path) {
  const form = document.getElementById('open-folder');
  const input = form && form.querySelector('input[name=path]');
  if (!(form instanceof HTMLFormElement) || !(input instanceof HTMLInputElement)) return;
  input.value = path;
  form.submit();
}

function watchDrags() {
  let depth = 0; // enter and leave also fire for every child element
  window.addEventListener('dragenter', (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    depth += 1;
    cover(true);
  });
  window.addEventListener('dragover', (event) => {
    if (hasFiles(event)) event.preventDefault();
  });
  window.addEventListener('dragleave', (event) => {
    if (!hasFiles(event)) return;
    depth = Math.max(0, depth - 1);
    if (!depth) cover(false);
  });
  window.addEventListener('drop', (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    depth = 0;
    cover(false);
    if (!bridge) explain();
  });
}

function explain() {
  notice(gettext('A browser does not tell a page where a folder is. Paste its path instead.'));
  const field = document.getElementById('id_path');
  if (field) field.focus();
}

/** Whether files are dragged in from outside. @param {DragEvent} event */
function hasFiles(event) {
  return !isDraggingOut() && Boolean(event.dataTransfer && Array.from(event.dataTransfer.types).includes('Files'));
}

/** @param {boolean} on */
function cover(on) {
  const element = document.getElementById('drop');
  if (element) element.hidden = !on;
}
