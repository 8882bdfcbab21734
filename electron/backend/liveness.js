import { say } from '../locale/wording.js';
import { judge, LIVENESS } from '../policy/liveness.js';
import { lookAt } from './process-look.js';

export { LIVENESS };

/** The least share of a processor that counts as computing: a process at rest uses far less. */
const SHARE = 0.02;

/** Why a server was ended, after "The server". @type {Record<string, string>} */
const ENDS = {
  stopped: say('was suspended from outside, did not respond for {seconds} s and was stopped'),
  silent: say('made no progress for {seconds} s and was stopped'),
  computing: say('was busy computing for {seconds} s, did not respond and was stopped'),
  stuck: say('finished none of its requests for {seconds} s and was stopped'),
};

/**
 * Watches a server that is ready by the `alive` events that it sends of itself, and when they stay
 * away, from outside. It asks the server nothing: one that is busy is not ended for it.
 * @param {object} options
 * @param {import('./child.js').ManagedChild} options.child
 * @param {import('./patience.js').Patience} options.patience what a sleep holds up does not count
 * @param {(trouble: string) => void} options.onTrouble told what is the matter, in words; '' when all is well again
 * @param {(ended: string) => void} options.onStuck called once: how it ended, after "The server"
 * @param {typeof LIVENESS} [options.timing]
 * @param {typeof lookAt} [options.look]
 * @returns {() => void} ends the watch
 */
export function watchLiveness({ child, patience, onTrouble, onStuck, timing = LIVENESS, look = lookAt }) {
  let over = false;
  let cancel = () => {};
  let sleeps = patience.sleeps;
  let told = '';
  let last = Date.now();
  let stalledMs = 0;
  let requests = { running: 0, of: 0, oldest: 0 };
  let done = 0;
  let changed = Date.now();
  /** When it was seen to use the processor. */
  let worked = Date.now();
  /** @type {{cpu: number, at: number} | null} */
  let measured = null;

  const onEvent = (/** @type {import('./contract.js').ContractEvent} */ event) => {
    if (event.event !== 'alive') return;
    last = Date.now();
    stalledMs = event.stalled * 1000;
    requests = event;
    if (event.done !== done || event.running < event.of) changed = last;
    done = event.done;
  };
  const tell = (/** @type {string} */ trouble) => {
    if (trouble !== told) onTrouble(trouble);
    told = trouble;
  };
  /** How much of the processor it used since the last time. */
  const measure = (/** @type {import('./process-look.js').Look | null} */ seen) => {
    const at = Date.now();
    if (seen && measured && seen.cpu - measured.cpu >= (SHARE * (at - measured.at)) / 1000) worked = at;
    if (seen) measured = { cpu: seen.cpu, at };
  };
  const next = () => {
    if (!over) cancel = patience.after(timing.everyMs, ask);
  };
  const ask = async () => {
    if (sleeps !== patience.sleeps) {
      sleeps = patience.sleeps;
      last = Date.now();
      changed = last;
      worked = last;
      measured = null;
    }
    const silentMs = () => Math.max(Date.now() - last, stalledMs);
    const taken = requests.of > 0 && requests.running >= requests.of;
    let stopped = false;
    if (silentMs() > 2 * timing.everyMs || taken) {
      const seen = await look(child.pid || 0);
      measure(seen);
      stopped = Boolean(seen && seen.stopped);
    } else {
      worked = Date.now();
      measured = null;
    }
    if (over) return;
    if (sleeps !== patience.sleeps) return next();
    const facts = { silentMs: silentMs(), stopped, idleMs: Date.now() - worked, unchangedMs: Date.now() - changed, requests };
    const { condition, end } = judge(facts, timing);
    tell(words(condition, facts));
    if (!end) return next();
    over = true;
    const ms = end === 'stuck' ? facts.unchangedMs : facts.silentMs;
    onStuck(say(ENDS[end], { seconds: Math.round(ms / 1000) }));
  };
  child.on('event', onEvent);
  next();
  return () => {
    over = true;
    cancel();
    child.off('event', onEvent);
    tell('');
  };
}

/**
 * @param {import('../policy/liveness.js').Condition} condition
 * @param {import('../policy/liveness.js').Facts} facts
 */
function words(condition, { silentMs, requests: { running, of, oldest } }) {
  const seconds = Math.round(silentMs / 1000);
  if (condition === 'busy') return say('{running} of {of} requests are running, the oldest for {seconds} s.', { running, of, seconds: Math.round(oldest) });
  if (condition === 'computing') return say('The app has been busy computing for {seconds} s and does not respond.', { seconds });
  return condition === 'silent' ? say('The app has not responded for {seconds} s.', { seconds }) : '';
}
