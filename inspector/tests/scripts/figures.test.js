/** Figures are written into their place in a document, and nothing else changes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { tableOf, withFigures } from '../../scripts/bench/figures.js';

const DOCUMENT = 'Before\n\n<!-- figures: pages -->\n\nold\n\n<!-- end of figures -->\n\n<!-- figures: other -->\n<!-- end of figures -->\n';

test('new figures take the place of the old ones, again and again', () => {
  const table = tableOf([{ 'what one waits for': 'a page', median: '5 ms' }]);
  assert.equal(table, '| what one waits for | median |\n| --- | ---: |\n| a page | 5 ms |');
  const once = withFigures(DOCUMENT, 'pages', table);
  assert.equal(once, DOCUMENT.replace('old', table));
  assert.equal(withFigures(once, 'pages', table), once);
  assert.match(withFigures(once, 'other', 'new'), /^Before[^]*\| a page[^]*figures: other -->\n\nnew\n\n<!-- end of figures -->\n$/);
});

test('a document without a place for them is refused', () => {
  assert.throws(() => withFigures('# Pages\n', 'pages', 'new'), /no place for the figures of pages/);
  assert.throws(() => withFigures(DOCUMENT, 'schema', 'new'), /no place for the figures of schema/);
});
