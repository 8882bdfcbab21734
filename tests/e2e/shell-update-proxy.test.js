/** If the system has a proxy, update checks use it, and nothing else in the app does. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { after } from 'node:test';

import { newKey } from '../electron/fixtures/feed-server.js';
import { temporary } from '../electron/fixtures/harness.js';
import { appFile, PARITY, PYTHON } from './support/app.js';
import { close, menu, shown, windowTest } from './support/window-steps.js';
import { endDisplay } from './window.js';

after(endDisplay);

/** A proxy that refuses everything. @param {import('node:test').TestContext} t */
async function proxy(t) {
  /** @type {string[]} */
  const asked = [];
  const server = net.createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', (head) => {
      // TLS begins with byte 22: a direct connection that bypasses the proxy.
      asked.push(head[0] === 22 ? `directly: ${/[a-z0-9.-]+\.[a-z]{3,}/.exec(head.toString('latin1'))}` : head.toString().split('\r\n')[0]);
      socket.end('HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n');
    });
  });
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', () => resolve(undefined)); });
  t.after(() => server.close());
  return { asked, url: `http://127.0.0.1:${/** @type {net.AddressInfo} */ (server.address()).port}` };
}

windowTest('updates go through the proxy of the system, the app does not', { skip: process.platform !== 'linux' ? 'the proxy is named as on Linux' : false }, async (t) => {
  const dir = temporary(t);
  const { asked, url } = await proxy(t);
  const file = path.join(dir, 'app.json');
  const update = { feed: 'https://updates.example/parity/', keys: [newKey().public], channel: 'stable' };
  fs.writeFileSync(file, JSON.stringify({ ...JSON.parse(fs.readFileSync(appFile(PARITY), 'utf8')), update }));
  const running = await shown(t, {
    // Requests that bypass the proxy end up here as well.
    args: [`--host-resolver-rules=MAP * 127.0.0.1:${new URL(url).port}, EXCLUDE 127.0.0.1`],
    python: PYTHON,
    appFile: file,
    dataDir: path.join(dir, 'data'),
    env: { DJDESK_UPDATE_TARGET: path.join(dir, 'Parity.AppImage'), https_proxy: url, http_proxy: url },
  });
  await menu(running, 'updates-page');
  await running.page.click('button[data-act=check]');
  await running.page.waitForSelector('text=/The server could not be reached .*TUNNEL/');
  assert.ok(asked.length > 0);
  assert.deepEqual([...new Set(asked)], ['CONNECT updates.example:443 HTTP/1.1']);
  await close(running);
});
