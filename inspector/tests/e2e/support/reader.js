/** A user of a screen reader: keys and the accessibility tree, without selectors or pointer. */
import assert from 'node:assert/strict';

/**
 * @typedef {import('playwright-core').Page} Page @typedef {import('playwright-core').CDPSession} Session
 * @typedef {{role: string, name: string, checked: string, expanded: boolean|null}} Node_
 */

const TIMEOUT = 40000; // ms

export class Reader {
  /** @param {Page} page @param {Session} session */
  constructor(page, session) {
    this.page = page;
    this.session = session;
  }

  /** @param {Page} page */
  static async of(page) {
    const session = await page.context().newCDPSession(page);
    await session.send('Accessibility.enable');
    return new Reader(page, session);
  }

  /** @param {any} node of the tree @returns {Node_} */
  static plain(node) {
    const property = (/** @type {string} */ name) => node?.properties?.find((/** @type {any} */ one) => one.name === name)?.value?.value;
    return { role: node?.role?.value || '', name: node?.name?.value || '', checked: String(property('checked') ?? ''), expanded: property('expanded') ?? null };
  }

  /** The focused element, as it is read out. @returns {Promise<Node_>} */
  async focused() {
    const { result } = await this.session.send('Runtime.evaluate', { expression: 'document.activeElement' });
    const { nodes } = await this.session.send('Accessibility.getPartialAXTree', { objectId: result.objectId, fetchRelatives: false });
    return Reader.plain(nodes[0]);
  }

  /**
   * Press Tab until an element with this role and name has focus.
   * @param {string} role @param {RegExp} name @param {{most?: number, back?: boolean}} [how] `most`: maximum number of steps
   */
  async tabTo(role, name, { most = 60, back = false } = {}) {
    const passed = [];
    for (let step = 0; step <= most; step += 1) {
      const now = await this.focused();
      if (now.role === role && name.test(now.name)) return now;
      passed.push(`${now.role} “${now.name}”`);
      await this.page.keyboard.press(back ? 'Shift+Tab' : 'Tab');
    }
    return assert.fail(`${role} ${name} is not within ${most} steps: ${passed.slice(-25).join(', ')}`);
  }

  /** Wait until an element with this role and name has focus. @param {string} role @param {RegExp} name */
  async isAt(role, name) {
    const until = Date.now() + TIMEOUT;
    for (;;) {
      const now = await this.focused().catch(() => Reader.plain(null));
      if (now.role === role && name.test(now.name)) return now;
      if (Date.now() > until) return assert.fail(`the focus is at ${now.role} “${now.name}”, not at ${role} ${name}`);
      await this.frame();
    }
  }

  /** Wait for the next frame of the current page. */
  frame() {
    return this.page.evaluate(() => new Promise((resolve) => { requestAnimationFrame(() => resolve(undefined)); })).catch(() => {});
  }

  /** @param {...string} keys */
  async press(...keys) {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  /** @param {string} text */
  async type(text) {
    await this.page.keyboard.type(text);
  }

  /** All reachable nodes of the tree. @returns {Promise<Node_[]>} */
  async tree() {
    const { nodes } = await this.session.send('Accessibility.getFullAXTree');
    return nodes.filter((node) => !node.ignored).map(Reader.plain);
  }

  /** Wait until the tree has a node with this role and name. @param {string} role @param {RegExp} name */
  async meets(role, name) {
    const until = Date.now() + TIMEOUT;
    for (;;) {
      // A page that is being left has no tree.
      const tree = await this.tree().catch(() => []);
      const found = tree.find((node) => node.role === role && name.test(node.name));
      if (found) return found;
      if (Date.now() > until) return assert.fail(`no ${role} ${name} among ${tree.filter((node) => node.role === role).map((node) => node.name).slice(0, 30).join(', ')}`);
      await this.frame();
    }
  }

  /** Wait for an announcement; call `listen` on the page first. @param {RegExp} text */
  async hears(text) {
    await this.page.waitForFunction((source) => /** @type {any} */ (window).heard.some((/** @type {string} */ one) => new RegExp(source).test(one)), text.source, { timeout: TIMEOUT });
  }

  /** Record announcements of this page's live regions from now on. */
  async listen() {
    await this.page.evaluate(() => {
      /** @type {string[]} */
      const heard = /** @type {any} */ (window).heard = [];
      new MutationObserver((records) => records.forEach(({ target }) => {
        const region = (target instanceof Element ? target : target.parentElement)?.closest('[aria-live], [role=status], [role=alert]');
        if (region?.textContent?.trim()) heard.push(region.textContent.trim());
      })).observe(document.body, { childList: true, characterData: true, subtree: true });
    });
  }
}
