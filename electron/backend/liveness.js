import { sameText, say } from '../locale/messages.js';
import { judge, LIVENESS } from '../policy/liveness.js';
import { lookAt } from './process-look.js';

export { LIVENESS };

/** Minimum share of a processor that counts as computing: an idle process uses far less. */
const SHARE = 0.02;

/**
 * Why a server was ended; completes a sentence that begins with "The server".
 * @type {Record<string, (seconds: number) => import('../locale/messages.js').Message>}
 */
const ENDS = {
  stopped: (seconds) => say('was suspended from outside, did not respond for {seconds} s and was stopped', { seconds }),
  silent: (seconds) => say('made no progress for {seconds} s and was stopped', { seconds }),
  computing: (seconds) => say('was busy computing for {seconds} s, did not respond and was stopped', { seconds }),
  stuck: (seconds) => say('finished none of its requests for {seconds} s and was stopped', { seconds }),
};

/**
 * Watches a ready server by its `alive` events and, if those stop, from outside. It sends the
 * server no requests, so a busy server is not ended.
 * @param {object} options
 * @param {import('./child.js').ManagedChild} options.child
 * @param {import('./sleep-aware-timers.js').SleepAwareTimers} options.timers time asleep does not count
 * @param {(trouble: import('../locale/messages.js').Text) => void} options.onTrouble called with the problem in words, and with '' once it is over
 * @param {(ended: import('../locale/messages.js').Text) => void} options.onStuck called once with the reason, which completes "The server …"
 * @param {typeof LIVENESS} [options.timing]
 * @param {typeof lookAt} [options.look]
 * @returns {() => void} stops watching
 */
export function watchLiveness({ child, timers, onTrouble, onStuck, timing = LIVENESS, look = lookAt }) {
  let over = false;
  let cancel = () => {};
  let sleeps = timers.sleeps;
  /** @type {import('../locale/messages.js').Text} */
  let reported = '';
  let last = Date.now();
  let stalledMs = 0;
  let requests = { running: 0, of: 0, oldest: 0 };
  let done = 0;
  let changed = Date.now();
  /** When it was last seen using the processor. */
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
  const tell = (/** @type {import('../locale/messages.js').Text} */ trouble) => {
    if (!sameText(trouble, reported)) onTrouble(trouble);
    reported = trouble;
  };
  /** Share of the processor used since the last check. */
  const measure = (/** @type {import('./process-look.js').Look | null} */ seen) => {
    const at = Date.now();
    if (seen && measured && seen.cpu - measured.cpu >= (SHARE * (at - measured.at)) / 1000) worked = at;
    if (seen) measured = { cpu: seen.cpu, at };
  };
  const next = () => {
    if (!over) cancel = timers.after(timing.everyMs, ask);
  };
  const ask = async () => {
    if (sleeps !== timers.sleeps) {
      sleeps = timers.sleeps;
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
    if (sleeps !== timers.sleeps) return next();
    const facts = { silentMs: silentMs(), stopped, idleMs: Date.now() - worked, unchangedMs: Date.now() - changed, requests };
    const { condition, end } = judge(facts, timing);
    tell(words(condition, facts));
    if (!end) return next();
    over = true;
    const ms = end === 'stuck' ? facts.unchangedMs : facts.silentMs;
    onStuck(ENDS[end](Math.round(ms / 1000)));
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
