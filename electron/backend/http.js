import http from 'node:http';

import { HOST, TOKEN_HEADER } from './contract.js';

const MAX_BODY_BYTES = 1024 * 1024;

/**
 * @typedef {{status: number, body: string}} Answer
 *
 * @typedef {object} BackendRequest
 * @property {number} port
 * @property {string} token
 * @property {string} path
 * @property {string} [method]
 * @property {number} [timeoutMs] for the whole exchange
 */

/**
 * One request to our own server: a fresh connection to the literal loopback address, which no proxy
 * variable or keep-alive pool can redirect.
 * @param {BackendRequest} request
 * @returns {Promise<Answer>} rejects with the socket's error or a timeout
 */
export function requestBackend({ port, token, path, method = 'GET', timeoutMs = 2000 }) {
  return new Promise((resolve, reject) => {
    const agent = new http.Agent({ keepAlive: false });
    const request = http.request({
      agent,
      host: HOST,
      port,
      path,
      method,
      headers: { [TOKEN_HEADER]: token, 'Content-Length': 0 },
    });
    const timer = setTimeout(
      () => request.destroy(new Error(`no answer within ${timeoutMs} ms`)),
      timeoutMs,
    );
    request.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    request.on('response', (response) => {
      /** @type {Buffer[]} */
      const chunks = [];
      let size = 0;
      response.on('data', (chunk) => {
        size += chunk.length;
        if (size <= MAX_BODY_BYTES) chunks.push(chunk);
        else request.destroy(new Error('the answer is too long'));
      });
      response.on('error', reject);
      response.on('close', () => clearTimeout(timer));
      response.on('end', () => {
        resolve({ status: response.statusCode || 0, body: Buffer.concat(chunks).toString('utf8') });
      });
    });
    request.end();
  });
}
