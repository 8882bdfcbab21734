/** A user of the machine other than the installing one: root cannot test a read-only folder. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

import { noSandbox } from '../../../src/djdesk/tools/node/setup/electron.js';

const NOBODY = 65534;
/** Only root can start a program as another user; otherwise tests run as the current user. */
export const root = process.getuid?.() === 0;
/** Prefix that runs a command as that user. */
export const asOtherUser = root ? ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', '--'] : [];

/**
 * A new home, and a program that runs as its owner.
 * @param {string} home
 * @param {string} program
 * @returns {{home: string, program: string}}
 */
export function otherUser(home, program) {
  fs.mkdirSync(home, { recursive: true });
  if (!root) return { home, program };
  fs.chownSync(home, NOBODY, NOBODY);
  const wrapper = `${home}-${path.basename(program)}.sh`;
  fs.writeFileSync(wrapper, `#!/bin/sh\nexec ${asOtherUser.join(' ')} "${program}" "$@"\n`, { mode: 0o755 });
  return { home, program: wrapper };
}

/** Flags for Chromium where its sandbox cannot start. */
export function chromiumFlags() {
  const restricted = noSandbox({ program: process.execPath, version: '' }) !== '';
  return [...(root || restricted ? ['--no-sandbox'] : []), '--disable-gpu'];
}

/** @param {string} program */
export const onPath = (program) => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;
