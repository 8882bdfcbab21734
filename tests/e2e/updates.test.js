/** The updates page in every state that the window reports: both themes, both languages, a narrow window. */
import assert from 'node:assert/strict';
import path from 'node:path';
import test, { after, before } from 'node:test';

import { missing, PARITY } from './support/app.js';
import { Pages } from './support/pages.js';

const skip = missing() || false;
const pages = new Pages();

/** @type {import('../../electron/shell/updates.js').UpdateState} */
const PLAIN = {
  phase: 'idle', off: '', folder: true, text: '', failed: false, warnings: [], offer: null, progress: null, checked: '', paused: false, back: null, saved: null, badge: false,
  choices: { ask: false, automatic: true, download: true, channel: 'stable', channels: ['stable', 'beta'], managed: [] },
};
const offer = { version: '1.5.0', released: '2026-11-20T10:00:00Z', size: 84e6, notes: '- Faster.\n- <img src=x onerror=alert(1)> is text.\n'.repeat(12), migrates: true };
/** @type {Record<string, Partial<import('../../electron/shell/updates.js').UpdateState>>} */
const STATES = {
  off: { off: 'Updates are off: this app has no key to verify them with. Get new versions from its publisher.', folder: false },
  asked: { choices: { ...PLAIN.choices, ask: true, automatic: false } },
  'up to date': { text: 'This is the newest version.', checked: '2026-11-29T09:00:00Z', back: { version: '1.3.0' } },
  'the next day': { checked: '2026-11-29T09:00:00Z' },
  failed: { text: 'The announcement of updates has a wrong signature. It was ignored.', failed: true, checked: '2026-11-29T09:00:00Z' },
  offered: { phase: 'offered', offer, badge: true, warnings: ['The announcement of updates expired on 2026-10-01. Someone may be withholding a newer one.'] },
  downloading: { phase: 'downloading', offer, progress: { done: 31e6, total: 84e6, perSecond: 2e6 } },
  preparing: { phase: 'preparing', offer },
  ready: { phase: 'ready', offer, badge: true },
  saved: { phase: 'saved', offer, saved: { file: '/home/me/.local/share/parity/updates/download/pending/Parity-1.5.0-linux-amd64.deb', command: 'sudo apt install /home/me/.local/share/parity/updates/download/pending/Parity-1.5.0-linux-amd64.deb' } },
  paused: { paused: true, choices: { ...PLAIN.choices, automatic: false, managed: ['updates'] } },
};

/** Together they show every part of the page. */
const LOOKED_AT = ['asked', 'offered', 'downloading', 'paused'];

before(async () => {
  if (skip) return;
  await pages.start([], PARITY);
  // The window's side, with what it would report.
  await pages.ready.page.addInitScript(() => {
    const told = /** @type {any} */ ({ acts: [], listeners: [], answers: { state: null } });
    Object.assign(window, {
      told,
      djdesk: { updates: {
        state: async () => told.answers.state || JSON.parse(sessionStorage.getItem('state') || 'null'),
        act: async (/** @type {string[]} */ ...words) => { told.acts.push(words); },
        onChange: (/** @type {Function} */ callback) => { told.listeners.push(callback); },
      } },
    });
  });
});
after(() => pages.stop());

/** @param {string} name */
async function show(name) {
  const { page } = pages.ready;
  await page.evaluate((state) => sessionStorage.setItem('state', JSON.stringify(state)), { ...PLAIN, ...STATES[name] });
  await page.goto(new URL('/desktop/updates/', page.url()).href);
  await page.waitForSelector('[data-updates]:not([hidden])');
  // Until it has been filled.
  await page.waitForFunction(() => /** @type {HTMLSelectElement} */ (document.querySelector('select[data-choice]')).options.length > 0);
}

/** @param {string} name */
async function picture(name) {
  const folder = process.env.DJDESK_PICTURES;
  if (folder) await pages.ready.page.screenshot({ path: path.join(folder, `updates-${name.replace(/ /g, '-')}.png`), fullPage: true });
}

test('every state: light, dark, and 320 pixels wide without scrolling sideways', { skip }, async (t) => {
  const { page } = pages.ready;
  for (const name of Object.keys(STATES)) {
    await t.test(name, async () => {
      await show(name);
      if (LOOKED_AT.includes(name)) await pages.axe(`updates, ${name}`);
      await picture(name);
      await page.setViewportSize({ width: 320, height: 700 });
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= 320), 'it fits');
      await picture(`${name}-320`);
      await page.setViewportSize({ width: 1280, height: 800 });
    });
  }
  // This project has no page at /.
  assert.deepEqual(pages.complaints.filter((one) => one.includes('/desktop/updates/')), []);
});

test('what can be done follows from the state, and what is done is told to the window', { skip }, async () => {
  const { page } = pages.ready;
  const visible = () => page.$$eval('button[data-act]', (buttons) => buttons.filter((one) => one.checkVisibility()).map((one) => /** @type {HTMLElement} */ (one).dataset.act));
  const expected = /** @type {Record<string, string[]>} */ ({
    off: [], asked: ['check', 'automatic', 'automatic', 'folder'], 'up to date': ['check', 'folder'], offered: ['check', 'download', 'later', 'skip', 'folder'], downloading: ['cancel', 'folder'],
    ready: ['check', 'restart', 'later', 'skip', 'folder'], paused: ['check', 'resume', 'folder'],
  });
  for (const [name, buttons] of Object.entries(expected)) {
    await show(name);
    assert.deepEqual(await visible(), buttons, name);
  }
  await show('ready');
  await page.focus('button[data-act=skip]');
  await page.keyboard.press('Enter');
  await page.uncheck('input[data-choice=automatic]');
  await page.selectOption('select[data-choice]', 'beta');
  assert.deepEqual(await page.evaluate(() => /** @type {any} */ (window).told.acts), [['skip', undefined], ['automatic', 'no'], ['channel', 'beta']]);
});

test('what a restart would interrupt is listed', { skip }, async () => {
  const { page } = pages.ready;
  await page.route('**/desktop/update/', (route) => route.fulfill({ json: { running: [
    { title: 'Yearly report', since: null, share: 0.4, resumable: true }, { title: 'send letters', since: null, share: null, resumable: false },
  ], waiting: 0 } }));
  await show('ready');
  await page.waitForSelector('[data-work] li');
  assert.deepEqual(await page.$$eval('[data-work] li', (all) => all.map((one) => one.textContent)), ['Yearly report: continues afterwards', 'send letters: stops']);
  assert.ok(await page.isVisible('text=The restart interrupts what is running now'));
  await page.unroute('**/desktop/update/');
});

test('what is said of the last check agrees with its date', { skip }, async () => {
  const { page } = pages.ready;
  const status = async (/** @type {string} */ name) => {
    await show(name);
    return [await page.isVisible('dd[data-show=checked]'), (await page.locator('[data-status]').innerText()).trim()];
  };
  assert.deepEqual(await status('asked'), [false, 'The app has not checked for updates yet.']);
  assert.deepEqual(await status('the next day'), [true, 'There is no update to install.']);
});

test('in the window nobody is sent to the window', { skip }, async () => {
  await show('up to date');
  assert.equal(await pages.ready.page.isVisible('[data-no-window]'), false);
});

test('progress is said in steps, the sentence once, and the focus stays when a button goes', { skip }, async () => {
  const { page } = pages.ready;
  await show('downloading');
  const tell = (/** @type {object} */ state) => page.evaluate((one) => /** @type {any} */ (window).told.listeners.forEach((/** @type {Function} */ call) => call(one)), { ...PLAIN, ...state });
  await page.evaluate(() => {
    const said = /** @type {string[]} */ ([]);
    Object.assign(window, { said });
    for (const region of document.querySelectorAll('main [role=status]')) new MutationObserver(() => said.push(String(region.textContent).trim())).observe(region, { childList: true, subtree: true, characterData: true });
  });
  for (let percent = 37; percent <= 100; percent += 1) await tell({ ...STATES.downloading, progress: { done: percent, total: 100, perSecond: 1 } });
  assert.deepEqual(await page.evaluate(() => /** @type {any} */ (window).said), ['40 % done', '50 % done', '60 % done', '70 % done', '80 % done', '90 % done', '100 % done']);
  assert.equal(await page.$eval('progress', (bar) => bar.value), 100);
  await page.focus('button[data-act=cancel]');
  await page.keyboard.press('Enter');
  await tell(STATES.offered);
  await page.waitForFunction(() => document.activeElement?.matches('[data-status]'));
});

test('notes are text, whatever is in them', { skip }, async () => {
  const { page } = pages.ready;
  await show('offered');
  assert.equal(await page.$$eval('[data-notes] *', (all) => all.length), 0);
  assert.match(await page.textContent('[data-notes]') || '', /<img src=x/);
});

test('in German', { skip }, async () => {
  const { app, browser } = pages;
  if (!app || !browser) throw new Error('not started');
  const context = await browser.newContext({ locale: 'de-DE', viewport: { width: 320, height: 700 } });
  const page = await context.newPage();
  await page.goto(await app.enter());
  await page.goto(new URL('/desktop/updates/', page.url()).href);
  assert.equal(await page.textContent('h1'), 'Updates');
  assert.ok(await page.isVisible('text=Updates werden im Fenster der App gesucht'), 'in a browser it says where updates are');
  assert.ok(await page.isVisible('text=Diese App wurde noch nicht aktualisiert.'));
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= 320));
  await context.close();
});
