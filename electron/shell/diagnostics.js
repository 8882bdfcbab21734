import os from 'node:os';
import path from 'node:path';

import { app, clipboard, dialog } from 'electron';

import { failureText } from '../backend/words.js';
import { t, translated } from '../locale/current.js';

/**
 * Copies what a bug report needs: versions, state, the failure, the last log lines. The user's home
 * folder is left out.
 * @param {import('../backend/runtime.js').Runtime} runtime
 * @param {import('./screen.js').ScreenType} screen
 * @returns {boolean}
 */
export function copyDiagnostics({ app: { name, version }, launchId, dataDir, logs }, screen) {
  const { state, stage, failure, worker, processes } = screen.state();
  const others = Object.entries(processes).map(([one, status]) => `, ${one} ${status.state}`).join('');
  const { electron, chrome, node } = process.versions;
  const text = [
    `${name} ${version} on ${os.type()} ${os.release()} ${process.arch}`,
    `Electron ${electron}, Chromium ${chrome}, Node ${node}`,
    `launch ${launchId}, data folder ${dataDir}`,
    `state ${state}, stage ${stage ? stage.name : 'none'}, worker ${worker.state}${others}`,
    '',
    failure ? failureText(failure) : 'no failure',
    '',
    'Last log lines:',
    ...logs.tail(),
  ].join('\n');
  clipboard.writeText(text.split(os.homedir()).join('~'));
  return true;
}

/**
 * Asks where to save and writes one zip: logs, versions, findings, without secrets. Done by Python,
 * without the server.
 * @param {import('../backend/runtime.js').Runtime} runtime
 * @param {import('./window.js').MainWindow} main
 * @returns {Promise<{file: string, problem: string}>} `file` is '' if the user cancelled
 */
export async function exportDiagnostics({ app: { slug }, tools, logs }, main) {
  const obstacle = tools.obstacle();
  if (obstacle) return { file: '', problem: `${translated(obstacle)} ${t('Copy Diagnostics works without it.')}` };
  if (!main.alive()) return { file: '', problem: '' };
  // A sortable time stamp to the second: 20260131T120000.
  const stamp = new Date().toISOString().replace(/[-:]|\..*/g, '');
  const { canceled, filePath } = await dialog.showSaveDialog(main.window, {
    title: t('Export Diagnostics'),
    defaultPath: path.join(app.getPath('downloads'), `${slug}-diagnostics-${stamp}.zip`),
    filters: [{ name: t('Zip archive'), extensions: ['zip'] }],
  });
  if (canceled || !filePath) return { file: '', problem: '' };
  logs.flush();
  return { file: filePath, problem: translated(await tools.exportDiagnostics(filePath)) };
}
