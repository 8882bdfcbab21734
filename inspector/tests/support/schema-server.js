// A page with only the diagram, served from 127.0.0.1 with the policy of the real pages.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { dirname, extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generateModels } from './schema-models.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const statics = join(root, 'inspector', 'static');
const [tokens, dark] = ['tokens.css', 'dark.css'].map((name) => join(root, '..', 'src', 'djdesk', 'desktop', 'static', 'desktop', name));
const TYPES = /** @type {Record<string, string>} */ ({ '.js': 'text/javascript', '.css': 'text/css', '.html': 'text/html; charset=utf-8', '.json': 'application/json' });

/** Like `SECURE_CSP` in inspector/settings.py; a test compares the two. */
export const POLICY = {
  'default-src': "'none'", 'script-src': "'self'", 'style-src': "'self'", 'img-src': "'self' data:", 'font-src': "'self'", 'connect-src': "'self'", 'worker-src': "'self'",
  'manifest-src': "'self'", 'frame-src': "'none'", 'object-src': "'none'", 'base-uri': "'none'", 'form-action': "'self'", 'frame-ancestors': "'none'",
};

const page = (/** @type {string} */ worker) => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Schema</title><link rel="icon" href="data:,">
<link rel="stylesheet" href="/tokens.css"><link rel="stylesheet" href="/harness.css"><link rel="stylesheet" href="/static/inspector/schema/schema.css"></head>
<body><main><h1>Schema</h1><div id="root" data-project="w1" data-name="shop"${worker}></div></main><script type="module" src="/harness.js"></script></body></html>`;

const HARNESS = `import { mountSchema } from '/static/inspector/schema/index.js';
async function start() {
  const models = await (await fetch('/models.json' + location.search)).json();
  window.opened = [];
  const started = performance.now();
  const root = document.getElementById('root');
  window.mount = (data) => mountSchema(root, { models: data, onOpenModel: (label) => window.opened.push(label) });
  window.schema = window.mount(models);
  await window.schema.ready;
  requestAnimationFrame(() => setTimeout(() => { window.painted = performance.now() - started; }));
}
start();
`;

/** @type {Map<string, any>} */
const samples = new Map();

/**
 * Query string: `n` generated models, or `sample` for one given here; `worker=0`
 * disables the worker.
 * @param {Record<string, any>} [given] name → data of a `models` section
 * @returns {Promise<{url: string, close(): Promise<void>}>}
 */
export async function serveSchema(given = {}) {
  for (const [name, data] of Object.entries(given)) samples.set(name, data);
  const server = createServer(async (request, response) => {
    const url = new URL(request.url || '/', 'http://127.0.0.1');
    /** @param {string} type @param {string|Buffer} body @param {number} [status] */
    const send = (type, body, status = 200) => {
      response.writeHead(status, { 'Content-Type': type, 'Content-Security-Policy': Object.entries(POLICY).map(([name, value]) => `${name} ${value}`).join('; '), 'X-Content-Type-Options': 'nosniff', 'Cache-Control': 'no-store' });
      response.end(body);
    };
    if (url.pathname === '/') return send(TYPES['.html'], page(url.searchParams.get('worker') === '0' ? '' : ' data-worker-url="/static/inspector/schema/layout-worker.js" data-layered-url="/static/inspector/vendor/elk-worker.js"'));
    if (url.pathname === '/harness.js') return send(TYPES['.js'], HARNESS);
    if (url.pathname === '/harness.css') return send(TYPES['.css'], 'html, body { margin: 0; height: 100%; } main { display: flex; flex-direction: column; height: 100%; } h1 { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); } #root { flex: 1 1 auto; min-height: 0; }');
    if (url.pathname === '/tokens.css') return send(TYPES['.css'], `${await readFile(tokens)}@media (prefers-color-scheme: dark) {${await readFile(dark)}}`);
    if (url.pathname === '/models.json') {
      const sample = url.searchParams.get('sample');
      return send(TYPES['.json'], JSON.stringify(sample ? samples.get(sample) : generateModels(Number(url.searchParams.get('n') || 0))));
    }
    const path = normalize(join(statics, url.pathname.replace(/^\/static\//, '')));
    if (!url.pathname.startsWith('/static/') || !path.startsWith(statics)) return send('text/plain', 'not here', 404);
    try {
      return send(TYPES[extname(path)] || 'application/octet-stream', await readFile(path));
    } catch {
      return send('text/plain', 'not here', 404);
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return { url: `http://127.0.0.1:${port}/`, close: () => new Promise((resolve) => { server.close(() => resolve()); server.closeAllConnections(); }) };
}
