import { createHash } from 'node:crypto';
import os from 'node:os';

import { app } from 'electron';

import { decideAfterGpuCrash, mayUseGpu } from '../policy/gpu.js';

/** Identifies this machine without revealing its name. */
const machine = () => createHash('sha256').update(os.hostname()).digest('hex').slice(0, 16);

/**
 * Must run before Electron is ready. After repeated GPU process crashes, the next start on this
 * machine disables GPU acceleration; the menu re-enables it.
 * @typedef {{wanted: () => boolean, setWanted: (on: boolean) => void, changed: () => void}} Gpu
 *
 * @param {import('../backend/runtime.js').Runtime} runtime
 * @returns {Gpu}
 */
export function setupGpu({ state, logs }) {
  const wanted = () => mayUseGpu(state.read().gpuOff, machine());
  if (!wanted()) {
    app.disableHardwareAcceleration();
    logs.write('shell', 'started without graphics acceleration; View, Use GPU Acceleration brings it back');
  }

  /** @type {number[]} */
  let earlier = [];
  app.on('child-process-gone', (_event, { type, reason }) => {
    if (type !== 'GPU') return;
    const verdict = decideAfterGpuCrash({ reason, now: Date.now(), earlier });
    earlier = verdict.earlier;
    if (!verdict.giveUp || !wanted()) return;
    state.update({ gpuOff: { machine: machine(), reason: 'crashes' } });
    logs.write('shell', 'the graphics process keeps crashing: the next start does without graphics acceleration');
    gpu.changed();
  });

  const gpu = {
    wanted,
    /** @param {boolean} on */
    setWanted: (on) => {
      state.update({ gpuOff: on ? null : { machine: machine(), reason: 'user' } });
    },
    /** Replaced by the menu, which shows the setting. */
    changed: () => {},
  };
  return gpu;
}
