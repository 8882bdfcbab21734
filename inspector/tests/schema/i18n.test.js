import assert from 'node:assert/strict';
import test from 'node:test';

const CATALOGUE = {
  gettext: (/** @type {string} */ text) => ({ 'Copied {text}': '{text} kopiert' })[text] || text,
  ngettext: (/** @type {string} */ one, /** @type {string} */ many, /** @type {number} */ count) => (count === 1 ? 'eine {count}' : '{count} viele'),
  pgettext: (/** @type {string} */ context, /** @type {string} */ text) => `${context}:${text}`,
};

/** A fresh module for each test. @param {object | undefined} catalogue @param {string} key */
async function load(catalogue, key) {
  Object.assign(globalThis, { django: catalogue });
  try {
    return /** @type {typeof import('../../inspector/static/inspector/i18n.js')} */ (await import(`../../inspector/static/inspector/i18n.js?${key}`));
  } finally {
    Object.assign(globalThis, { django: undefined });
  }
}

test('without a catalogue texts are English', async () => {
  const { gettext, ngettext, pgettext } = await load(undefined, 'none');
  assert.equal(gettext('Copied {text}', { text: 'x' }), 'Copied x');
  assert.equal(ngettext('{count} row', '{count} rows', 1), '1 row');
  assert.equal(ngettext('{count} row', '{count} rows', 12345), '12,345 rows');
  assert.equal(pgettext('kind', 'page'), 'page');
});

test('the catalogue translates before values are put in', async () => {
  const { gettext, ngettext, pgettext } = await load(CATALOGUE, 'german');
  assert.equal(gettext('Copied {text}', { text: 'a' }), 'a kopiert');
  assert.equal(ngettext('{count} row', '{count} rows', 1), 'eine 1');
  assert.equal(pgettext('kind', 'page'), 'kind:page');
});

test('a value that looks like a placeholder stays what it is', async () => {
  const { gettext } = await load(CATALOGUE, 'values');
  assert.equal(gettext('Copied {text}', { text: '{text} $& {count}' }), '{text} $& {count} kopiert');
  assert.equal(gettext('left {alone}'), 'left {alone}');
  assert.equal(gettext('left {alone}', { other: 1 }), 'left {alone}');
});
