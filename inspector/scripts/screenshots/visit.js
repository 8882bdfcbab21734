/** A browser with access to the real app. */
import { INSPECTOR } from '../../tests/e2e/support/pages.js';
import path from 'node:path';

import { chromium, startApp } from '../../../tests/e2e/support/app.js';

export class Visit {
  /** @param {string} language of the browser */
  constructor(language) {
    this.language = language;
  }

  async start() {
    const { chromium: launcher } = await import('playwright-core');
    this.app = await startApp(INSPECTOR);
    this.browser = await launcher.launch({ executablePath: chromium(), args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'] });
    const context = await this.browser.newContext({ locale: this.language });
    this.open_ = await context.newPage();
    this.open_.setDefaultTimeout(60000);
    await this.page.goto(await this.app.enter());
    return this;
  }

  async stop() {
    if (this.browser) await this.browser.close();
    if (this.app) await this.app.stop();
  }

  get page() {
    if (!this.open_) throw new Error('not started');
    return this.open_;
  }

  get origin() {
    if (!this.app) throw new Error('not started');
    return this.app.origin;
  }

  /**
   * Open a project, trust it, wait for both scans.
   * @param {import('./projects.js').Project} project
   * @returns {Promise<string>} the path of its overview
   */
  async open(project) {
    const { page } = this;
    await page.goto(`${this.origin}/`);
    await page.fill('#id_path', project.root);
    await page.click('.open-form button[type=submit]');
    await page.waitForURL('**/projects/*/');
    await page.waitForSelector('.scan-state .outcome.complete');
    await page.evaluate(() => document.querySelector('#trust-choice')?.setAttribute('open', ''));
    await page.check(`input[name=python][value="${path.join(project.root, '.venv', 'bin', 'python')}"]`);
    await page.click('#trust-choice button[name=run]');
    await page.waitForSelector('.scan-state .stage');
    await page.waitForSelector('.scan-state .outcome');
    return new URL(page.url()).pathname;
  }
}
