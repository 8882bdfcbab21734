import assert from 'node:assert/strict';
import http from 'node:http';
import test from 'node:test';

import { requestBackend } from '../../electron/backend/http.js';
import { Problem } from '../../electron/backend/problem.js';
import { waitUntilHealthy } from '../../electron/backend/readiness.js';

const never = new Promise(() => {});
const body = JSON.stringify({ status: 'ok', pid: 1, launch_id: 'ab', version: '1' });

/**
 * @param {(n: number) => import('../../electron/backend/http.js').Answer | Error | Promise<any>} answer
 * @param {Partial<import('../../electron/backend/readiness.js').ReadinessOptions>} [change]
 */
function wait(answer, change = {}) {
  let asked = 0;
  return waitUntilHealthy({
    port: 1, token: 't', launchId: 'ab', exited: never, intervalMs: 1, limitMs: 60000,
    request: async () => {
      asked += 1;
      const result = await answer(asked);
      if (result instanceof Error) throw result;
      return result;
    },
    ...change,
  });
}

/** @param {string} code */
const problem = (code) => (/** @type {unknown} */ error) => error instanceof Problem && error.failure.code === code;

test('asks until the answer is 200', async () => {
  const answers = [new Error('ECONNREFUSED'), { status: 503, body: '' }, { status: 200, body }];
  assert.equal((await wait((n) => answers[n - 1]))?.launch_id, 'ab');
});

test('a foreign launch id, or no health page at all, means a foreign program', async () => {
  await assert.rejects(wait(() => ({ status: 200, body: body.replace('"ab"', '"cd"') })), problem('port_in_use'));
  await assert.rejects(wait(() => ({ status: 200, body: '<html>' })), problem('port_in_use'));
  await assert.rejects(wait(() => ({ status: 200, body: 'null' })), problem('port_in_use'));
});

test('gives up at the limit and says what it saw last', async () => {
  await assert.rejects(wait(() => ({ status: 503, body: '' }), { limitMs: 60 }), /it answered 503/);
});

test('the death of the child ends the wait at once, even in mid-request', async () => {
  const exited = new Promise((resolve) => { setTimeout(resolve, 20); });
  assert.equal(await wait(() => never, { exited }), null);
});

test('a request carries the token to the loopback address and nothing through a proxy', async (t) => {
  const server = http.createServer((request, response) => {
    response.end(JSON.stringify([request.method, request.url, request.headers.host, request.headers['x-djdesk-token']]));
  });
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', () => resolve(null)); });
  t.after(() => server.close());
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const answer = await requestBackend({ port, token: 'secret', path: '/x', method: 'POST' });
  assert.deepEqual(JSON.parse(answer.body), ['POST', '/x', `127.0.0.1:${port}`, 'secret']);
});

test('a server that accepts and says nothing does not hold us', async (t) => {
  const server = http.createServer(() => {});
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', () => resolve(null)); });
  t.after(() => server.close());
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  await assert.rejects(requestBackend({ port, token: 't', path: '/', timeoutMs: 40 }), /no answer within 40 ms/);
});
