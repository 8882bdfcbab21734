/** What the palette finds, and in which order. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { best, score } from '../../inspector/static/inspector/match.js';

/** @param {string} query @param {string[]} names @param {number} [most] */
const find = (query, names, most = 10) => best(query, names, (name) => name.toLowerCase(), () => 0, most);

test('what lacks one of the words does not fit', () => {
  assert.equal(score('book author', 'catalog.book'), -1);
  assert.deepEqual(find('nothing like it', ['catalog.Book']), []);
});

test('the name itself, then its beginning, then a part, then anywhere', () => {
  const names = ['catalog.notebook', 'catalog.Book', 'bookshelf.Row', 'book'];
  assert.deepEqual(find('book', names), ['book', 'bookshelf.Row', 'catalog.Book', 'catalog.notebook']);
});

test('words fit in any order, and shorter names come first', () => {
  assert.deepEqual(find('title book', ['shop.Book.title_of_the_page', 'shop.Book.title']), [
    'shop.Book.title',
    'shop.Book.title_of_the_page',
  ]);
});

test('at most so many, and all of them for an empty query', () => {
  const names = Array.from({ length: 100 }, (_, n) => `a${n}`);
  assert.equal(find('a', names, 7).length, 7);
  assert.deepEqual(find('  ', names, 3), ['a0', 'a1', 'a2']);
});

test('a word may have letters left out, close together, and what stands there as it is comes first', () => {
  const names = ['workshop.JobPart', 'workshop.Job', 'stock.Part', 'jobprt_log', 'people.Customer'];
  assert.deepEqual(find('jobprt', names), ['jobprt_log', 'workshop.JobPart']);
  assert.deepEqual(find('wrkshp part', names), ['workshop.JobPart']);
  assert.deepEqual(find('cstmr', names), ['people.Customer']);
});

test('letters that are far apart, in another order or too few fit nothing', () => {
  assert.deepEqual(find('wpt', ['workshop.a_long_name.part']), []);
  assert.deepEqual(find('trpboj', ['workshop.JobPart']), []);
  assert.deepEqual(find('jt', ['workshop.JobPart']), []);
});
