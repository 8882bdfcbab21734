/**
 * @typedef {object} Circumstances
 * @property {'auto' | 'electron' | 'browser'} wanted
 * @property {boolean} open
 * @property {string} noDisplay why there is no display, or ''
 * @property {() => Promise<{electron: import('./electron.js').Electron | null, reason: string}>} findElectron
 * @property {(electron: import('./electron.js').Electron) => string} noSandbox why the sandbox cannot start, or ''
 *
 * @typedef {{shell: 'electron', electron: import('./electron.js').Electron, why: string} | {shell: 'browser', why: string} | {shell: null, why: string}} Choice `null`: the requested shell is unavailable
 */

/**
 * The window if possible, otherwise the browser; with the reason. Electron is looked for (and maybe
 * downloaded) only if everything else allows a window.
 * @param {Circumstances} circumstances
 * @returns {Promise<Choice>}
 */
export async function chooseShell({ wanted, open, noDisplay, findElectron, noSandbox }) {
  if (wanted === 'browser') return { shell: 'browser', why: 'as asked' };
  // --no-open is for scripts, which need an address.
  if (wanted === 'auto' && !open) return { shell: 'browser', why: 'because of --no-open' };
  const obstacle = noDisplay;
  if (obstacle) return without(wanted, obstacle);
  const { electron, reason } = await findElectron();
  if (!electron) return without(wanted, reason);
  const sandbox = noSandbox(electron);
  if (sandbox) return without(wanted, sandbox);
  return { shell: 'electron', electron, why: wanted === 'electron' ? 'as asked' : 'there is an Electron and a display' };
}

/**
 * @param {'auto' | 'electron' | 'browser'} wanted
 * @param {string} why
 * @returns {Choice}
 */
const without = (wanted, why) => (wanted === 'electron' ? { shell: null, why } : { shell: 'browser', why });
