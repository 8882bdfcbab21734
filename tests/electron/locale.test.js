/** The shell's texts: all are translated, none is unused, and messages are translated where they are shown. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';

import { CATALOGUES, LANGUAGES, language, speak, t, translated, translatedThroughout } from '../../electron/locale/current.js';
import backend from '../../electron/locale/de/backend.js';
import failures from '../../electron/locale/de/failures.js';
import pages from '../../electron/locale/de/pages.js';
import updates from '../../electron/locale/de/updates.js';
import window from '../../electron/locale/de/window.js';
import { joined, Message, say, translator, withMessages, withoutMessages } from '../../electron/locale/messages.js';
import { chooseLanguage } from '../../electron/policy/language.js';

const ELECTRON = fileURLToPath(new URL('../../electron/', import.meta.url));

/** @param {string} dir @param {string} ending @returns {{name: string, text: string}[]} */
const files = (dir, ending) => fs.readdirSync(path.join(ELECTRON, dir)).filter((name) => name.endsWith(ending))
  .map((name) => ({ name: `${dir}/${name}`, text: fs.readFileSync(path.join(ELECTRON, dir, name), 'utf8') }));

const scripts = ['backend', 'policy', 'shell', 'pages'].flatMap((dir) => files(dir, '.js'));
const html = files('pages', '.html');

/** Literals passed to t() and say(). @param {string} text */
const marked = (text) => [...text.matchAll(/(?<![\w.])(?:t|say)\((?:'((?:[^'\\]|\\.)*)'|"([^"]*)")/g)].map((match) => match[1] || match[2]);
const used = new Set([
  ...scripts.flatMap(({ text }) => marked(text)),
  ...html.flatMap(({ text }) => [...text.matchAll(/\{\{(.+?)\}\}(?!\})/g)].map((match) => match[1])),
]);
// The name alone is the same in every language.
used.delete('{app}');

/** For the log, for developers, or a name. */
const NOT_SHOWN = [
  'The launch configuration is longer than', 'Unknown argument: ', 'This page may not do that.', 'Wrong arguments for ', 'Not found',
  'Last log lines:', 'Electron ${', 'Application Support', 'Uninstall ${', 'Which app?', 'This app is damaged',
];

/** @param {string} text */
const fields = (text) => [...text.matchAll(/\{\w+\}/g)].map(String).sort();

test('every text of the shell is in every language, and nothing else', () => {
  assert.ok(used.size > 120, `${used.size} texts`);
  for (const name of LANGUAGES.filter((one) => one !== 'en')) {
    // The Python side's texts are compared in tests/djdesk/test_shell_messages.py.
    const own = Object.keys(CATALOGUES[name]).filter((text) => !Object.keys(backend).includes(text));
    assert.deepEqual([...used].filter((text) => !own.includes(text)), [], `not in ${name}`);
    assert.deepEqual(own.filter((text) => !used.has(text)), [], `in ${name} only`);
    for (const [text, translated] of Object.entries(CATALOGUES[name])) {
      assert.ok(translated, text);
      assert.deepEqual(fields(translated), fields(text), text);
    }
  }
});

test('no text has two translations', () => {
  const all = [window, pages, failures, updates, backend].flatMap((part) => Object.keys(part));
  assert.deepEqual(all.filter((text, index) => all.indexOf(text) !== index), []);
});

test('no text stands bare in menus, dialogs, failures and pages', () => {
  for (const { name, text } of scripts) {
    const code = text.replace(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, '');
    const bare = [...code.matchAll(/(?<!\b(?:t|say)\()['`]([A-Z][a-z]+[ …][^'`]*)['`]/g)].map((match) => match[1]);
    assert.deepEqual(bare.filter((words) => !NOT_SHOWN.some((start) => words.startsWith(start))), [], name);
  }
  for (const { name, text } of html) {
    const shown = text.replace(/\{\{.+?\}\}(?!\})/g, '').replace(/<!?[^>]*?(?:(?:title|placeholder|aria-label)="([^"]*)")?[^>]*>/g, '$1').replace(/\s+/g, '');
    assert.equal(shown, '', name);
    assert.match(text, /^<!doctype html>\n<html lang="en">/, name);
  }
});

test('a message is shown in the language of the window, and every other text as it is', (t_) => {
  t_.after(() => speak('en'));
  speak('de');
  assert.equal(language(), 'de');
  assert.equal(t('{current} of {total}', { current: 2, total: 5 }), '2 von 5');
  const reason = say('The server {ended_text}.', { ended_text: say('ended with exit code {code}', { code: 3 }) });
  assert.equal(String(reason), 'The server ended with exit code 3.');
  assert.equal(translated(reason), 'Der Server endete mit Exit-Code 3.');
  assert.equal(translated(joined(say('The server keeps stopping.'), reason)), 'Der Server endet immer wieder. Der Server endete mit Exit-Code 3.');
  // A value that reads like one of our sentences comes from a project, a path or the system.
  assert.equal(translated(say('Python could not be started: {error}.', { error: 'Loading settings' })), 'Python ließ sich nicht starten: Loading settings.');
  for (const foreign of ['', 'Loading settings', String(reason), 'The server keeps stopping.', 'constructor', 'What $& is {this}?']) {
    assert.equal(translated(foreign), foreign);
  }
  const state = { failure: { reason, tail: ['Loading settings'] }, since: 3, idle: null };
  assert.deepEqual(translatedThroughout(state), { failure: { reason: 'Der Server endete mit Exit-Code 3.', tail: ['Loading settings'] }, since: 3, idle: null });
});

test('without a translation a text is as it was written, with its values', () => {
  const { t: plain, translated: again } = translator({});
  assert.equal(plain('{name} was not saved', { name: '$1 {name}' }), '$1 {name} was not saved');
  assert.equal(plain('toString'), 'toString');
  assert.equal(again('Anything.'), 'Anything.');
  assert.equal(String(say('{a} and {b}', { a: 1 })), '1 and {b}');
  assert.equal(String(say('{{x}} is {names}', { names: ['a', say('b')] })), '{x} is a, b');
});

test('what goes to Python and back is the same message; what only looks like one is a text', () => {
  const ended = say('ended with exit code {code}', { code: 3 });
  const reason = joined(say('The server {ended_text}.', { ended_text: ended }), 'Read timed out.');
  const sent = JSON.parse(JSON.stringify(withMessages({ event: 'failed', reason, hint: 'Read timed out.', code: 3 })));
  const { messages, ...rest } = sent;
  assert.deepEqual(rest, { event: 'failed', reason: 'The server ended with exit code 3. Read timed out.', hint: 'Read timed out.', code: 3 });
  const inner = { id: 'ended with exit code {code}', params: { code: 3 } };
  const first = { id: 'The server {ended_text}.', params: { ended_text: inner } };
  assert.deepEqual(messages, { reason: { id: '{part1} {part2}', params: { part1: first, part2: 'Read timed out.' } } });
  assert.deepEqual(withMessages({ hint: 'Read timed out.' }), { hint: 'Read timed out.' });
  assert.deepEqual(withoutMessages(sent), { event: 'failed', reason, hint: 'Read timed out.', code: 3 });

  const gone = { id: 'The file {name} is gone.', params: { name: 'x' } };
  const heard = withoutMessages({ event: 'failed', reason: 'The file x is gone.', hint: 'The file x is gone!', messages: { reason: gone, hint: gone, more: gone } });
  assert.deepEqual(heard, { event: 'failed', reason: new Message(gone.id, gone.params), hint: 'The file x is gone!' });
  for (const odd of [null, 3, { reason: null }, { reason: { id: 3 } }, { reason: { id: 'Odd.', params: 3 } }]) {
    assert.equal(withoutMessages({ reason: 'Odd.', messages: odd }).reason, 'Odd.');
  }
});

test('which language: the chosen one, else that of the window, else English', () => {
  const cases = [
    ['system', 'de', 'de'], ['system', 'de-AT', 'de'], ['system', 'DE_CH', 'de'], ['system', 'fr', 'en'], ['system', '', 'en'],
    ['de', 'en-US', 'de'], ['en', 'de', 'en'], ['tlh', 'de', 'de'], ['__proto__', 'den', 'en'],
  ];
  for (const [chosen, locale, wanted] of cases) assert.equal(chooseLanguage(chosen, locale, LANGUAGES), wanted, `${chosen} ${locale}`);
});
