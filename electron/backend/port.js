import getPort, { clearLockedPorts } from 'get-port';

import { HOST } from './contract.js';

/**
 * Where a new port is looked for first: below the ephemeral ranges of Linux (from 32768) and
 * Windows (from 49152, where Hyper-V also reserves blocks), so that no outgoing connection holds it
 * at the next launch, and clear of ports that browsers block.
 */
export const PREFERRED = { from: 20000, to: 32767 };
const CANDIDATES = 24;

/** @param {unknown} port */
export const isUsablePort = (port) => Number.isInteger(port) && Number(port) >= 1024 && Number(port) <= 65535;

/**
 * A port that is free on 127.0.0.1 right now: a remembered one if possible, because the web origin
 * and with it the page's storage depend on it; else one of the preferred range; else any.
 * @param {{remembered?: number[], exclude?: number[], range?: {from: number, to: number}}} [options]
 * @returns {Promise<number>}
 */
export async function choosePort({ remembered = [], exclude = [], range = PREFERRED } = {}) {
  const candidates = Array.from(
    { length: CANDIDATES },
    () => range.from + Math.floor(Math.random() * (range.to - range.from + 1)),
  );
  candidates.unshift(...remembered.filter(isUsablePort));
  // get-port reserves its results for some seconds, but a retry wants the same origin.
  clearLockedPorts();
  return getPort({ host: HOST, port: candidates, exclude });
}
