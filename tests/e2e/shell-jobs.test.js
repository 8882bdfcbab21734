/** How a window shows jobs that take hours: progress, the end, and the question before quitting. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after } from 'node:test';

import { alive, temporary, until } from '../electron/fixtures/harness.js';
import { menu, shown, windowTest } from './support/window-steps.js';
import { endDisplay } from './window.js';

after(endDisplay);

/** @typedef {import('./window.js').Running} Running */

/** Record what the window shows about jobs, and answer its question. @param {Running} running */
const watch = ({ app }) => app.evaluate(({ BrowserWindow, dialog }) => {
  const seen = { bars: /** @type {number[]} */ ([]), asked: /** @type {any[]} */ ([]), answer: 'Cancel' };
  Object.assign(globalThis, { seen });
  BrowserWindow.getAllWindows()[0].setProgressBar = (share) => { seen.bars.push(share); };
  dialog.showMessageBox = /** @type {any} */ (async (/** @type {any[]} */ ...args) => {
    const options = args[args.length - 1];
    seen.asked.push(options);
    return { response: options.buttons.indexOf(seen.answer) };
  });
});
/** @param {Running} running @returns {Promise<{bars: number[], asked: {message: string, detail: string, buttons: string[], cancelId: number}[]}>} */
const seen = ({ app }) => app.evaluate(() => /** @type {any} */ (globalThis).seen);
/** @param {Running} running @param {string} label */
const answer = ({ app }, label) => app.evaluate((_electron, wanted) => { /** @type {any} */ (globalThis).seen.answer = wanted; }, label);
/** @param {Running} running */
const isVisible = ({ app }) => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0].isVisible());
/** The window's close button. @param {Running} running */
const closeWindow = ({ app }) => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0].close());
/** @param {Running} running @param {number} times */
const askedTimes = (running, times) => until(async () => (await seen(running)).asked.length === times, { what: `question ${times}` });

/**
 * Fakes the answer of a desktop's session bus about its tray. @param {import('node:test').TestContext} t
 * @param {'b true' | 'b false'} answer
 * @returns {Record<string, string>} the environment to use
 */
function desktop(t, answer) {
  const folder = temporary(t);
  fs.writeFileSync(path.join(folder, 'busctl'), `#!/bin/sh\necho "${answer}"\n`, { mode: 0o755 });
  return { PATH: `${folder}:${process.env.PATH}` };
}

/**
 * Records the tray icon's menu, the only one that begins with the number of running jobs.
 * @param {Running} running
 */
const watchTray = ({ app }) => app.evaluate(({ Menu }) => {
  const icon = { labels: /** @type {string[]} */ ([]), menu: /** @type {Electron.Menu | null} */ (null), times: 0 };
  Object.assign(globalThis, { icon });
  const build = Menu.buildFromTemplate;
  Menu.buildFromTemplate = (template) => {
    const menu = build(template);
    const labels = menu.items.map(({ label }) => label).filter(Boolean);
    if (/ running/.test(labels[0])) Object.assign(icon, { labels, menu, times: icon.times + 1 });
    return menu;
  };
});
/** @param {Running} running @returns {Promise<{labels: string[], times: number}>} */
const icon = ({ app }) => app.evaluate(() => {
  const { labels, times } = /** @type {any} */ (globalThis).icon;
  return { labels, times };
});

windowTest('jobs and the window', async (t) => {
  const running = await shown(t, { env: desktop(t, 'b true') });
  const { app, fake, pid } = running;
  await until(() => fake.starts('worker').length === 1);
  await watch(running);
  await watchTray(running);
  /** @param {object} values */
  const jobs = (values) => fake.say('worker', { event: 'jobs', running: 1, waiting: 0, share: null, lost: 0, names: [{ title: 'Counting & more', path: '/books/' }], ...values });

  await t.test('the progress bar follows, and goes', async () => {
    for (const [values, bar] of /** @type {[object, number][]} */ ([[{}, 2], [{ share: 0.25 }, 0.25], [{ running: 0 }, -1]])) {
      jobs(values);
      await until(async () => (await seen(running)).bars.at(-1) === bar);
    }
  });

  await t.test('closing the window with a job asks, and Cancel changes nothing', async () => {
    jobs({ share: 0.5 });
    await until(async () => (await seen(running)).bars.at(-1) === 0.5);
    await closeWindow(running);
    await askedTimes(running, 1);
    const [{ message, detail, buttons, cancelId }] = (await seen(running)).asked;
    assert.equal(message, 'A job is running');
    assert.match(detail, /One resumes from its last checkpoint at the next start\./);
    assert.deepEqual(buttons, ['Keep Running in the Tray', 'Stop and Resume Next Time', 'Cancel']);
    assert.equal(buttons[cancelId], 'Cancel');
    assert.equal(await isVisible(running), true);
  });

  await t.test('what would be lost is said', async () => {
    jobs({ running: 3, lost: 2, share: 0.6 });
    await until(async () => (await seen(running)).bars.at(-1) === 0.6);
    await closeWindow(running);
    await askedTimes(running, 2);
    const { message, detail, buttons } = (await seen(running)).asked[1];
    assert.equal(message, '3 jobs are running');
    assert.match(detail, /2 cannot be resumed: what they have done so far is lost\./);
    assert.equal(buttons[1], 'Stop and Quit');
  });

  await t.test('in the tray they go on without the window, which comes back', async () => {
    await answer(running, 'Keep Running in the Tray');
    await closeWindow(running);
    await until(async () => !(await isVisible(running)));
    assert.equal(alive(pid), true);
    assert.equal(fake.starts('worker').length, 1, 'the worker goes on');
    assert.deepEqual((await icon(running)).labels, ['3 jobs are running', 'Show or Stop “Counting && more”…', 'Open Bücher && Regale', 'Quit Bücher && Regale']);
    jobs({ running: 0, names: [] });
    await until(async () => (await icon(running)).labels[0] === 'No job is running any more');
    assert.deepEqual((await icon(running)).labels, ['No job is running any more', 'Open Bücher && Regale', 'Quit Bücher && Regale']);
    jobs({ share: 0.6 });
    await until(async () => (await icon(running)).labels.length === 4);
    const { times } = await icon(running);
    jobs({ share: 0.7 });
    await until(async () => (await seen(running)).bars.at(-1) === 0.7);
    assert.equal((await icon(running)).times, times, 'a menu that may be open is not replaced');
    // Starting the app again shows it; a click on the icon does the same.
    await app.evaluate(({ app: electron }) => { electron.emit('second-instance', {}, []); });
    await until(() => isVisible(running));
    jobs({ running: 2, share: 0.8 });
    await until(async () => (await seen(running)).bars.at(-1) === 0.8);
    assert.equal((await icon(running)).times, times, 'there is no icon beside the window');
    await closeWindow(running);
    await until(async () => !(await isVisible(running)));
    // The job's own entry opens its page.
    await app.evaluate(() => /** @type {any} */ (globalThis).icon.menu.items[1].click());
    await until(() => isVisible(running));
    await until(() => new URL(running.page.url()).pathname === '/books/');
  });

  await t.test('the end of a job is told when nobody looks, but not the end that the user wanted', async () => {
    await app.evaluate(({ BrowserWindow, Notification }) => {
      const told = /** @type {any[]} */ ([]);
      Object.assign(globalThis, { told });
      BrowserWindow.getAllWindows()[0].isFocused = () => false;
      Notification.isSupported = () => true;
      // Each instance has its own show(); the click listener is added just before it is called.
      const { on } = Notification.prototype;
      Notification.prototype.on = function tell(/** @type {any[]} */ ...args) {
        if (args[0] === 'click') told.push({ title: this.title, body: this.body });
        return on.apply(this, /** @type {any} */ (args));
      };
    });
    const over = { event: 'job_over', title: 'Counting', path: '/desktop/jobs/1/', reason: '' };
    const told = () => app.evaluate(() => /** @type {any} */ (globalThis).told);
    fake.say('worker', { ...over, outcome: 'stopped', reason: 'You stopped it.' });
    // Events arrive in order: when the next one arrived, so did the previous one.
    jobs({ running: 2, share: 0.9 });
    await until(async () => (await seen(running)).bars.at(-1) === 0.9);
    fake.say('worker', { ...over, outcome: 'failed', reason: 'It took longer than its time limit.' });
    await until(async () => (await told()).length === 1);
    fake.say('worker', { ...over, outcome: 'done' });
    await until(async () => (await told()).length === 2);
    assert.deepEqual(await told(), [
      { title: 'Counting', body: 'The job failed: It took longer than its time limit.' },
      { title: 'Counting', body: 'The job is done.' },
    ]);
  });

  await t.test('stop and quit ends the app', async () => {
    await answer(running, 'Stop and Resume Next Time');
    await menu(running, 'quit');
    await until(() => !alive(pid), { limitMs: 15000, what: 'the end' });
    await until(() => !fake.pids().some(alive), { what: 'the end of its processes' });
  });
});

windowTest('where the desktop shows no tray, jobs go on with the window minimized, and its title tells of them', async (t) => {
  const running = await shown(t, { env: desktop(t, 'b false') });
  const { app, fake, pid } = running;
  await until(() => fake.starts('worker').length === 1);
  await watch(running);
  await app.evaluate(({ BrowserWindow }) => {
    // Without a window manager nothing can be minimised.
    const [main] = BrowserWindow.getAllWindows();
    const state = { minimized: false };
    Object.assign(globalThis, { state });
    main.minimize = () => { state.minimized = true; };
  });
  const jobs = (/** @type {number} */ n) => fake.say('worker', { event: 'jobs', running: n, waiting: 0, share: 0.1 * n, lost: 0 });
  jobs(1);
  await until(async () => (await seen(running)).bars.at(-1) === 0.1);
  await answer(running, 'Keep Running Minimized');
  await closeWindow(running);
  await askedTimes(running, 1);
  const [{ detail, buttons }] = (await seen(running)).asked;
  assert.deepEqual(buttons, ['Keep Running Minimized', 'Stop and Resume Next Time', 'Cancel']);
  assert.match(detail, /This desktop shows no tray/);
  await until(() => app.evaluate(() => /** @type {any} */ (globalThis).state.minimized));
  const title = () => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0].getTitle());
  await until(async () => await title() === 'A job is running – Bücher & Regale');
  jobs(2);
  await until(async () => await title() === '2 jobs are running – Bücher & Regale');
  await app.evaluate(({ BrowserWindow }) => { BrowserWindow.getAllWindows()[0].emit('restore'); });
  await until(async () => await title() === 'Fake app');
  process.kill(pid, 'SIGTERM');
  await until(() => !alive(pid), { limitMs: 15000, what: 'the end' });
});

windowTest('nobody is asked by a signal, or without jobs', async (t) => {
  const running = await shown(t);
  const { fake, pid } = running;
  await until(() => fake.starts('worker').length === 1);
  await watch(running);
  fake.say('worker', { event: 'jobs', running: 1, waiting: 0, share: 0.1, lost: 1 });
  await until(async () => (await seen(running)).bars.at(-1) === 0.1);
  process.kill(pid, 'SIGTERM');
  await until(() => !alive(pid), { limitMs: 15000, what: 'the end' });

  const second = await shown(t);
  await watch(second);
  await closeWindow(second).catch(() => {});
  await until(() => !alive(second.pid), { limitMs: 15000, what: 'the end' });
});
