import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { app, dialog } from 'electron';

import { AppProblem, findApp } from '../app.js';
import { dataDirPath, prepareDataDir } from '../backend/data-dir.js';
import { bringPortableData, portableDataDir } from '../backend/portable.js';
import { wordsThatStart } from '../backend/resume-update.js';
import { createRuntime } from '../backend/runtime.js';
import { tell } from '../backend/terminal.js';
import { speakOf } from '../locale/current.js';
import { parseArguments } from '../policy/arguments.js';
import { relaunch } from './lifecycle.js';

/**
 * Reads the command line and applies, before Electron is ready, what cannot change later: the
 * sandbox and Chromium's folders.
 * @typedef {{rehearse: boolean, trial: string, words: string[]}} Start `trial`: the update on
 *     trial, from the guardian; `words`: command line that starts the app again
 * @returns {import('../backend/runtime.js').Runtime & {start: Start}}
 */
export function setupCommandLine() {
  // Sandbox every renderer, including any that a later change may create without thinking of it.
  // Only an explicit --no-sandbox (root, some containers) turns it off.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
  // This process must not send loopback requests to a proxy either.
  app.commandLine.appendSwitch('no-proxy-server');

  const options = parseArguments(process.argv.slice(1));
  if (options.problem) {
    // Continuing would use another data folder than intended.
    tell(2, `${options.problem}\n`);
    process.exit(2);
  }
  const about = readApp(options.app);
  introduce(about);
  const portable = app.isPackaged
    ? portableDataDir({ name: about.name, env: process.env, execPath: process.execPath, platform: process.platform })
    : null;
  if (portable && !options.dataDir) bringPortableData(portable);
  const dataDir = dataDirPath(about, { override: options.dataDir || portable });
  app.setPath('userData', browserDir(about, dataDir));
  const runtime = createRuntime({
    app: about,
    dataDir,
    safeMode: options.safeMode,
    rehearsal: options.rehearse,
    resources: app.isPackaged ? process.resourcesPath : null,
    relaunch: app.isPackaged ? () => { relaunch(); app.quit(); } : undefined,
    // A closed terminal must not end the app through a write error.
    echo: app.isPackaged ? null : echo,
  });
  if (!options.open) runtime.supervisor.once('ready', announce);
  const words = wordsThatStart({
    program: process.env.APPIMAGE && app.isPackaged ? process.env.APPIMAGE : process.execPath,
    // In development the first argument is the script.
    argv: process.argv.slice(1),
    dataDir,
    named: options.dataDir !== null,
  });
  return Object.assign(runtime, { start: { rehearse: options.rehearse, trial: options.update, words } });
}

/** @param {string | null} named */
function readApp(named) {
  try {
    return findApp(named, app.isPackaged ? process.resourcesPath : null);
  } catch (error) {
    if (!(error instanceof AppProblem)) throw error;
    tell(2, `${error.message}\n`);
    // A user who clicked an icon has no terminal. The app's language is not known yet.
    if (app.isPackaged) dialog.showErrorBox('This app is damaged', `${error.message}\n\nInstall it again; your data stays where it is.`);
    process.exit(2);
  }
}

/**
 * The app's name in menus, notifications, and for grouping windows.
 * @param {import('../app.js').App} about
 */
function introduce({ name, id }) {
  app.setName(name);
  // Windows uses this to group windows and show notifications.
  app.setAppUserModelId(id);
  speakOf(name);
}

/**
 * For scripts that start the app with --no-open. Only this window can use the address: the token is
 * not disclosed.
 * @param {{origin: string}} ready
 */
function announce({ origin }) {
  tell(1, `${JSON.stringify({ event: 'ready', url: `${origin}/`, pid: process.pid })}\n`);
}

/**
 * Chromium's folder. The supervisor reports an unwritable data folder on a page, and that page
 * needs some folder to be shown from.
 * @param {import('../app.js').App} about
 * @param {string} dataDir
 */
function browserDir({ slug }, dataDir) {
  try {
    prepareDataDir(dataDir);
    return path.join(dataDir, 'browser');
  } catch {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), `${slug}-browser-`));
    process.once('exit', () => fs.rmSync(folder, { recursive: true, force: true }));
    return folder;
  }
}

/** @param {string} line */
function echo(line) {
  process.stderr.write(`${line}\n`);
}
