/** Shared by page tests: the app, and a logged-in browser. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { chromium, startApp } from './app.js';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** One app, one browser, and the errors of its pages. */
export class Pages {
  /** @type {string[]} */
  complaints = [];

  /** @param {string[]} [switches] further switches of the browser @param {string} [folder] of the app */
  async start(switches = [], folder = undefined) {
    const { chromium: launcher } = await import('playwright-core');
    this.app = await startApp(folder);
    this.browser = await launcher.launch({
      executablePath: chromium(),
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', ...switches],
    });
    this.page = await this.newPage();
    return this;
  }

  async stop() {
    if (this.browser) await this.browser.close();
    if (this.app) await this.app.stop();
  }

  /** A logged-in page whose errors are collected. */
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

  /**
   * Run axe on the page in light and dark.
   * @param {string} name for the message
   */
  async axe(name) {
    const { page } = this.ready;
    const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
    /** @type {string[]} */
    const found = [];
    for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
      await page.emulateMedia({ colorScheme });
      // Through the debugger, which the page's content security policy does not block.
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
