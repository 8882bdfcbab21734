import { lookAt } from './process-look.js';

/** How often a process is looked at within the limit. */
const LOOKS = 18;
/** The least share of a processor that counts as work: one that waits for something in a loop uses less, a disk that is slow to write leaves more. */
const SHARE = 0.005;

/**
 * Tells a process that works without a word from one that hangs: whether it uses the processor.
 * @param {number} pid
 * @param {object} how
 * @param {number} how.limitMs
 * @param {import('./patience.js').Patience} how.patience what a sleep of the computer holds up does not count
 * @param {() => void} how.onIdle called once, when it has used no processor time for that long
 * @param {typeof lookAt} [how.look] null: the system cannot tell, which holds nothing against it
 * @returns {() => void} ends the watch
 */
export function watchIdle(pid, { limitMs, patience, onIdle, look = lookAt }) {
  const everyMs = limitMs / LOOKS;
  let over = false;
  let cancel = () => {};
  let sleeps = patience.sleeps;
  let worked = Date.now();
  /** @type {{cpu: number, at: number} | null} */
  let last = null;
  const next = () => {
    if (!over) cancel = patience.after(everyMs, ask);
  };
  const ask = async () => {
    const seen = await look(pid);
    if (over) return;
    const at = Date.now();
    const rests = seen && last && sleeps === patience.sleeps && seen.cpu - last.cpu < (SHARE * (at - last.at)) / 1000;
    if (!rests) worked = at;
    sleeps = patience.sleeps;
    last = seen && { cpu: seen.cpu, at };
    if (at - worked < limitMs) next();
    else onIdle();
  };
  next();
  return () => {
    over = true;
    cancel();
  };
}
