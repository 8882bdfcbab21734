import { flipFuses, FuseState, FuseV1Options, FuseVersion, getCurrentFuseWire } from '@electron/fuses';

/**
 * All fuses of Electron, each with a reason. An unknown one stops the build: a new Electron must be reviewed
 * before it is shipped.
 * @type {Record<keyof typeof FuseV1Options, [boolean, string]>}
 */
export const FUSES = {
  RunAsNode: [false, 'the signed program must not run as a Node for whoever sets a variable'],
  EnableCookieEncryption: [false, 'its cookies hold no login, and the key chain would ask the user'],
  EnableNodeOptionsEnvironmentVariable: [false, 'NODE_OPTIONS could load foreign code'],
  EnableNodeCliInspectArguments: [false, '--inspect would open the main process'],
  EnableEmbeddedAsarIntegrityValidation: [true, 'a changed archive does not start (macOS, Windows)'],
  OnlyLoadAppFromAsar: [true, 'a folder beside the archive must not take its place'],
  LoadBrowserProcessSpecificV8Snapshot: [false, 'there is no snapshot'],
  GrantFileProtocolExtraPrivileges: [false, 'no page is loaded from file:'],
  WasmTrapHandlers: [true, 'how Electron is delivered'],
};

/**
 * The table in the format of @electron/fuses.
 * @param {string[]} [absent] fuses that the program lacks
 */
export function fuseConfig(absent = []) {
  const known = Object.keys(FuseV1Options).filter((key) => Number.isNaN(Number(key)));
  const unnamed = known.filter((key) => !(key in FUSES));
  if (unnamed.length) throw new Error(`package/fuses.js does not say how to set: ${unnamed.join(', ')}`);
  const settings = Object.entries(FUSES).filter(([key]) => !absent.includes(key))
    .map(([key, [value]]) => [FuseV1Options[/** @type {keyof typeof FuseV1Options} */ (key)], value]);
  return /** @type {import('@electron/fuses').FuseConfig} */ ({
    version: FuseVersion.V1,
    strictlyRequireAllFuses: absent.length === 0,
    // Changing the executable breaks its signature, which Apple silicon requires.
    resetAdHocDarwinSignature: process.platform === 'darwin',
    ...Object.fromEntries(settings),
  });
}

/**
 * Sets them and reads them back.
 * @param {string} program the executable, or the .app
 * @param {{old?: boolean}} [options] `old`: an Electron that is not shipped may lack fuses
 * @returns {Promise<string[]>} names of missing ones; only with `old`
 */
export async function setFuses(program, { old = false } = {}) {
  const absent = old ? (await readFuses(program)).absent : [];
  await flipFuses(program, fuseConfig(absent));
  const { wrong } = await readFuses(program);
  if (wrong.length) throw new Error(`These fuses are not as package/fuses.js says: ${wrong.join(', ')}`);
  return absent;
}

/**
 * @param {string} program
 * @returns {Promise<{wrong: string[], absent: string[]}>} names of fuses that differ from the table, and of those that a later Electron added
 */
export async function readFuses(program) {
  const wire = /** @type {Record<string, number>} */ (/** @type {unknown} */ (await getCurrentFuseWire(program)));
  const states = Object.entries(FUSES).map(([key, [value]]) => (
    { key, value, state: wire[FuseV1Options[/** @type {keyof typeof FuseV1Options} */ (key)]] }));
  return {
    wrong: states
      .filter(({ state, value }) => state !== undefined && state !== FuseState.REMOVED && state !== (value ? FuseState.ENABLE : FuseState.DISABLE))
      .map(({ key }) => key),
    absent: states.filter(({ state }) => state === undefined).map(({ key }) => key),
  };
}
