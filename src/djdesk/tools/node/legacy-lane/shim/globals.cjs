/** Newer JavaScript features that the bundled main process uses. Development and tests only. */
'use strict';

if (typeof globalThis.Response === 'undefined') {
  // The part that a protocol handler needs: status, headers, body.
  globalThis.Response = /** @type {any} */ (class Response {
    /** @param {string | Buffer} body @param {{status?: number, headers?: Record<string, string>}} [init] */
    constructor(body, init = {}) {
      this.body = Buffer.from(body);
      this.status = init.status || 200;
      this.headers = init.headers || {};
    }
  });
}
