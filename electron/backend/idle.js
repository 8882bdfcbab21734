import { lookAt } from './process-look.js';

/** How often the process is checked within the limit. */
const LOOKS = 18;
/**
 * Minimum share of a processor that counts as work: a process that polls uses less, one that writes
 * to a slow disk uses more.
 */
const SHARE = 0.005;

/**
 * Distinguishes a silent process that works from one that hangs by its processor time.
 * @param {number} pid
 * @param {object} how
 * @param {number} how.limitMs
 * @param {import('./sleep-aware-timers.js').SleepAwareTimers} how.timers time asleep does not count
 * @param {() => void} how.onIdle called once, after that long without processor time
 * @param {typeof lookAt} [how.look] null: the system cannot tell, and the process is left alone
 * @returns {() => void} stops watching
 */
export function watchIdle(pid, { limitMs, timers, onIdle, look = lookAt }) {
  const everyMs = limitMs / LOOKS;
  let over = false;
  let cancel = () => {};
  let sleeps = timers.sleeps;
  let worked = Date.now();
  /** @type {{cpu: number, at: number} | null} */
  let last = null;
  const next = () => {
    if (!over) cancel = timers.after(everyMs, ask);
  };
  const ask = async () => {
    const seen = await look(pid);
    if (over) return;
    const at = Date.now();
    const rests = seen && last && sleeps === timers.sleeps && seen.cpu - last.cpu < (SHARE * (at - last.at)) / 1000;
    if (!rests) worked = at;
    sleeps = timers.sleeps;
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
