/** What the page tests of several files share: a browser that is let in, and steps through the app. */
import assert from 'node:assert/strict';
import { readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

import { chromium, PYTHON, startApp } from '../../../../tests/e2e/support/app.js';
import { makeProject } from './project.js';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** One app, one browser, and what its pages complained about. */
export class Pages {
  /** @type {string[]} */
  complaints = [];
  /** @type {string[]} */
  projects = [];

  /** @param {string[]} [switches] further switches of the browser */
  async start(switches = []) {
    const { chromium: launcher } = await import('playwright-core');
    this.app = await startApp();
    this.browser = await launcher.launch({
      executablePath: chromium(),
      args: ['--no-sandbox', '--disable-background-networking', ...switches],
    });
    this.page = await this.newPage();
    return this;
  }

  async stop() {
    if (this.browser) await this.browser.close();
    if (this.app) await this.app.stop();
    for (const folder of this.projects) rmSync(folder, { recursive: true, force: true });
  }

  /** @param {Parameters<typeof makeProject>[0]} [options] */
  project(options) {
    const root = makeProject(options);
    this.projects.push(path.dirname(root));
    return root;
  }

  /** A page that has been let in and whose complaints are collected. */
  async newPage() {
    if (!this.browser || !this.app) throw new Error('not started');
    const context = await this.browser.newContext({ viewport: { width: 1280, height: 800 } });
    const fresh = await context.newPage();
    fresh.setDefaultTimeout(30000);
    fresh.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) this.complaints.push(`${fresh.url()} ${message.text()}`);
    });
    fresh.on('pageerror', (error) => this.complaints.push(`${fresh.url()} ${error.message}`));
    await fresh.goto(await this.app.enter());
    return fresh;
  }

  get ready() {
    if (!this.page || !this.app) throw new Error('not started');
    return { page: this.page, app: this.app };
  }

  /** Open a folder and wait for its static scan. @param {string} folder @returns {Promise<string>} its address */
  async open(folder) {
    const { page, app } = this.ready;
    await page.goto(`${app.origin}/`);
    await page.fill('#id_path', folder);
    await page.click('.open-form button[type=submit]');
    await page.waitForURL('**/workspaces/*/');
    await this.outcome('complete');
    return page.url();
  }

  /** Trust the open folder. @param {string} word how the live scan should end */
  async trust(word = 'complete') {
    const { page } = this.ready;
    await page.fill('#python-path', PYTHON);
    await page.click('button[name=run]');
    await this.outcome(word);
  }

  /** @param {string} word the outcome that the title bar should come to show, without a reload */
  async outcome(word) {
    await this.ready.page.waitForSelector(`.scan-state .outcome.${word}`, { timeout: 40000 });
  }

  /**
   * Axe on the page as it is, in light and dark.
   * @param {string} name for the message
   */
  async axe(name) {
    const { page } = this.ready;
    const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
    /** @type {string[]} */
    const found = [];
    for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
      await page.emulateMedia({ colorScheme });
      // Through the debugger, which the page's content security policy does not hold up.
      await page.evaluate(axe);
      const result = await page.evaluate(
        (values) => /** @type {any} */ (window).axe.run(document, { runOnly: values }),
        RULES,
      );
      for (const violation of result.violations) {
        found.push(`${name} ${colorScheme}: ${violation.id} ${violation.nodes[0].html.slice(0, 160)}`);
      }
    }
    await page.emulateMedia({ colorScheme: 'light' });
    assert.deepEqual(found, []);
  }
}
