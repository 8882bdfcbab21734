/** A project that does not load, and fixing it, in a real browser. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';

import { missing } from '../../../tests/e2e/support/app.js';
import { Pages } from './support/pages.js';
import { write } from './support/project.js';

describe('a project that does not load', { skip: missing() || false }, () => {
  const pages = new Pages();
  before(() => pages.start());
  after(() => pages.stop());

  test('says why, and loads with the values it asks for; the secret is not kept', async () => {
    const root = pages.project({ name: 'broken' });
    const settings = path.join(root, 'config/settings.py');
    const more = `
import os
from django.core.exceptions import ImproperlyConfigured
if os.environ.get("SHOP_REGION") != "eu" or os.environ.get("SHOP_DB_PASSWORD") != "horse":
    raise ImproperlyConfigured("SHOP_REGION and SHOP_DB_PASSWORD are wrong")
`;
    write(root, 'config/settings.py', readFileSync(settings, 'utf8') + more);
    const { page } = pages.ready;
    await pages.open(root);
    await pages.trust('partial');
    await page.waitForSelector('#not-loaded');
    assert.match((await page.textContent('#not-loaded')) || '', /config\/settings\.py:\d+/);
    await pages.axe('not loaded');
    if (await page.isHidden('#value-SHOP_REGION')) await page.click('#other-values > summary');
    assert.equal(await page.getAttribute('#value-SHOP_DB_PASSWORD', 'type'), 'password');
    await page.fill('#value-SHOP_REGION', 'eu');
    await page.fill('#value-SHOP_DB_PASSWORD', 'horse');
    await page.click('.values-form button >> visible=true');
    await pages.outcome('complete');
    await page.waitForSelector('#repairs:has-text("not stored")');
    assert.match((await page.textContent('#content')) || '', /You gave SHOP_DB_PASSWORD, SHOP_REGION/);
    assert.equal((await page.content()).includes('horse'), false);
    // Scanned without it, the project fails again and the page asks again.
    await page.click('.scan-state button:has-text("Scan again")');
    await pages.outcome('partial');
    await page.waitForSelector('#not-loaded');
    assert.equal(await page.inputValue('#value-SHOP_DB_PASSWORD'), '');
    assert.equal(await page.inputValue('#value-SHOP_REGION'), 'eu');
  });

  test('nothing complained', () => assert.deepEqual(pages.complaints, []));
});
