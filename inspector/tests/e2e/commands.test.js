/** Commands in a real browser with the real worker: run, watch, stop, refuse, and very long output. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';

import { missing } from '../../../tests/e2e/support/app.js';
import { Pages } from './support/pages.js';
import { write } from './support/project.js';

/** @param {string} body */
const command = (body) =>
  `import sys, time\nfrom django.core.management.base import BaseCommand\n\n\nclass Command(BaseCommand):\n    def handle(self, **options):\n        ${body}\n`;

describe('commands', { skip: missing() || false }, () => {
  const pages = new Pages();
  /** @type {string} */
  let address;
  /** @type {string} file that a silent command waits for */
  let go;
  before(async () => {
    await pages.start();
    const root = pages.project();
    for (const folder of ['area01/management', 'area01/management/commands']) write(root, `${folder}/__init__.py`, '');
    write(root, 'area01/management/commands/slowly.py', command('[(print(f"step {n}", flush=True), time.sleep(0.2)) for n in range(300)]'));
    write(root, 'area01/management/commands/floods.py', command('sys.stdout.write("".join(f"\\x1b[32mline\\x1b[0m {n}\\n" for n in range(200000)))'));
    go = path.join(path.dirname(root), 'go');
    write(root, 'area01/management/commands/quietly.py', command(`while not __import__("os").path.exists(${JSON.stringify(go)}): time.sleep(0.05)`));
    write(root, 'area01/management/commands/progress.py', command(`print("begun", end="\\r"); print("50 %", end="", flush=True)
        while not __import__("os").path.exists(${JSON.stringify(`${go}-on`)}): time.sleep(0.05)
        print("\\r" + "there" * 2000, end="\\rthere\\n"); print("Sure?", end=" ")
        try: input()
        except EOFError: print("EOFError")`));
    address = await pages.open(root);
  });
  after(() => pages.stop());

  /** @param {string} slug */
  async function run(slug) {
    const { page } = pages.ready;
    await page.goto(`${address}commands/`);
    await page.click(`#preset-${slug} summary`);
    await page.check(`#confirm-${slug}`);
    await page.click(`#preset-${slug} button:has-text("Run")`);
    await page.waitForSelector('[data-output]');
  }

  test('an untrusted folder runs nothing and says why', async () => {
    const { page } = pages.ready;
    await page.goto(`${address}commands/`);
    assert.match((await page.textContent('main')) || '', /need a trusted folder/);
    assert.equal(await page.locator('.preset').count(), 0);
    await pages.axe('commands, untrusted');
    await page.goto(address);
    await pages.trust();
  });

  test('check runs after its contract was confirmed, and its end is seen', async () => {
    const { page } = pages.ready;
    await page.goto(`${address}commands/`);
    await pages.axe('commands');
    await page.click('#preset-check summary');
    await page.click('#preset-check button:has-text("Run")');
    assert.equal(page.url(), `${address}commands/`, 'the browser asks for the confirmation');
    await run('check');
    await page.waitForSelector('#command-status:has-text("exit code 0")');
    await page.waitForSelector('.output-line:has-text("no issues")');
    await pages.axe('output');
  });

  test('output is seen while it comes, and Stop ends it', async () => {
    const { page } = pages.ready;
    await page.goto(`${address}commands/`);
    await page.click('.preset:has-text("slowly") button:has-text("Mark as safe")');
    await run('ownslowly');
    await page.waitForSelector('.output-line:has-text("step 2")');
    await page.waitForSelector('#command-status:has-text("Running")');
    await page.click('button:has-text("Stop")');
    await page.waitForSelector('#command-status:has-text("Stopped")');
    await page.waitForSelector('[data-output][data-complete]');
  });

  test('a progress bar and a question are seen before their line ends', async () => {
    const { page } = pages.ready;
    await page.goto(`${address}commands/`);
    await page.click('.preset:has-text("progress") button:has-text("Mark as safe")');
    await run('ownprogress');
    await page.waitForSelector('.output-line:text-is("50 %")');
    assert.equal(await page.textContent('[data-line-count]'), '1 line');
    writeFileSync(`${go}-on`, '');
    await page.waitForSelector('[data-output][data-complete]');
    assert.deepEqual(await page.$$eval('.output-line', (lines) => lines.map((line) => line.textContent)), ['there', 'Sure? EOFError']);
  });

  test('a command that writes nothing says so, while it runs and after', async () => {
    const { page } = pages.ready;
    await page.goto(`${address}commands/`);
    await page.click('.preset:has-text("quietly") button:has-text("Mark as safe")');
    await run('ownquietly');
    await page.waitForSelector('.output-empty:has-text("No output yet")');
    writeFileSync(go, '');
    await page.waitForSelector('[data-output][data-complete]');
    assert.deepEqual(await page.$$eval('.output-empty', (notes) => notes.filter((note) => !(/** @type {HTMLElement} */ (note).hidden)).map((note) => note.textContent)), ['No output.']);
    await page.goto(`${address}commands/`);
    await page.click('td.name a:has-text("slowly")');
    await page.waitForSelector('.output-line:has-text("step 2")');
    assert.equal(await page.$$eval('.output-empty:not([hidden])', (notes) => notes.length), 0);
  });

  test('200,000 lines: few elements, the end in sight, and scrolling finds the middle', async () => {
    const { page } = pages.ready;
    await page.goto(`${address}commands/`);
    await page.click('.preset:has-text("floods") button:has-text("Mark as safe")');
    await run('ownfloods');
    await page.waitForSelector('[data-output][data-complete]', { timeout: 60000 });
    assert.equal(await page.textContent('[data-line-count]'), '200,000 lines');
    assert.ok((await page.locator('.output-line').count()) < 200);
    assert.ok(await page.isVisible('.output-line:has-text("line 199999")'));
    assert.equal(await page.textContent('.output-line:has-text("line 199999") .ansi-green'), 'line');
    const most = await page.evaluate(async () => {
      const output = /** @type {HTMLElement} */ (document.querySelector('[data-output]'));
      let elements = 0;
      for (let at = 0; at < 60; at += 1) {
        output.scrollTop = (output.scrollHeight * at) / 60;
        await new Promise((resolve) => requestAnimationFrame(resolve));
        elements = Math.max(elements, output.querySelectorAll('.output-line').length);
      }
      output.scrollTop = 100000 * 18;
      return elements;
    });
    assert.ok(most > 0 && most < 200, `${most} lines in the page`);
    await page.waitForSelector('.output-line:has-text("line 100001")');
  });

  test('the history leads back to each of them', async () => {
    const { page } = pages.ready;
    await page.goto(`${address}commands/`);
    assert.equal(await page.locator('#history tr[data-row]').count(), 5);
    await page.click('#history a:has-text("Check")');
    await page.click('button:has-text("Run again")');
    await page.waitForSelector('#command-status:has-text("exit code 0")');
  });

  test('nothing complained', () => assert.deepEqual(pages.complaints, []));
});
