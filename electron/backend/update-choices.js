import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

import { isVersion } from '../policy/versions.js';
import { replaceFile } from './held-files.js';
import { readSmallFile } from './small-file.js';

/**
 * The user's update preferences and what earlier checks saw: `<data_dir>/updates/choices.json`.
 * @typedef {object} Stored
 * @property {boolean | null} automatic null until the user has been asked
 * @property {boolean} invited whether they have been told about the choice
 * @property {boolean} download
 * @property {string} channel '' for the app's own
 * @property {string} skipped a version, or ''
 * @property {Record<string, import('../policy/updates.js').Seen>} seen by channel
 * @property {string} installId random, for rollouts; never leaves this computer
 * @property {number} checked ms; 0 for never
 * @property {number} failures in a row
 */

export class UpdateChoices {
  /** @param {string} dataDir */
  constructor(dataDir) {
    this.path = path.join(dataDir, 'updates', 'choices.json');
  }

  /**
   * A damaged value does not affect the others.
   * @returns {Stored}
   */
  read() {
    const raw = this.#raw();
    const seen = isRecord(raw.seen) ? Object.entries(raw.seen).filter(([, one]) => isRecord(one) && typeof one.version === 'string' && isVersion(one.version) && typeof one.issued === 'string') : [];
    return {
      automatic: typeof raw.automatic === 'boolean' ? raw.automatic : null,
      invited: raw.invited === true,
      download: raw.download !== false,
      channel: typeof raw.channel === 'string' ? raw.channel : '',
      skipped: typeof raw.skipped === 'string' ? raw.skipped : '',
      seen: Object.fromEntries(/** @type {[string, any][]} */ (seen)),
      installId: typeof raw.installId === 'string' && raw.installId ? raw.installId : this.#newId(),
      checked: Number.isFinite(raw.checked) && Number(raw.checked) <= Date.now() ? Number(raw.checked) : 0,
      failures: Number.isInteger(raw.failures) ? Number(raw.failures) : 0,
    };
  }

  /**
   * Never throws: a full disk must not stop a check.
   * @param {Partial<Stored>} change
   */
  update(change) {
    const temporary = `${this.path}.new`;
    try {
      fs.mkdirSync(path.dirname(this.path), { recursive: true, mode: 0o700 });
      fs.writeFileSync(temporary, `${JSON.stringify({ ...this.#raw(), ...change }, null, 2)}\n`, { mode: 0o600 });
      replaceFile(temporary, this.path);
    } catch {
      fs.rmSync(temporary, { force: true });
    }
  }

  #newId() {
    const installId = crypto.randomBytes(8).toString('hex');
    this.update({ installId });
    return installId;
  }

  /** @returns {Record<string, unknown>} */
  #raw() {
    try {
      const value = JSON.parse(readSmallFile(this.path));
      return isRecord(value) ? value : {};
    } catch {
      return {};
    }
  }
}

/** @param {unknown} value @returns {value is Record<string, unknown>} */
const isRecord = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);
