/** The browser shell's login in a real browser: a page that is opened as a file. */
import assert from 'node:assert/strict';
import { copyFileSync, existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { after, before, describe, test } from 'node:test';

import { missing } from './support/app.js';
import { Pages } from './support/pages.js';

describe('the page that lets a browser in', { skip: missing() || false }, () => {
  const pages = new Pages();
  before(() => pages.start());
  after(() => pages.stop());

  test('leads to the app, is gone then, and what kept a copy of it shuts that browser out', async () => {
    const { app } = pages.ready;
    if (!pages.browser) throw new Error('not started');
    const file = await app.enterPage();
    const copy = path.join(app.dataDir, 'copy.html');
    copyFileSync(file, copy);

    const user = await (await pages.browser.newContext()).newPage();
    await user.goto(pathToFileURL(file).href);
    await user.waitForURL(`${app.origin}/`);
    await user.waitForSelector('h1');
    assert.ok(!existsSync(file));
    const entries = await user.evaluate(() => history.length);
    assert.ok(entries <= 2, `nothing to go back to that would post again: ${entries}`);
    await user.reload();
    assert.equal(new URL(user.url()).pathname, '/');

    const thief = await (await pages.browser.newContext()).newPage();
    await thief.goto(pathToFileURL(copy).href);
    await thief.waitForURL('**/desktop/enter/');
    assert.match(await thief.locator('body').innerText(), /is now signed out/);
    assert.equal((await thief.goto(`${app.origin}/`))?.status(), 403);

    const shut = await user.reload();
    assert.equal(shut?.status(), 403);
    assert.match(await user.locator('body').innerText(), /opened a second time[^]*press Enter in the terminal/);
    await user.goto(await app.enter());
    await user.waitForSelector('h1');
  });
});
