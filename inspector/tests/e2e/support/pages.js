/** Steps through the inspector, shared by page tests. */
import { rmSync } from 'node:fs';
import path from 'node:path';

import { PYTHON, ROOT } from '../../../../tests/e2e/support/app.js';
import { Pages as AppPages } from '../../../../tests/e2e/support/pages.js';
import { makeProject } from './project.js';

export const INSPECTOR = path.join(ROOT, 'inspector');

/** One app and one browser, the console messages of its pages, and test projects. */
export class Pages extends AppPages {
  /** @type {string[]} */
  projects = [];

  /** @param {string[]} [switches] additional browser switches */
  async start(switches = []) {
    return super.start(switches, INSPECTOR);
  }

  async stop() {
    await super.stop();
    for (const folder of this.projects) rmSync(folder, { recursive: true, force: true });
  }

  /** @param {Parameters<typeof makeProject>[0]} [options] */
  project(options) {
    const root = makeProject(options);
    this.projects.push(path.dirname(root));
    return root;
  }

  /** Open a folder and wait for its static scan. @param {string} folder @returns {Promise<string>} its address */
  async open(folder) {
    const { page, app } = this.ready;
    await page.goto(`${app.origin}/`);
    await page.fill('#id_path', folder);
    await page.click('.open-form button[type=submit]');
    await page.waitForURL('**/projects/*/');
    await this.outcome('complete');
    return page.url();
  }

  /** Trust the open folder. @param {string} word how the live scan should end */
  async trust(word = 'complete') {
    const { page } = this.ready;
    await page.evaluate(() => document.querySelector('#trust-choice')?.setAttribute('open', ''));
    await page.fill('#python-path', PYTHON);
    await page.click('#trust-choice button[name=run]');
    await this.outcome(word);
  }

  /** @param {string} word outcome that the title bar must show without a reload */
  async outcome(word) {
    await this.ready.page.waitForSelector(`.scan-state .outcome.${word}`, { timeout: 40000 });
  }
}
