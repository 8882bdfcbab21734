import { spawnSync } from 'node:child_process';

import { noDisplay } from '../../src/djdesk/tools/node/setup/electron.js';

/**
 * How to run a command that opens windows: as it is, under a virtual display, or not at all.
 * @returns {{prefix: string[], missing: string}} `missing`: what is missing, or ''
 */
export function displayPrefix() {
  if (!noDisplay()) return { prefix: [], missing: '' };
  if (process.platform === 'linux' && spawnSync('xvfb-run', ['--help'], { stdio: 'ignore' }).status === 0) {
    return { prefix: ['xvfb-run', '-a', '-s', '-screen 0 1280x900x24'], missing: '' };
  }
  return { prefix: [], missing: 'a display (needs-package: xvfb)' };
}
