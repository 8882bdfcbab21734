import { spawnSync } from 'node:child_process';
import test from 'node:test';

import { alive, until } from '../../electron/fixtures/harness.js';
import { usersOf } from '../../electron/fixtures/processes.js';
import { appShown, missing, openShell } from '../window.js';

/** Why a long test is skipped in `npm test`; false if it should run. */
export const long = process.env.DJDESK_TEST_LONG ? false : 'takes long; .ci/run has it, or DJDESK_TEST_LONG=1';

/** Why there are no windows here, or null. */
export const skip = missing();

/** One skip line for all of them if windows are unavailable. */
export const windowTest = /** @type {typeof test} */ (skip ? () => Promise.resolve() : test);

/**
 * A window that shows a running app.
 * @param {import('node:test').TestContext} t
 * @param {Parameters<typeof openShell>[1]} [options]
 */
export async function shown(t, options) {
  const running = await openShell(t, options);
  await appShown(running);
  return running;
}

/** @param {import('../window.js').Running} running */
export async function close({ app, pid, dataDir }) {
  const browser = app.process();
  const gone = new Promise((resolve) => { browser.once('exit', resolve); });
  if (alive(pid)) await app.evaluate(({ app: electron }) => electron.quit()).catch(() => {});
  await gone;
  // Now its folder can be inspected or reused.
  await until(() => !usersOf(dataDir).length, { what: 'the end of Chromium\'s own processes' });
}

/**
 * The shell page on the screen.
 * @param {import('../window.js').Running} running @param {string | RegExp} name
 */
export const shellPage = ({ app, log }, name) => until(
  () => app.windows().find((page) => (typeof name === 'string' ? page.url() === `app://shell/${name}` : name.test(page.url()))),
  { limitMs: 15000, what: () => `${name}; log:\n${log()}` },
);

/**
 * Click an item of the application menu. @param {import('../window.js').Running} running @param {string} id
 */
export const menu = ({ app }, id) => app.evaluate(({ Menu }, wanted) => {
  const item = Menu.getApplicationMenu()?.getMenuItemById(wanted);
  if (!item) throw new Error(`no menu item ${wanted}`);
  item.click();
}, id);

/** @param {import('../window.js').Running} running @param {...string} words for xdotool */
const xdotool = ({ display }, ...words) => spawnSync('xdotool', words, { env: { ...process.env, DISPLAY: display }, encoding: 'utf8' }).stdout.trim();

/**
 * Native windows of the app on the screen, including system dialogs.
 * @param {import('../window.js').Running} running
 */
export const onScreen = (running) => xdotool(running, 'search', '--onlyvisible', '--pid', String(running.pid)).split('\n').filter(Boolean);

/** @param {import('../window.js').Running} running @param {string} nativeWindow */
export const escape = (running, nativeWindow) => xdotool(running, 'windowfocus', '--sync', nativeWindow, 'key', 'Escape');

/**
 * Waits for the system's print dialog and cancels it.
 * @param {import('../window.js').Running} running
 */
export async function cancelPrint(running) {
  const dialog = await until(() => onScreen(running).find((one) => /print/i.test(xdotool(running, 'getwindowname', one))), { what: 'the dialog' });
  escape(running, dialog);
}

/**
 * Record what would be handed to the system, without doing it.
 * @param {import('../window.js').Running} running
 */
export const watchExternal = ({ app }) => app.evaluate(({ shell }) => {
  const opened = /** @type {string[]} */ ([]);
  Object.assign(globalThis, { opened });
  shell.openExternal = async (url) => { opened.push(url); };
  shell.openPath = async (folder) => { opened.push(folder); return ''; };
  shell.showItemInFolder = (file) => { opened.push(file); };
});
/** @param {import('../window.js').Running} running @returns {Promise<string[]>} */
export const opened = ({ app }) => app.evaluate(() => /** @type {any} */ (globalThis).opened);

/**
 * Shorten long timeouts of the main process from now on. @param {import('../window.js').Running} running
 * @param {Record<number, number>} waits from the product's value to the new one, in milliseconds
 */
export const shorten = ({ app }, waits) => app.evaluate((_electron, table) => {
  const real = globalThis.setTimeout;
  const short = (/** @type {any} */ act, /** @type {number} */ ms, /** @type {any[]} */ ...rest) => real(act, table[ms] || ms, ...rest);
  globalThis.setTimeout = /** @type {any} */ (short);
}, waits);
