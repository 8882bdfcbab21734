/** A timer that rings later than this, by the clock on the wall, rang after a sleep of the computer. */
const SLEPT_MS = 10000;

/**
 * @typedef {{ms: number, act: () => void, since: number, timer: NodeJS.Timeout | null}} Wait
 */

/**
 * Waits that a sleeping computer does not use up. What a child did not do while nobody could do
 * anything must not be held against it: after a sleep every wait begins anew. A shell that is not
 * told of sleeps (plain Node) notices them by the clock.
 */
export class Patience {
  /** @type {Set<Wait>} */
  #waits = new Set();
  #held = false;

  /** How many sleeps there were, so that whoever was in the middle of something can tell. */
  sleeps = 0;

  /**
   * @param {() => number} [now] ms since the epoch
   */
  constructor(now = Date.now) {
    this.now = now;
  }

  /**
   * @param {number} ms
   * @param {() => void} act called once, unless the wait is called off
   * @returns {() => void} calls it off
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

  /** The computer goes to sleep: nothing rings any more. */
  hold() {
    this.#held = true;
    this.sleeps += 1;
    for (const wait of this.#waits) if (wait.timer) clearTimeout(wait.timer);
  }

  /** It is awake: every wait begins anew. */
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
