import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildGraph } from '../../inspector/static/inspector/schema/graph.js';
import { buildIndex, score, search } from '../../inspector/static/inspector/schema/search.js';
import { field, generateModels, model } from '../support/schema-models.js';

const graph = buildGraph({ models: [
  model('catalog.Book', [field('title', 'CharField'), field('bookmark', 'CharField')]), model('catalog.BookShelf'), model('catalog.AudioBook'),
  model('book.Chapter'), model('orders.LogEntry', [field('created_at', 'DateTimeField')]),
] });
const index = buildIndex(graph);
const titles = (/** @type {string} */ query) => search(index, query).map((entry) => `${entry.kind} ${entry.kind === 'field' ? `${entry.id}.${entry.title}` : entry.id}`);

test('the exact model first, then the app, then beginnings, words inside, fields', () => {
  assert.deepEqual(titles('book'), ['model catalog.Book', 'app book', 'model catalog.BookShelf', 'model catalog.AudioBook', 'field catalog.Book.bookmark']);
});

test('words inside names, initials and dotted names are understood', () => {
  assert.equal(titles('entry')[0], 'model orders.LogEntry');
  assert.equal(titles('le')[0], 'model orders.LogEntry');
  assert.equal(titles('catalog.book')[0], 'model catalog.Book');
  assert.equal(titles('Book.title')[0], 'field catalog.Book.title');
  assert.equal(titles('book shelf')[0], 'model catalog.BookShelf');
});

test('nothing for nothing, for blanks and for what is not there', () => {
  assert.deepEqual([titles(''), titles('   '), titles('zzzz'), titles('.')], [[], [], [], []]);
  assert.equal(score('Book', 'kb'), null);
});

test('signs that mean something to a regular expression are only letters here', () => {
  for (const query of ['(', '[a', '\\', '*', '$^']) assert.deepEqual(titles(query), []);
});

test('of a thousand models the best thirty are shown', () => {
  const large = buildIndex(buildGraph(generateModels(1000)));
  assert.equal(search(large, 'order').length, 30);
});
