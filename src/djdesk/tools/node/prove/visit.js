import { LINKS, fillIn, prepare } from './in-page.js';

/** Milliseconds for a page to load; the product's own pages need a tenth of a second. */
const TIMEOUT = 20_000;
/** A page that has fetched nothing for this many milliseconds is idle. */
const REST = 250;
/** Maximum wait after a page has loaded: event streams never end. */
const RESTLESS = 2_000;
const PICTURE = 5_000;
const BINDING = '__djdeskProve';

/**
 * @typedef {object} Request
 * @property {string} url
 * @property {string} type Chromium's name: Document, Script, Stylesheet, Image, Font, Fetch, …
 * @property {number} status 0 if there was no response
 * @property {string} error
 * @property {string} by URL of the page, style sheet or script that requested it
 * @property {number} line in that file, from 1; 0 if unknown
 *
 * @typedef {object} Seen result of visiting a page
 * @property {number} status 0 for a timeout, 302 for a redirect loop
 * @property {string} kind media type
 * @property {boolean} saved offered as a download, and not fetched
 * @property {string} url final URL
 * @property {string} title
 * @property {string[]} links absolute addresses
 * @property {Request[]} requests of everything except the page itself
 * @property {object[]} violations of the content security policy
 * @property {string[]} errors of the page's scripts
 * @property {string} picture JPEG in base64, or ''
 * @property {number} ms
 */

/** The app's page in a browser, visiting one URL after the other. */
export class Visitor {
  /** @param {import('./open.js').Opened} opened */
  constructor({ devtools, session, origin }) {
    this.devtools = devtools;
    this.session = session;
    this.origin = origin;
    /** @type {Map<string, Request>} */
    this.requests = new Map();
    this.open = new Set();
    this.busy = Date.now();
    /** @type {object[]} */
    this.violations = [];
    /** @type {string[]} */
    this.errors = [];
    this.document = { status: 0, kind: '', saved: false, url: '' };
    this.report = '';
    this.enforce = '';
    this.script = '';
  }

  /** @param {string} method @param {object} [params] */
  send(method, params) {
    return this.devtools.send(method, params, this.session);
  }

  /** @param {string} name @param {(params: any) => void} listener */
  on(name, listener) {
    this.devtools.on(name, (params, session) => { if (session === this.session) listener(params); });
  }

  async begin() {
    this.on('Network.requestWillBeSent', (event) => this.#asked(event));
    this.on('Network.responseReceived', ({ requestId, response, type }) => {
      const request = this.requests.get(requestId);
      if (request) request.status = response.status;
      // An event stream never ends, so the page does not wait for it.
      if (type === 'EventSource' || response.mimeType === 'text/event-stream') this.#answered(requestId);
    });
    this.on('Network.loadingFinished', ({ requestId }) => this.#answered(requestId));
    this.on('Network.loadingFailed', ({ requestId, errorText, blockedReason, canceled }) => {
      const request = this.requests.get(requestId);
      if (request && !(canceled && request.status)) request.error = blockedReason || errorText || 'failed';
      this.#answered(requestId);
    });
    this.on('Runtime.bindingCalled', ({ name, payload }) => { if (name === BINDING) this.violations.push(JSON.parse(payload)); });
    this.on('Runtime.exceptionThrown', ({ exceptionDetails: { exception, text, url, lineNumber } }) => {
      this.errors.push(`${exception?.description?.split('\n')[0] ?? text} (${url ?? ''}:${lineNumber + 1})`);
    });
    this.on('Fetch.requestPaused', (event) => { this.#look(event).catch(() => {}); });
    this.on('Page.javascriptDialogOpening', () => { this.send('Page.handleJavaScriptDialog', { accept: true }).catch(() => {}); });
    for (const domain of ['Page', 'Network', 'Runtime']) await this.send(`${domain}.enable`);
    await this.send('Fetch.enable', { patterns: [{ resourceType: 'Document', requestStage: 'Response' }] });
    await this.send('Runtime.addBinding', { name: BINDING });
    await this.#prepared(true);
  }

  /** @param {any} event */
  #asked({ requestId, request, type, initiator, redirectResponse }) {
    const before = this.requests.get(requestId);
    if (redirectResponse && before) before.status = redirectResponse.status;
    const frame = initiator.stack?.callFrames?.[0];
    this.busy = Date.now();
    this.open.add(requestId);
    this.requests.set(redirectResponse ? `${requestId} ${this.requests.size}` : requestId, {
      url: request.url, type: type ?? '', status: 0, error: '',
      by: frame?.url ?? initiator.url ?? '', line: (frame?.lineNumber ?? initiator.lineNumber ?? -1) + 1,
    });
  }

  /** @param {string} id */
  #answered(id) {
    this.open.delete(id);
    this.busy = Date.now();
  }

  /**
   * Intercepts the response head of each document: cancels downloads, and applies policies to try.
   * @param {any} event
   */
  async #look({ requestId, request, frameId, responseStatusCode = 0, responseHeaders = [], responseErrorReason }) {
    const headers = new Map(responseHeaders.map((/** @type {any} */ one) => [one.name.toLowerCase(), one.value]));
    const kind = (headers.get('content-type') ?? '').split(';')[0].trim();
    const saved = (headers.get('content-disposition') ?? '').startsWith('attachment');
    const moved = responseStatusCode >= 300 && responseStatusCode < 400 && headers.has('location');
    if (frameId === this.frame && !moved) this.document = { status: responseStatusCode, kind, saved, url: request.url };
    if (responseErrorReason || moved) {
      await this.send('Fetch.continueRequest', { requestId });
    } else if (saved || !/^(text|image|application\/(xhtml|xml|json|pdf))/.test(kind) || kind === 'text/event-stream') {
      await this.send('Fetch.fulfillRequest', { requestId, responseCode: 204 });
    } else if ((this.report || this.enforce) && kind === 'text/html' && headers.has('content-length')) {
      // Headers of a continued response are read before they can be changed, so the response is fulfilled
      // instead. One without a length may be an endless stream.
      const policies = { 'content-security-policy': this.enforce, 'content-security-policy-report-only': this.report };
      const kept = responseHeaders.filter((/** @type {any} */ { name }) => !(/** @type {any} */ (policies)[name.toLowerCase()]));
      const added = Object.entries(policies).filter(([, value]) => value).map(([name, value]) => ({ name, value }));
      const { body, base64Encoded } = await this.send('Fetch.getResponseBody', { requestId });
      await this.send('Fetch.fulfillRequest', {
        requestId, responseCode: responseStatusCode, responseHeaders: [...kept, ...added],
        body: base64Encoded ? body : Buffer.from(body).toString('base64'),
      });
    } else {
      await this.send('Fetch.continueRequest', { requestId });
    }
  }

  /**
   * @param {string} path
   * @param {{report?: string, enforce?: string, picture?: boolean}} [options] `report`: a report-only policy
   *     besides the page's own; `enforce`: a policy that replaces it
   * @returns {Promise<Seen>}
   */
  async visit(path, { report = '', enforce = '', picture = true } = {}) {
    const begun = Date.now();
    this.report = report;
    this.enforce = enforce;
    let errorText = await this.#go(path);
    // The previous page may have been navigating and won the race.
    if (errorText && !this.document.status) errorText = await this.#go(path);
    // No document arrived despite several responses.
    if (errorText === 'net::ERR_TOO_MANY_REDIRECTS') this.document.status = 302;
    const shown = !errorText && this.document.kind.startsWith('text/html');
    const { title = '', links = [] } = shown ? await this.#evaluate(LINKS) ?? {} : {};
    return {
      ...this.document, title, links,
      requests: [...this.requests.values()].filter(({ url, type }) => type !== 'Document' || !url.startsWith(this.origin)),
      // Chromium shows text and images in a page of its own, whose styles are not the app's.
      violations: shown ? this.violations : [], errors: this.errors,
      picture: picture && !errorText && !this.document.saved ? await this.#picture() : '', ms: Date.now() - begun,
    };
  }

  /**
   * Returns why nothing is shown: the load failed, or it is a download.
   * @param {string} path @returns {Promise<string>} why nothing is shown: it failed, or is to be saved
   */
  async #go(path) {
    this.#forget();
    const loaded = this.#loaded();
    const { errorText = '' } = await this.send('Page.navigate', { url: this.origin + path });
    if (!errorText) await loaded.done;
    loaded.stop();
    await this.#rested();
    return errorText;
  }

  /**
   * Adds an object with an admin form.
   * @param {string} path @param {string} marker
   * @returns {Promise<Seen & {problem: string}>} `problem`: why it was not saved
   */
  async fill(path, marker) {
    await this.#prepared(false);
    try {
      const before = await this.visit(path, { picture: false });
      if (before.status !== 200 || new URL(before.url).pathname !== path) return { ...before, problem: `the form answers ${before.status}` };
      this.#forget();
      const loaded = this.#loaded();
      let problem = await this.#evaluate(fillIn(marker));
      if (!problem) {
        await loaded.done;
        await this.#rested();
        if (this.document.status !== 200 || new URL(this.document.url).pathname === path) {
          problem = await this.#evaluate('[...document.querySelectorAll(".errornote, .errorlist li")].map((e) => e.innerText).join(" ")') || `it answers ${this.document.status}`;
        }
      }
      loaded.stop();
      const { title = '', links = [] } = await this.#evaluate(LINKS) ?? {};
      return { ...before, ...this.document, title, links, problem, picture: await this.#picture() };
    } finally {
      await this.#prepared(true);
    }
  }

  /** Whether pages are prevented from submitting forms. @param {boolean} on */
  async #prepared(on) {
    if (this.script) await this.send('Page.removeScriptToEvaluateOnNewDocument', { identifier: this.script });
    this.script = on ? (await this.send('Page.addScriptToEvaluateOnNewDocument', { source: prepare(BINDING) })).identifier : '';
    this.frame = (await this.send('Page.getFrameTree')).frameTree.frame.id;
  }

  #forget() {
    this.requests.clear();
    this.open.clear();
    this.violations = [];
    this.errors = [];
    this.document = { status: 0, kind: '', saved: false, url: '' };
  }

  #loaded() {
    /** @type {() => void} */
    let stop = () => {};
    /** @type {Promise<void>} */
    const done = new Promise((resolve) => {
      const finish = (/** @type {any} */ _params, /** @type {string} */ session) => { if (session === this.session) resolve(); };
      const timer = setTimeout(resolve, TIMEOUT);
      this.devtools.on('Page.loadEventFired', finish);
      stop = () => {
        clearTimeout(timer);
        this.devtools.off('Page.loadEventFired', finish);
      };
    });
    return { done, stop: () => stop() };
  }

  /** @returns {Promise<void>} */
  #rested() {
    const latest = Date.now() + RESTLESS;
    return new Promise((resolve) => {
      const timer = setInterval(() => {
        if (Date.now() < latest && (this.open.size > 0 || Date.now() - this.busy < REST)) return;
        clearInterval(timer);
        resolve();
      }, 25);
    });
  }

  /** @param {string} expression */
  async #evaluate(expression) {
    const { result, exceptionDetails } = await this.send('Runtime.evaluate', { expression, returnByValue: true, awaitPromise: true });
    return exceptionDetails ? null : result.value;
  }

  async #picture() {
    const options = { format: 'jpeg', quality: 55, optimizeForSpeed: true };
    const late = new Promise((resolve) => { setTimeout(resolve, PICTURE, { data: '' }).unref(); });
    // A covered window paints nothing and would never answer.
    const { data } = await Promise.race([this.send('Page.captureScreenshot', options).catch(() => ({ data: '' })), late]);
    return data;
  }
}
