import path from 'node:path';

import { shell } from 'electron';

import { translated } from '../locale/current.js';
import { ending, flag, listOf, oneOf, record, text } from '../policy/shapes.js';
import { copyDiagnostics, exportDiagnostics } from './diagnostics.js';
import { chooseFiles, chooseFolder } from './dialogs.js';
import { dragExport, showExport } from './exports.js';
import { openExternalLink } from './external.js';
import { createHandle, createSlowHandle } from './ipc.js';
import { closeNotices } from './notices.js';
import { notify } from './notifications.js';
import { UPDATE_ACTIONS } from './updates.js';

/**
 * All messages that pages can send. The preload has one function for each.
 * @param {import('../backend/runtime.js').Runtime} runtime
 * @param {{main: import('./window.js').MainWindow, screen: import('./screen.js').ScreenType, find: import('./find.js').Find, hangs: import('./hangs.js').Hangs, troubleBar: import('./trouble-bar.js').TroubleBar, theme: import('./theme.js').ThemeSetting, language: import('./language.js').LanguageSetting, prompts: import('./prompt.js').Prompts, updates: import('./updates.js').Updates, lifecycle: ReturnType<typeof import('./lifecycle.js').setupLifecycle>, recent: import('./recent.js').Recent}} parts
 */
export function setupMessages(runtime, { main, screen, find, hangs, troubleBar, theme, language, prompts, updates, lifecycle, recent }) {
  const { app: about, logs, dataDir, supervisor, tools } = runtime;
  // The origin last shown: its page is still ours while the server restarts.
  const log = (/** @type {string} */ line) => logs.write('shell', line);
  const handle = createHandle(() => screen.origin, log);
  const handleSlowly = createSlowHandle(() => screen.origin, log);
  const openLogs = () => openFolder(path.join(dataDir, 'logs'));

  handle('djdesk:notify', 'app', [record({ title: text(200), body: text(1000), path: text(2000) })], (note) =>
    notify(note, { main, screen }));
  handle('djdesk:open-external', 'app', [text(4096)], openExternalLink);
  handle('djdesk:open-data-folder', 'app', [], () => openFolder(dataDir));
  handle('djdesk:open-logs', 'app', [], openLogs);
  handle('djdesk:set-theme', 'app', [oneOf('system', 'light', 'dark')], (name) => theme.set(name));
  handle('djdesk:set-language', 'app', [oneOf('system', ...about.languages)], (name) => language.set(name));
  // Sets that the app did not enable have no handlers, whatever a page sends.
  if (about.bridge.includes('folders')) handle('djdesk:choose-folder', 'app', [], () => chooseFolder(main));
  if (about.bridge.includes('files')) {
    handle('djdesk:choose-files', 'app', [record({ extensions: listOf(ending, 50), multiple: flag })], (how) => chooseFiles(main, how));
  }
  if (about.bridge.includes('recent')) {
    handle('djdesk:set-recent', 'app', [listOf(record({ label: text(200), path: text(500), folder: text(4096) }), 12)], (entries) => recent.set(entries));
  }
  if (about.bridge.includes('exports')) {
    handle('djdesk:show-export', 'app', [text(200)], (name) => showExport(dataDir, name));
    handle('djdesk:drag-export', 'app', [text(200)], (name, contents) => dragExport(runtime, name, contents));
  }

  handle('djdesk:update-state', 'app', [], () => updates.state());
  handle('djdesk:update', 'app', [oneOf(...UPDATE_ACTIONS), text(100)], (action, value) => updates.act(action, value));

  handleSlowly('djdesk:prompt', 'app', [text(4000), text(4000)], (contents, message, value) => prompts.ask(contents, message, value));
  handle('djdesk-prompt:answer', 'shell', [(value) => value === null || text(100000)(value)], (value) => prompts.answer(value));
  handle('djdesk-notice:close', 'shell', [], () => closeNotices());

  handle('djdesk-shell:get-state', 'shell', [], () => screen.shown());
  handle('djdesk-shell:retry', 'shell', [], () => screen.retry());
  handle('djdesk-shell:open-logs', 'shell', [], openLogs);
  handle('djdesk-shell:copy-diagnostics', 'shell', [], () => copyDiagnostics(runtime, screen));
  handle('djdesk-shell:export-diagnostics', 'shell', [], () => exportDiagnostics(runtime, main));
  handle('djdesk-shell:list-backups', 'shell', [], async () => {
    const { backups, problem } = await tools.backups();
    return { backups, problem: translated(problem) };
  });
  handle('djdesk-shell:restore-backup', 'shell', [text(200)], async (name) => {
    // Processes left over from the failed start may still hold the data.
    await supervisor.settled();
    const problem = await tools.restore(name);
    if (!problem) screen.retry();
    return translated(problem);
  });
  handle('djdesk-shell:start-safely', 'shell', [], () => screen.retry({ safeMode: true }));
  handle('djdesk-shell:quit', 'shell', [], () => lifecycle.quitIfWanted());
  handle('djdesk-shell:quit-now', 'shell', [], () => supervisor.hurry());

  handle('djdesk-shell:hide-trouble', 'shell', [], () => troubleBar.hide());
  handle('djdesk-shell:end-server', 'shell', [], () => supervisor.endServer());

  handle('djdesk-hang:wait', 'shell', [], () => hangs.wait());
  handle('djdesk-hang:reload', 'shell', [], () => hangs.reload());

  handle('djdesk-find:search', 'shell', [text(1000), record({ forward: flag, first: flag })], (words, how) => find.search(words, how));
  handle('djdesk-find:close', 'shell', [], () => find.close());
}

/**
 * Opens one of our folders in the system's file manager.
 * @param {string} folder
 * @returns {Promise<boolean>}
 */
export async function openFolder(folder) {
  return (await shell.openPath(folder)) === '';
}
