/**
 * Event streams for any number of tabs over one connection, because a browser allows only six per
 * host. One tab is the leader: it holds the stream, which carries what all tabs follow, and
 * forwards what arrives. A tab that has never been visible follows nothing.
 *
 * Leadership and subscriptions are kept as Web Locks, which the browser releases when a tab is gone
 * for whatever reason.
 */

const STREAM = '/desktop/events/';
const LEADER = 'djdesk-events-leader';
const TAB = 'djdesk-events-tab ';
const BACKOFF = [500, 1000, 2000, 4000, 8000, 15000]; // ms before each reconnection attempt
const GATHER = 50; // ms in which changes of tabs are combined into one new stream
const BEAT = 10000; // ms; hidden tabs' timers may be throttled to one a minute
const MISSED = 150000; // ms without a beat before another tab takes over

/**
 * @typedef {object} Follower
 * @property {(name: string, data: any) => void} onEvent `refused` with `{status}` if the server has no such stream
 * @property {(open: boolean) => void} onConnection called when the stream connects or disconnects
 *
 * @typedef {{url: string, event: string, data: any}} Message one message of the stream
 * @typedef {{type: 'event', message: Message} | {type: 'connection', open: boolean} | {type: 'tabs'} | {type: 'reopen'} | {type: 'beat'}} TabMessage
 */

/**
 * Follow the event stream of a view (`djdesk.desktop.live.event_stream`) from when this tab first
 * becomes visible until it closes.
 * @param {string} url path of the view
 * @param {Follower} follower
 * @returns {{end: () => void, reopen: () => void}} `reopen`: reconnect; the connection may look open but be dead
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

  /** Wait to lead; `steal`: take over from a leader that does not respond. @param {boolean} steal */
  queue(steal) {
    const { joined } = this;
    if (!joined) return;
    const leads = () => new Promise((resolve) => {
      if (joined.signal.aborted) return resolve(undefined);
      this.lead = new Lead((message) => this.post(message));
      joined.signal.addEventListener('abort', () => {
        if (this.lead) this.lead.end();
        this.lead = null;
        resolve(undefined);
      });
      return undefined;
    });
    navigator.locks.request(LEADER, steal ? { steal } : { signal: joined.signal }, leads).catch(() => {
      // Aborted or stolen: wait for the next turn.
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

  /** To every tab, including this one. @param {TabMessage} message */
  post(message) {
    if (this.channel) this.channel.postMessage(message);
    this.receive(message);
  }

  /** @param {TabMessage} message */
  receive(message) {
    this.heard = Date.now();
    if (this.lead && message.type === 'tabs') this.lead.gather();
    if (this.lead && message.type === 'reopen') this.lead.open();
    if (!this.joined) return;
    if (message.type === 'connection' && message.open !== this.connected) {
      this.connected = message.open;
      this.follower.onConnection(message.open);
    }
    if (message.type === 'event' && message.message.url === this.url) this.follower.onEvent(message.message.event, message.message.data);
  }
}

/** The stream, held by the leading tab. */
class Lead {
  /** @param {(message: TabMessage) => void} post */
  constructor(post) {
    this.post = post;
    /** @type {EventSource | null} */
    this.source = null;
    this.failures = 0;
    this.timer = 0;
    this.over = false;
    this.gather();
  }

  /** Tabs opened or closed. A new tab needs the current state, with which every new stream begins. */
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
      // The browser reconnects by itself after a broken connection, but gives up for good after a
      // response such as 503.
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
