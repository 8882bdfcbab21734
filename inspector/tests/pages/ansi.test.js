/** Terminal colours become class names; all other control sequences are removed. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { isPlain, lastWritten, parse, PLAIN } from '../../inspector/static/inspector/ansi.js';

/** @param {string} line */
const pieces = (line) => parse(line, PLAIN).pieces;

test('colours, bold and reset', () => {
  assert.deepEqual(pieces('a\x1b[1;31mb\x1b[0mc'), [
    { text: 'a', classes: '' },
    { text: 'b', classes: 'ansi-red ansi-bold' },
    { text: 'c', classes: '' },
  ]);
  assert.deepEqual(pieces('\x1b[92;44mx\x1b[39mY'), [
    { text: 'x', classes: 'ansi-green ansi-on-blue' },
    { text: 'Y', classes: 'ansi-on-blue' },
  ]);
});

test('a style goes on into the next line', () => {
  const { style } = parse('\x1b[33mbegun', PLAIN);
  assert.deepEqual(parse('goes on', style).pieces, [{ text: 'goes on', classes: 'ansi-yellow' }]);
});

test('256 colours and true colour do not confuse what follows', () => {
  assert.deepEqual(pieces('\x1b[38;5;9mr\x1b[0m\x1b[38;2;1;2;3;1mt'), [
    { text: 'r', classes: 'ansi-red' },
    { text: 't', classes: 'ansi-bold' },
  ]);
});

test('cursor, title, links and control characters are left out', () => {
  const line = '\x1b[2J\x1b]0;title\x07\x1b[1Ax\x1b]8;;http://evil\x1b\\link\x1b]8;;\x1b\\\x00\x08';
  assert.equal(pieces(line).map((piece) => piece.text).join(''), 'xlink');
  assert.equal(pieces('<b>bold</b>')[0].text, '<b>bold</b>');
});

test('a line that overwrites itself shows what is left in the end', () => {
  assert.deepEqual(pieces('10 %\r50 %\r100 %'), [{ text: '100 %', classes: '' }]);
  assert.deepEqual(pieces('done\r'), [{ text: 'done', classes: '' }]);
});

test('an unfinished sequence is no reason to fail', () => {
  for (const line of ['\x1b', '\x1b[', '\x1b[38;5m', '\x1b[999;;m', '\x1b]0;open']) assert.ok(parse(line, PLAIN));
  assert.ok(isPlain('ordinary\ttext') && !isPlain('\x1b[1m'));
});

test('of a line that goes on, only what is still to be seen has to be kept', () => {
  assert.equal(lastWritten('10%\r20%\r30%'), '30%');
  assert.equal(lastWritten('10%\r20%\r'), '20%\r', 'seen until something follows');
  assert.equal(lastWritten(`${lastWritten('10%\r20%\r')}5%`), '5%');
  assert.equal(lastWritten('\r\r'), '\r\r');
  assert.equal(lastWritten(''), '');
});
