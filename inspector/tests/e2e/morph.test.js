/** The morph alone, in a browser: which nodes are kept, and which user state. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';

import { chromium, missing, ROOT } from '../../../tests/e2e/support/app.js';

const source = readFileSync(path.join(ROOT, 'inspector/inspector/static/inspector/morph.js'), 'utf8');

describe('morph', { skip: missing() || false }, () => {
  /** @type {import('playwright-core').Browser} */
  let browser;
  /** @type {import('playwright-core').Page} */
  let page;

  before(async () => {
    const { chromium: launcher } = await import('playwright-core');
    browser = await launcher.launch({ executablePath: chromium(), args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'] });
    page = await browser.newPage();
    await page.setContent('<div id="root"></div>');
    await page.addScriptTag({ type: 'module', content: source.replace('export function', 'window.morph = function') });
    await page.waitForFunction(() => 'morph' in window);
  });
  after(() => browser && browser.close());

  /** Runs `prepare` between the two states. @param {string} from @param {string} to @param {string} [prepare] */
  function morph(from, to, prepare = '') {
    return page.evaluate(
      ([before, wanted, code]) => {
        const root = /** @type {HTMLElement} */ (document.getElementById('root'));
        root.innerHTML = before;
        new Function('root', code)(root);
        const old = new Set(root.querySelectorAll('*'));
        const parsed = new DOMParser().parseFromString(`<div id="root">${wanted}</div>`, 'text/html');
        /** @type {any} */ (window).morph(root, parsed.getElementById('root'));
        return {
          html: root.innerHTML,
          kept: Array.from(root.querySelectorAll('*')).filter((e) => old.has(e)).length,
          focus: document.activeElement?.id,
          value: root.querySelector('input')?.value,
        };
      },
      [from, to, prepare],
    );
  }

  test('becomes what is wanted', async () => {
    for (const [from, to] of [
      ['', '<p>a</p>'],
      ['<p>a</p>', ''],
      ['<p class="x" title="t">a <b>b</b></p>', '<p class="y">a <i>c</i> d</p>'],
      ['<ul><li id="a">1</li><li id="b">2</li><li id="c">3</li></ul>', '<ul><li id="c">3</li><li id="a">one</li><li id="d">4</li></ul>'],
      ['text<!--c-->', '<p>p</p>text'],
    ]) {
      assert.equal((await morph(from, to)).html, to);
    }
  });

  test('keyed nodes are the same ones after they were moved', async () => {
    const answer = await morph('<i id="a"></i><i id="b"></i>', '<i id="b"></i><i id="a"></i>');
    assert.equal(answer.kept, 2);
  });

  const field = '<div class="tools" id="t"><input id="f"></div>';
  for (const [name, from, to] of [
    ['comes', field, `<div class="banner">new</div>${field}`],
    ['goes', `<div class="banner">old</div>${field}`, field],
    ['changes', `<p class="banner">old</p>${field}`, `<div class="banner">new</div><p>x</p>${field}`],
  ]) {
    test(`typed text and focus stay when something above ${name}`, async () => {
      const answer = await morph(from, to, "root.querySelector('#f').value = 'typed'; root.querySelector('#f').focus();");
      assert.deepEqual([answer.value, answer.focus, answer.html], ['typed', 'f', to]);
    });
  }

  test('what the user unfolded stays unfolded', async () => {
    const answer = await morph('<details id="d"><summary>s</summary></details>', '<details id="d"><summary>t</summary></details>', "root.querySelector('details').open = true;");
    assert.match(answer.html, /<details id="d" open=""><summary>t/);
  });
});
