/**
 * Event streams for any number of tabs over one connection: a browser gives a host only six. One tab
 * leads: it holds the stream, which carries what every tab follows, and hands on what arrives. A tab
 * that nobody has looked at yet follows nothing.
 *
 * Who leads and who follows what is kept in Web Locks, which the browser takes back from a tab that
 * is gone, however it went.
 */

const STREAM = '/desktop/events/';
const LEADER = 'djdesk-events-leader';
const TAB = 'djdesk-events-tab ';
const BACKOFF = [500, 1000, 2000, 4000, 8000, 15000]; // ms between attempts to connect
const GATHER = 50; // ms in which tabs that come and go together make one new stream
const BEAT = 10000; // ms; a hidden tab's timers may be slowed to one a minute
const MISSED = 150000; // ms without a beat after which another tab leads

/**
 * @typedef {object} Follower
 * @property {(name: string, data: any) => void} onEvent `refused` with `{status}` when the server has no such stream
 * @property {(open: boolean) => void} onConnection whether there is a stream, told when it changes
 *
 * @typedef {{url: string, event: string, data: any}} Message one of the stream's
 * @typedef {{type: 'event', message: Message} | {type: 'connection', open: boolean} | {type: 'tabs'} | {type: 'reopen'} | {type: 'beat'}} Letter
 */

/**
 * Follow the event stream of a view (`djdesk.desktop.live.event_stream`) from when this tab is first
 * seen until it goes.
 * @param {string} url path of the view
 * @param {Follower} follower
 * @returns {{end: () => void, reopen: () => void}} `reopen`: the connection may look open and be dead
 */
export function follow(url, follower) {
  const tab = new Tab(url, follower);
  const begin = () => {
    if (document.visibilityState === 'visible') tab.join();
  };
  const restored = (/** @type {PageTransitionEvent} */ event) => { if (event.persisted) begin(); };
  const leave = () => tab.leave();
  begin();
  document.addEventListener('visibilitychange', begin);
  window.addEventListener('pageshow', restored);
  window.addEventListener('pagehide', leave);
  return {
    end: () => {
      document.removeEventListener('visibilitychange', begin);
      window.removeEventListener('pageshow', restored);
      window.removeEventListener('pagehide', leave);
      tab.leave();
    },
    reopen: () => tab.reopen(),
  };
}

class Tab {
  /** @param {string} url @param {Follower} follower */
  constructor(url, follower) {
    this.url = url;
    this.follower = follower;
    this.name = `${TAB}${Math.random().toString(36).slice(2)} ${url}`;
    /** @type {AbortController | null} */
    this.joined = null;
    /** @type {BroadcastChannel | null} */
    this.channel = null;
    /** @type {Lead | null} */
    this.lead = null;
    /** @type {boolean | null} */
    this.connected = null;
    this.heard = 0;
    this.watch = 0;
  }

  join() {
    if (this.joined) return;
    const joined = new AbortController();
    this.joined = joined;
    this.channel = new BroadcastChannel('djdesk-events');
    this.channel.onmessage = ({ data }) => this.receive(data);
    this.heard = Date.now();
    this.watch = window.setInterval(() => this.look(), BEAT);
    const held = () => new Promise((resolve) => {
      joined.signal.addEventListener('abort', resolve);
      this.post({ type: 'tabs' });
    });
    navigator.locks.request(this.name, held).catch(() => {});
    this.queue(false);
  }

  leave() {
    if (!this.joined) return;
    this.joined.abort();
    this.joined = null;
    clearInterval(this.watch);
    this.post({ type: 'tabs' });
    if (this.channel) this.channel.close();
    this.channel = null;
  }

  reopen() {
    if (this.joined) this.post({ type: 'reopen' });
  }

  /** Wait to lead; `steal`: the one that leads does not answer. @param {boolean} steal */
  queue(steal) {
    const { joined } = this;
    if (!joined) return;
    const leads = () => new Promise((resolve) => {
      if (joined.signal.aborted) return resolve(undefined);
      this.lead = new Lead((letter) => this.post(letter));
      joined.signal.addEventListener('abort', () => {
        if (this.lead) this.lead.end();
        this.lead = null;
        resolve(undefined);
      });
      return undefined;
    });
    navigator.locks.request(LEADER, steal ? { steal } : { signal: joined.signal }, leads).catch(() => {
      // Called off, or stolen: then it waits for its turn again.
      if (this.lead) this.lead.end();
      this.lead = null;
      if (this.joined === joined) this.queue(false);
    });
  }

  look() {
    if (this.lead) this.post({ type: 'beat' });
    else if (document.visibilityState === 'visible' && Date.now() - this.heard > MISSED) {
      this.heard = Date.now();
      this.queue(true);
    }
  }

  /** To every tab, this one too. @param {Letter} letter */
  post(letter) {
    if (this.channel) this.channel.postMessage(letter);
    this.receive(letter);
  }

  /** @param {Letter} letter */
  receive(letter) {
    this.heard = Date.now();
    if (this.lead && letter.type === 'tabs') this.lead.gather();
    if (this.lead && letter.type === 'reopen') this.lead.open();
    if (!this.joined) return;
    if (letter.type === 'connection' && letter.open !== this.connected) {
      this.connected = letter.open;
      this.follower.onConnection(letter.open);
    }
    if (letter.type === 'event' && letter.message.url === this.url) this.follower.onEvent(letter.message.event, letter.message.data);
  }
}

/** The stream, in the tab that leads. */
class Lead {
  /** @param {(letter: Letter) => void} post */
  constructor(post) {
    this.post = post;
    /** @type {EventSource | null} */
    this.source = null;
    this.failures = 0;
    this.timer = 0;
    this.over = false;
    this.gather();
  }

  /** Tabs have come or gone. One that has come needs the state as it is: a new stream begins with it. */
  gather() {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.open(), GATHER);
  }

  async open() {
    const { held = [] } = await navigator.locks.query();
    const urls = new Set(held.map(({ name = '' }) => name).filter((name) => name.startsWith(TAB)).map((name) => name.slice(TAB.length).replace(/^\S+ /, '')));
    if (this.over) return;
    clearTimeout(this.timer);
    if (this.source) this.source.close();
    this.source = null;
    if (!urls.size) return;
    const source = new EventSource(`${STREAM}?${new URLSearchParams([...urls].sort().map((url) => ['s', url]))}`);
    this.source = source;
    source.onopen = () => {
      this.failures = 0;
      this.post({ type: 'connection', open: true });
    };
    source.onmessage = ({ data }) => this.post({ type: 'event', message: JSON.parse(data) });
    source.onerror = () => {
      if (this.source !== source) return;
      this.post({ type: 'connection', open: false });
      // After a broken connection the browser tries by itself; after an answer such as 503 it has
      // given up for good.
      if (source.readyState !== EventSource.CLOSED) return;
      this.timer = window.setTimeout(() => this.open(), BACKOFF[Math.min(this.failures++, BACKOFF.length - 1)]);
    };
  }

  end() {
    this.over = true;
    clearTimeout(this.timer);
    if (this.source) this.source.close();
    this.source = null;
  }
}
