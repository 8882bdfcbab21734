/** The window shell. This file is its table of contents; details are in the modules. */
import { app } from 'electron';

import { tell } from './backend/terminal.js';
import { resumeUpdate } from './backend/resume-update.js';
import { setupCommandLine } from './shell/command-line.js';
import { setupContextMenu } from './shell/context-menu.js';
import { setupCrashHandling } from './shell/crashes.js';
import { listenForLinks, setupDeepLinks } from './shell/deep-links.js';
import { setupFind } from './shell/find.js';
import { setupGpu } from './shell/gpu.js';
import { setupGuards } from './shell/guards.js';
import { setupHistory } from './shell/history.js';
import { setupInstallationCheck } from './shell/installation.js';
import { setupHangHandling } from './shell/hangs.js';
import { setupJobs } from './shell/jobs.js';
import { setupLanguage } from './shell/language.js';
import { setupLifecycle, takeInstanceLock } from './shell/lifecycle.js';
import { setupMenu } from './shell/menu.js';
import { setupMessages } from './shell/messages.js';
import { listenForFiles, setupOpenedFiles } from './shell/opened-files.js';
import { setupNotices } from './shell/notices.js';
import { registerShellScheme, setupShellPages } from './shell/pages-protocol.js';
import { quitRunning } from './shell/quit-running.js';
import { setupPower } from './shell/power.js';
import { setupRecent } from './shell/recent.js';
import { setupPrompts } from './shell/prompt.js';
import { rehearse } from './shell/rehearsal.js';
import { setupScreen } from './shell/screen.js';
import { setupSession } from './shell/session.js';
import { setupTheme } from './shell/theme.js';
import { setupTrial } from './shell/trial.js';
import { setupTranslocation } from './shell/translocation.js';
import { setupTroubleBar } from './shell/trouble-bar.js';
import { setupUpdates } from './shell/updates.js';
import { openMainWindow } from './shell/window.js';

async function main() {
  const runtime = setupCommandLine();
  registerShellScheme();
  if (runtime.start.rehearse) {
    await rehearse(runtime);
    return;
  }
  if (quitRunning()) return;
  listenForLinks(runtime);
  listenForFiles(runtime);
  const gpu = setupGpu(runtime);
  const trial = await leftUpdate(runtime);
  if (trial === null || !takeInstanceLock(runtime)) return;
  const lifecycle = setupLifecycle(runtime);
  // Start Python while Chromium starts.
  runtime.supervisor.start();
  await app.whenReady();
  if (lifecycle.quitting()) return;
  const language = setupLanguage(runtime);
  const session = setupSession(runtime);
  setupShellPages(runtime, session);
  setupGuards(runtime, session);
  setupNotices(session, runtime.app);
  const prompts = setupPrompts(session, runtime.app);
  setupContextMenu();
  const theme = setupTheme(runtime);
  const main = openMainWindow(runtime, session);
  const screen = setupScreen(runtime, main);
  const find = setupFind(main);
  const hangs = setupHangHandling(runtime, { main, screen, prompts });
  const troubleBar = setupTroubleBar(runtime, { main, screen });
  const history = setupHistory({ main, screen });
  const power = setupPower(runtime, { screen });
  const updates = setupUpdates(runtime, { main, screen });
  const recent = setupRecent(runtime, { screen });
  setupMessages(runtime, { main, screen, find, hangs, troubleBar, theme, language, prompts, updates, lifecycle, recent });
  setupMenu(runtime, { main, screen, find, history, power, gpu, language, updates, lifecycle, recent });
  setupCrashHandling(runtime, { main, screen });
  setupDeepLinks(runtime, { main, screen });
  setupOpenedFiles(runtime, { main, screen });
  setupInstallationCheck(runtime, screen);
  setupTranslocation(runtime, { main });
  setupJobs(runtime, { main, screen, lifecycle });
  setupTrial(runtime, { main, screen }, trial);
}

/**
 * Decide what to do about an interrupted update.
 * @param {ReturnType<typeof setupCommandLine>} runtime
 * @returns {Promise<string | null>} the update that this start has to confirm, or ''; null: quit
 */
async function leftUpdate({ app: about, dataDir, logs, python, start }) {
  const answer = resumeUpdate({ dataDir, trial: start.trial, python, words: start.words, version: about.version, log: (line) => logs.write('shell', line) });
  const { trial, aside } = answer instanceof Promise ? await answer : answer;
  if (!aside) return trial;
  // If the app is already running, this brings its window to the front.
  app.requestSingleInstanceLock();
  logs.flush();
  app.exit(0);
  return null;
}

main().catch((error) => {
  // Written synchronously: exit() does not flush pipes.
  tell(2, `${app.name} could not open its window: ${error && error.stack ? error.stack : error}\n`);
  app.exit(1);
});
