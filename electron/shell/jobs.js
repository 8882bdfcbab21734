import { BrowserWindow, dialog, Menu, nativeImage, Tray } from 'electron';

import { said, t } from '../locale/current.js';
import { DEFAULT_WINDOW_ICON } from '../paths.js';
import { progressBar, questionBeforeQuit } from '../policy/quit.js';
import { notify } from './notifications.js';

const TRAY_SIZE = 22;

/**
 * Jobs that take hours, as the window tells of them: its progress bar, a notification at the end, and a
 * question before they would be ended with the app.
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
    // What the user has stopped is no news to them.
    if (outcome === 'stopped') return;
    notify({ title, body: outcome === 'done' ? t('The job is done.') : t('The job failed: {reason}', { reason: said(reason) }), path }, { main, screen });
  });

  /** @type {Tray | null} */
  let tray = null;
  const putIntoTray = () => {
    if (tray) return;
    const picture = nativeImage.createFromPath(about.windowIcon || DEFAULT_WINDOW_ICON);
    tray = new Tray(picture.resize({ width: TRAY_SIZE, height: TRAY_SIZE }));
    tray.setToolTip(t('{app}: jobs are running', { app: about.name }));
    tray.setContextMenu(Menu.buildFromTemplate([
      { label: t('Open {app}', { app: about.name }), click: () => main.focus() },
      { label: t('Quit {app}', { app: about.name }), click: lifecycle.quitIfWanted },
    ]));
    tray.on('click', () => main.focus());
  };
  const goOnWithoutWindow = () => {
    try {
      putIntoTray();
      for (const window of BrowserWindow.getAllWindows()) window.hide();
      logs.write('shell', 'jobs go on without a window');
    } catch (error) {
      // A desktop without a tray: the window must stay within reach.
      logs.write('shell', `no tray: ${error}`);
      main.window.minimize();
    }
  };
  main.window.on('show', () => {
    if (tray) tray.destroy();
    tray = null;
  });

  lifecycle.askFirst(async () => {
    const hidden = !main.alive() || !main.window.isVisible();
    const question = questionBeforeQuit(jobs(), { hidden });
    if (!question || !main.alive()) return true;
    const { resumed, lost } = question;
    const n = resumed + lost;
    const stop = lost === 0 ? t('Stop and Resume Next Time') : t('Stop and Quit');
    const buttons = [...(question.tray ? [t('Keep Running in the Tray')] : []), stop, t('Cancel')];
    const options = {
      type: /** @type {'question'} */ ('question'),
      message: n === 1 ? t('A job is running') : t('{n} jobs are running', { n: String(n) }),
      detail: [
        resumed === 1 ? t('One resumes from its last checkpoint at the next start.') : resumed ? t('{n} resume from their last checkpoints at the next start.', { n: String(resumed) }) : '',
        lost === 1 ? t('One cannot be resumed: what it has done so far is lost.') : lost ? t('{n} cannot be resumed: what they have done so far is lost.', { n: String(lost) }) : '',
        question.tray ? t('In the tray, jobs continue without a window. To see it again, start {app} or choose its icon.', { app: about.name }) : '',
      ].filter(Boolean).join('\n'),
      buttons,
      defaultId: 0,
      cancelId: buttons.length - 1,
      noLink: true,
    };
    const { response } = hidden ? await dialog.showMessageBox(options) : await dialog.showMessageBox(main.window, options);
    if (question.tray && response === 0) goOnWithoutWindow();
    return buttons[response] === stop;
  });
}
