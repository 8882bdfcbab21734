import os from 'node:os';

import { clipboard } from 'electron';

import { failureText } from '../backend/words.js';

/**
 * Puts on the clipboard what a report needs: versions, state, the failure, the last log lines. The
 * user's home folder is not part of it.
 * @param {import('../backend/runtime.js').Runtime} runtime
 * @param {import('./screen.js').ScreenType} screen
 * @returns {boolean}
 */
export function copyDiagnostics({ version, launchId, dataDir, logs }, screen) {
  const { state, stage, failure, worker } = screen.state();
  const { electron, chrome, node } = process.versions;
  const text = [
    `DJDesk ${version} on ${os.type()} ${os.release()} ${process.arch}`,
    `Electron ${electron}, Chromium ${chrome}, Node ${node}`,
    `launch ${launchId}, data folder ${dataDir}`,
    `state ${state}, stage ${stage ? stage.name : 'none'}, worker ${worker.state}`,
    '',
    failure ? failureText(failure) : 'no failure',
    '',
    'Last log lines:',
    ...logs.tail(),
  ].join('\n');
  clipboard.writeText(text.split(os.homedir()).join('~'));
  return true;
}
