import fs from 'node:fs';
import path from 'node:path';

import { replaceFile } from './held-files.js';
import { isUsablePort } from './port.js';
import { readSmallFile } from './small-file.js';

/**
 * State kept between launches, in `<data_dir>/state.json`.
 * @typedef {{x: number, y: number, width: number, height: number, maximized: boolean}} WindowState
 * @typedef {{machine: string, reason: 'crashes' | 'user'}} GpuOff GPU off on this machine only: a data folder may be moved to another
 * @typedef {'system' | 'light' | 'dark'} Theme set in the app's preferences; kept for the first paint of the next launch
 * @typedef {{port: number | null, sparePort: number | null, window: WindowState | null, keepAwake: boolean, gpuOff: GpuOff | null, theme: Theme, language: string}} State `sparePort`: the last
 *     one used while another program held `port`; `language`: `system` or a language, from the
 *     app's preferences
 */

export class StateFile {
  /** @param {string} dataDir */
  constructor(dataDir) {
    this.path = path.join(dataDir, 'state.json');
  }

  /**
   * Never throws: a missing or damaged file gives an empty state.
   * @returns {State}
   */
  read() {
    const raw = this.#raw();
    return {
      port: isUsablePort(raw.port) ? Number(raw.port) : null,
      sparePort: isUsablePort(raw.sparePort) ? Number(raw.sparePort) : null,
      window: windowState(raw.window),
      keepAwake: raw.keepAwake !== false,
      gpuOff: gpuOff(raw.gpuOff),
      theme: raw.theme === 'light' || raw.theme === 'dark' ? raw.theme : 'system',
      language: typeof raw.language === 'string' ? raw.language : 'system',
    };
  }

  /**
   * Changes some keys and keeps the others, including those of newer versions. Never throws: losing
   * the window's position must not prevent an exit.
   * @param {Partial<State>} change
   * @returns {boolean} whether it was written
   */
  update(change) {
    const temporary = `${this.path}.${process.pid}.tmp`;
    try {
      const text = `${JSON.stringify({ ...this.#raw(), ...change }, null, 2)}\n`;
      fs.writeFileSync(temporary, text, { mode: 0o600 });
      replaceFile(temporary, this.path);
      return true;
    } catch {
      try {
        fs.unlinkSync(temporary);
      } catch {
        // It was never created.
      }
      return false;
    }
  }

  /** The ports to try: the one that the page's storage depends on, then its last substitute. */
  ports() {
    const { port, sparePort } = this.read();
    return [port, sparePort].filter((one) => one !== null);
  }

  /**
   * A port that another program held once stays the first to be tried.
   * @param {number} used
   */
  rememberPort(used) {
    const { port, sparePort } = this.read();
    if (port === null) this.update({ port: used });
    else if (used !== port && used !== sparePort) this.update({ sparePort: used });
  }

  /** @returns {Record<string, unknown>} */
  #raw() {
    try {
      const value = JSON.parse(readSmallFile(this.path));
      // If it is nested too deeply to be serialised, nothing could be saved any more.
      JSON.stringify(value);
      return value && typeof value === 'object' && !Array.isArray(value) ? value : {};
    } catch {
      return {};
    }
  }
}

/**
 * @param {unknown} value
 * @returns {WindowState | null}
 */
function windowState(value) {
  if (!value || typeof value !== 'object') return null;
  const { x, y, width, height, maximized } = /** @type {Record<string, unknown>} */ (value);
  const numbers = [x, y, width, height].map(Number);
  if (![x, y, width, height].every(Number.isFinite)) return null;
  const [left, top, wide, high] = numbers.map(Math.round);
  return { x: left, y: top, width: wide, height: high, maximized: maximized === true };
}

/**
 * @param {unknown} value
 * @returns {GpuOff | null}
 */
function gpuOff(value) {
  if (!value || typeof value !== 'object') return null;
  const { machine, reason } = /** @type {Record<string, unknown>} */ (value);
  return typeof machine === 'string' ? { machine, reason: reason === 'user' ? 'user' : 'crashes' } : null;
}
