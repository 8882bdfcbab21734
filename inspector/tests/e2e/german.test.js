/** The app in German: no text on any page is left in English. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { missing } from '../../../tests/e2e/support/app.js';
import { Pages } from './support/pages.js';
import { messages } from './support/catalogue.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const PAGES = ['', 'schema/', 'models/', 'models/?model=people.Customer', 'migrations/', 'urls/', 'checks/', 'dependencies/', 'settings/', 'templates/', 'admin/', 'wiring/', 'translations/', 'effects/', 'code/', 'commands/', 'runs/', 'exports/'];
const CATALOGUES = ['inspector/inspector/locale/de/LC_MESSAGES/django.po', 'inspector/inspector/locale/de/LC_MESSAGES/djangojs.po', 'inspector/inspector/locale/de/LC_MESSAGES/sentences.po', 'src/djdesk/desktop/locale/de/LC_MESSAGES/django.po'];
/**
 * English texts that may appear on a German page: names from projects and Django, such as an app, a
 * package, a column, a field type or an option.
 */
const NAMES = new Set([
  'Group', 'Login', 'View', // from Django: a model, views, a class
  'Job', // a model of the sample project
  'Scan', // the same noun in German; as a button's verb it differs
  'admin', 'apps', 'checks', 'code', 'commands', 'databases', 'dependencies', 'drift', 'fields', 'index', 'key', 'login', 'middleware',
  'migrations', 'models', 'name', 'packages', 'read', 'runtime', 'search', 'server', 'settings', 'signals', 'templates', 'tests', 'unique', 'variables',
]);

describe('in German', { skip: missing() || false }, () => {
  const pages = new Pages();
  /** @type {string} */
  let address;
  /** @type {Set<string>} */
  let english;

  before(async () => {
    english = new Set(CATALOGUES.flatMap((file) => messages(readFileSync(path.join(ROOT, file), 'utf8')))
      .filter(({ id, text }) => id !== text && !NAMES.has(id) && !/%\(|%s|\{\w+\}|</.test(id)).map(({ id }) => id));
    await pages.start();
    const { page, app } = pages.ready;
    await page.goto(`${app.origin}/preferences/`);
    await page.check('#language-de', { force: true });
    await page.waitForSelector('html[lang=de]');
    await page.goto(`${app.origin}/`);
    await page.click('.sample-form button');
    await page.waitForURL('**/projects/*/');
    await pages.outcome('complete');
    address = page.url();
  });
  after(() => pages.stop());

  /** Whole texts of the page that are messages, and attributes that are read aloud. */
  async function left() {
    const texts = await pages.ready.page.evaluate(() => {
      /** @type {string[]} */
      const found = [];
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const parent = /** @type {Element} */ (node.parentElement);
        // Code, names and output are not translated.
        if (!parent.closest('script, style, code, pre, .mono, .schema-card, .finding-text, .explained-finding')) found.push(node.textContent || '');
      }
      for (const element of Array.from(document.querySelectorAll('[aria-label], [title], [placeholder]'))) {
        for (const name of ['aria-label', 'title', 'placeholder']) found.push(element.getAttribute(name) || '');
      }
      return found;
    });
    return [...new Set(texts.map((text) => text.replace(/\s+/g, ' ').trim()))].filter((text) => english.has(text));
  }

  test('there is something to look for', () => {
    assert.ok(english.size > 400, `${english.size} messages`);
  });

  for (const name of PAGES) {
    test(`the page ${name || 'overview'}`, async () => {
      const { page } = pages.ready;
      const answer = await page.goto(`${address}${name}`);
      assert.equal(answer && answer.status(), 200);
      assert.equal(await page.getAttribute('html', 'lang'), 'de');
      if (name === 'schema/') await page.waitForSelector('.schema-card');
      assert.deepEqual(await left(), []);
      await page.setViewportSize({ width: 640, height: 800 });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      await page.setViewportSize({ width: 1280, height: 800 });
      assert.ok(wide <= 0, `${wide} px are beyond the edge of a narrow window`);
    });
  }

  for (const name of ['', 'preferences/', 'desktop/data/', 'desktop/logs/', 'help/', 'help/?q=zzzz', 'help/no-such-topic/', 'nowhere/']) {
    test(`the app's page /${name}`, async () => {
      const { page, app } = pages.ready;
      pages.complaints.length = 0;
      await page.goto(`${app.origin}/${name}`);
      assert.equal(await page.getAttribute('html', 'lang'), 'de');
      assert.deepEqual(await left(), []);
    });
  }

  test('menus, palette and shortcuts', async () => {
    const { page } = pages.ready;
    await page.goto(`${address}models/`);
    await page.keyboard.press('Control+k');
    await page.waitForSelector('.palette-option');
    assert.deepEqual(await left(), []);
    assert.match((await page.textContent('#palette-list')) || '', /Übersicht/);
    await page.keyboard.press('Escape');
    await page.waitForSelector('.palette-option', { state: 'hidden' });
    await page.keyboard.press('?');
    await page.waitForSelector('#shortcuts[open]');
    assert.deepEqual(await left(), []);
    await page.keyboard.press('Escape');
  });

  test('a notice of a script, and numbers that it counts', async () => {
    const { page } = pages.ready;
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.goto(`${address}urls/`);
    await page.click('#urls-copy summary');
    await page.click('[data-copy-table=text]');
    await page.waitForSelector('.notice:has-text("Zeilen kopiert")');
    await page.fill('#urls-filter', 'zzzz');
    assert.match((await page.textContent('#urls-tools [data-shown-count]')) || '', /^0 von \d+$/);
  });

  test('axe finds no fault in a German page', async () => {
    await pages.ready.page.goto(address);
    await pages.axe('overview');
  });

  test('and back to English, at once', async () => {
    const { page, app } = pages.ready;
    await page.goto(`${app.origin}/preferences/`);
    assert.equal(await page.textContent('#language-en + span'), 'English');
    await page.check('#language-en', { force: true });
    await page.waitForSelector('html[lang=en]');
    await page.waitForSelector('h1:text-is("Preferences")');
  });
});
