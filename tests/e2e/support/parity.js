/** The parity app twice: an ordinary `manage.py runserver` in Chromium, and the app in its window. */
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';

import { chromium } from 'playwright-core';

import { alive, atEnd, temporary, until } from '../../electron/fixtures/harness.js';
import { appShown, openShell } from '../window.js';
import { cancelPrint } from './window-steps.js';
import { appFile, chromium as browserProgram, PYTHON, ROOT } from './app.js';

const SOURCE = path.join(ROOT, 'tests', 'apps', 'parity');
const WHO = { DJANGO_SUPERUSER_PASSWORD: 'secret word', DJANGO_SUPERUSER_USERNAME: 'ann', DJANGO_SUPERUSER_EMAIL: 'ann@example.org' };
export const LOGIN = { username: WHO.DJANGO_SUPERUSER_USERNAME, password: WHO.DJANGO_SUPERUSER_PASSWORD };

/**
 * @typedef {import('playwright-core').Page} Page
 *
 * @typedef {object} Site one of the two variants
 * @property {Page} page
 * @property {string} origin
 * @property {(act: () => Promise<unknown>) => Promise<Page>} opens the window or tab opened by an action
 * @property {() => Promise<number>} windows
 * @property {(act: () => Promise<unknown>) => Promise<{name: string, text: string}>} saves the file saved by an action
 * @property {(act: () => Promise<unknown>, answer: string | null) => Promise<unknown>} prompted the result of a prompt()
 * @property {() => Promise<unknown>} endsPrint cancels the system's dialog, if there is one
 * @property {() => Promise<Buffer>} paper the page as a PDF
 * @property {() => Promise<string[]>} outside URLs opened in the user's browser
 */

/**
 * A copy of the app in its own folder.
 * @param {import('node:test').TestContext} t
 * @param {Record<string, string>} [table] keys of [tool.djdesk…] with TOML values, such as `pages.csp`
 */
export function copyOfApp(t, table = {}) {
  const folder = path.join(temporary(t), 'parity');
  fs.cpSync(SOURCE, folder, { recursive: true, filter: (name) => !/(\.sqlite3|\.djdesk|__pycache__)/.test(name) });
  const file = path.join(folder, 'pyproject.toml');
  /** @type {Record<string, string>} */
  const tables = {};
  for (const [key, value] of Object.entries(table)) {
    const [name, one] = key.split('.');
    tables[name] = `${tables[name] || `\n[tool.djdesk.${name}]\n`}${one} = ${value}\n`;
  }
  fs.appendFileSync(file, Object.values(tables).join(''));
  return folder;
}

/** @param {string} folder @param {string[]} words @param {NodeJS.ProcessEnv} [env] */
const manage = (folder, words, env = {}) => execFileSync(PYTHON, ['manage.py', ...words], { cwd: folder, env: { ...process.env, ...WHO, ...env }, stdio: ['ignore', 'ignore', 'inherit'] });

/** What a user would have entered. */
const FILL = "from features.models import Author, Work; a = Author.objects.create(name='Ursula'); Work.objects.create(title='The Dispossessed', author=a)";

/** @param {import('node:test').TestContext} t @returns {Promise<Site>} */
export async function inChromium(t) {
  const folder = copyOfApp(t);
  manage(folder, ['migrate', '-v0']);
  manage(folder, ['createsuperuser', '--noinput', '-v0']);
  manage(folder, ['shell', '-v0', '-c', FILL]);
  const port = await freePort();
  const server = spawn(PYTHON, ['manage.py', 'runserver', '--noreload', `127.0.0.1:${port}`], { cwd: folder, stdio: 'ignore' });
  const ended = new Promise((resolve) => { server.once('exit', resolve); });
  atEnd(t, async () => {
    if (alive(Number(server.pid))) server.kill('SIGKILL');
    await ended;
  });
  const origin = `http://127.0.0.1:${port}`;
  await until(() => fetch(`${origin}/features/`).then((answer) => answer.ok, () => false), { what: 'runserver' });
  const browser = await chromium.launch({
    executablePath: browserProgram(),
    // Printing in headless mode: the system's dialog, which does not exist, instead of Chromium's preview.
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-print-preview'],
  });
  atEnd(t, () => browser.close());
  const context = await browser.newContext({ acceptDownloads: true });
  const page = await context.newPage();
  page.setDefaultTimeout(15000);
  await page.goto(`${origin}/features/`);
  return {
    page,
    origin,
    opens: async (act) => (await Promise.all([context.waitForEvent('page'), act()]))[0],
    windows: async () => context.pages().length,
    saves: async (act) => {
      const waiting = [...context.pages().map((one) => one.waitForEvent('download')), context.waitForEvent('page').then((one) => one.waitForEvent('download'))];
      waiting.forEach((one) => one.catch(() => {}));
      const [download] = await Promise.all([Promise.any(waiting), act()]);
      return { name: download.suggestedFilename(), text: fs.readFileSync(await download.path(), 'latin1') };
    },
    prompted: async (act, answer) => {
      page.once('dialog', (dialog) => (answer === null ? dialog.dismiss() : dialog.accept(answer)));
      return act();
    },
    endsPrint: async () => {},
    paper: () => page.pdf(),
    outside: async () => [],
  };
}

/**
 * @param {import('node:test').TestContext} t
 * @param {Record<string, string>} table
 * @param {string} [urls] more lines of the app's urls.py
 * @returns {Promise<Site & {running: import('../window.js').Running}>}
 */
export async function inWindow(t, table, urls = '') {
  const folder = copyOfApp(t, table);
  fs.appendFileSync(path.join(folder, 'features', 'urls.py'), urls);
  const dataDir = path.join(folder, '..', 'data é');
  const env = { DJANGO_SETTINGS_MODULE: 'djdesk.overlay.settings', DJDESK_APP: folder, DJDESK_DATA_DIR: dataDir };
  manage(folder, ['collectstatic', '--noinput', '-v0'], env);
  manage(folder, ['migrate', '-v0'], env);
  manage(folder, ['createsuperuser', '--noinput', '-v0'], env);
  manage(folder, ['shell', '-v0', '-c', FILL], env);
  const running = await openShell(t, { dataDir, appFile: appFile(folder), python: PYTHON });
  await appShown(running);
  const { app, page } = running;
  const { origin } = new URL(page.url());
  await app.evaluate(({ shell }) => {
    Object.assign(globalThis, { opened: [] });
    shell.openExternal = async (url) => { /** @type {any} */ (globalThis).opened.push(url); };
  });
  await page.goto(`${origin}/features/`);
  const pages = () => app.windows().filter((one) => !one.url().startsWith('app:'));
  return {
    running,
    page,
    origin,
    opens: async (act) => {
      const before = new Set(app.windows());
      await act();
      return until(() => pages().find((one) => !before.has(one)), { what: () => `a window; log:\n${running.log()}` });
    },
    windows: () => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length),
    saves: async (act) => {
      const place = fs.mkdtempSync(path.join(folder, 'saved-'));
      await app.evaluate(({ BrowserWindow }, dir) => {
        const { session } = BrowserWindow.getAllWindows()[0].webContents;
        session.once('will-download', (_event, item) => {
          item.setSavePath(`${dir}/${item.getFilename()}`);
          item.once('done', () => { Object.assign(globalThis, { saved: item.getFilename() }); });
        });
        Object.assign(globalThis, { saved: '' });
      }, place);
      await act();
      const name = await until(() => app.evaluate(() => /** @type {any} */ (globalThis).saved), { what: () => `a file; log:\n${running.log()}` });
      return { name, text: fs.readFileSync(path.join(place, name), 'latin1') };
    },
    prompted: async (act, answer) => {
      const asked = act();
      const dialog = await until(() => app.windows().find((one) => one.url().startsWith('app://shell/prompt.html')), { what: 'the question' });
      if (answer === null) await dialog.click('#cancel').catch(() => {});
      else {
        await dialog.fill('#value', answer);
        await dialog.click('#ok').catch(() => {});
      }
      return asked;
    },
    endsPrint: () => cancelPrint(running),
    paper: async () => Buffer.from(await (await app.browserWindow(page)).evaluate(async ({ webContents }) => (await webContents.printToPDF({})).toString('base64')), 'base64'),
    outside: () => app.evaluate(() => /** @type {any} */ (globalThis).opened),
  };
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
      server.close(() => resolve(port));
    });
  });
}
