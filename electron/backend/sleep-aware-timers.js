/** A timer that fires later than this by wall-clock time fired after the computer slept. */
const SLEPT_MS = 10000;

/**
 * @typedef {{ms: number, act: () => void, since: number, timer: NodeJS.Timeout | null}} Wait
 */

/**
 * Timers that pause while the computer sleeps, so that time in which no process could run does not
 * count against a child: after a sleep every timer starts anew. A shell without sleep events (plain
 * Node) notices sleeps by the clock.
 */
export class SleepAwareTimers {
  /** @type {Set<Wait>} */
  #waits = new Set();
  #held = false;

  /** Number of sleeps so far, so that code in the middle of something can notice one. */
  sleeps = 0;

  /**
   * @param {() => number} [now] ms since the epoch
   */
  constructor(now = Date.now) {
    this.now = now;
  }

  /**
   * @param {number} ms
   * @param {() => void} act called once, unless cancelled
   * @returns {() => void} cancels it
   */
  after(ms, act) {
    /** @type {Wait} */
    const wait = { ms, act, since: 0, timer: null };
    this.#waits.add(wait);
    if (!this.#held) this.#begin(wait);
    return () => {
      this.#waits.delete(wait);
      if (wait.timer) clearTimeout(wait.timer);
    };
  }

  /** The computer is going to sleep: stop all timers. */
  hold() {
    this.#held = true;
    this.sleeps += 1;
    for (const wait of this.#waits) if (wait.timer) clearTimeout(wait.timer);
  }

  /** It is awake: restart every timer. */
  release() {
    this.#held = false;
    this.#anew();
  }

  #anew() {
    for (const wait of this.#waits) {
      if (wait.timer) clearTimeout(wait.timer);
      this.#begin(wait);
    }
  }

  /** @param {Wait} wait */
  #begin(wait) {
    wait.since = this.now();
    wait.timer = setTimeout(() => this.#ring(wait), wait.ms);
  }

  /** @param {Wait} wait */
  #ring(wait) {
    if (this.now() - wait.since > wait.ms + SLEPT_MS) {
      this.sleeps += 1;
      this.#anew();
      return;
    }
    this.#waits.delete(wait);
    wait.act();
  }
}
