import { BrowserWindow, dialog } from 'electron';

import { hasTray } from '../backend/tray-host.js';
import { t, translated } from '../locale/current.js';
import { progressBar, questionBeforeQuit } from '../policy/quit.js';
import { notify } from './notifications.js';
import { running, trayOf } from './tray.js';

/**
 * How the window shows jobs that take hours: a progress bar, a notification at the end, and a
 * question before quitting would end them.
 * @param {import('../backend/runtime.js').Runtime} runtime
 * @param {{main: import('./window.js').MainWindow, screen: import('./screen.js').ScreenType, lifecycle: ReturnType<typeof import('./lifecycle.js').setupLifecycle>}} parts
 */
export function setupJobs({ app: about, supervisor, logs }, { main, screen, lifecycle }) {
  const jobs = () => supervisor.worker.status.jobs;
  let bar = -1;
  supervisor.on('worker', () => {
    const now = progressBar(jobs());
    if (now === bar || !main.alive()) return;
    bar = now;
    main.window.setProgressBar(now);
  });
  supervisor.worker.on('job-over', ({ title, outcome, reason, path }) => {
    // The user stopped it and needs no notification.
    if (outcome === 'stopped') return;
    notify({ title, body: outcome === 'done' ? t('The job is done.') : t('The job failed: {reason}', { reason: translated(reason) }), path }, { main, screen });
  });

  const tray = trayOf(about, { main, screen, quit: lifecycle.quitIfWanted });
  /** Without a tray the window is minimised; its title shows the progress in the taskbar. */
  let minimized = false;
  const follow = () => {
    tray.follow(jobs());
    if (minimized && main.alive()) main.window.setTitle(`${running(jobs().running)} – ${about.name}`);
  };
  supervisor.on('worker', follow);
  const goOnInBackground = (/** @type {boolean} */ inTray) => {
    logs.write('shell', `jobs go on ${inTray ? 'in the tray' : 'with the window minimized'}`);
    if (inTray) {
      tray.show(jobs());
      for (const window of BrowserWindow.getAllWindows()) window.hide();
    } else {
      minimized = true;
      for (const window of BrowserWindow.getAllWindows()) window.minimize();
      follow();
    }
  };
  main.window.on('show', () => tray.hide());
  main.window.on('restore', () => {
    minimized = false;
    screen.title();
  });

  lifecycle.askFirst(async () => {
    const hidden = !main.alive() || (!main.window.isVisible() && !main.window.isMinimized());
    const question = questionBeforeQuit(jobs(), { hidden });
    if (!question || !main.alive()) return true;
    const { resumed, lost } = question;
    const inTray = question.background && await hasTray();
    const stop = lost === 0 ? t('Stop and Resume Next Time') : t('Stop and Quit');
    const buttons = [...(question.background ? [inTray ? t('Keep Running in the Tray') : t('Keep Running Minimized')] : []), stop, t('Cancel')];
    const options = {
      type: /** @type {'question'} */ ('question'),
      message: running(resumed + lost),
      detail: [
        resumed === 1 ? t('One resumes from its last checkpoint at the next start.') : resumed ? t('{n} resume from their last checkpoints at the next start.', { n: String(resumed) }) : '',
        lost === 1 ? t('One cannot be resumed: what it has done so far is lost.') : lost ? t('{n} cannot be resumed: what they have done so far is lost.', { n: String(lost) }) : '',
        inTray ? t('In the tray, jobs continue without a window. To see it again, start {app} or choose its icon.', { app: about.name })
          : question.background ? t('This desktop shows no tray: the window stays in the task bar, and its title says what is running.') : '',
      ].filter(Boolean).join('\n'),
      buttons,
      defaultId: 0,
      cancelId: buttons.length - 1,
      noLink: true,
    };
    const { response } = hidden ? await dialog.showMessageBox(options) : await dialog.showMessageBox(main.window, options);
    if (question.background && response === 0) goOnInBackground(inTray);
    return buttons[response] === stop;
  });
}
