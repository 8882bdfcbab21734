/**
 * Opens the app in its window or in a Chromium and visits pages on request. For `djdesk prove`, which sends
 * lines of JSON; src/djdesk/tools/prove/browser.py is the other side.
 *
 *   node prove.js window|chromium|auto       the end of stdin ends everything
 *
 * | question | answer |
 * | --- | --- |
 * | (the start) | `{shell, version, reason}`; `shell` is null if there is none |
 * | `{do: "open", dataDir}` | `{origin}` |
 * | `{do: "cookie", name, value}` | `{}`; an empty value removes it |
 * | `{do: "visit", path, report?, enforce?, picture?}` | a Seen, see prove/visit.js |
 * | `{do: "fill", path, marker}` | the same, and `problem` |
 * | `{do: "close"}` | `{}` |
 *
 * A failure is `{failed, detail}`.
 */
import readline from 'node:readline';

import { choose, endAll, open } from './prove/open.js';
import { Visitor } from './prove/visit.js';
import { readPlan } from './setup/plan.js';
import { fail } from './setup/say.js';

/** @param {object} answer */
const tell = (answer) => process.stdout.write(`${JSON.stringify(answer)}\n`);

async function main() {
  const plan = readPlan();
  const wanted = /** @type {'window' | 'chromium' | 'auto'} */ (process.argv[2]);
  const choice = await choose(plan, wanted);
  tell({ version: '', ...choice });
  /** @type {import('./prove/open.js').Opened | null} */
  let opened = null;
  /** @type {Visitor | null} */
  let visitor = null;
  let ending = false;

  /** @type {Record<string, (question: any) => Promise<object>>} */
  const does = {
    open: async ({ dataDir }) => {
      if (choice.shell === null) throw new Error(choice.reason);
      opened = await open(plan, choice, dataDir);
      visitor = new Visitor(opened);
      await visitor.begin();
      return { origin: opened.origin };
    },
    cookie: async ({ name, value }) => {
      const url = /** @type {Visitor} */ (visitor).origin;
      if (value) await visitor?.send('Network.setCookie', { name, value, url, httpOnly: true, sameSite: 'Lax' });
      else await visitor?.send('Network.deleteCookies', { name, url });
      return {};
    },
    visit: async ({ path, ...options }) => /** @type {Visitor} */ (visitor).visit(path, options),
    fill: async ({ path, marker }) => /** @type {Visitor} */ (visitor).fill(path, marker),
    close: async () => {
      await opened?.close();
      opened = null;
      return {};
    },
  };

  const end = async () => {
    if (ending) return;
    ending = true;
    await endAll();
    process.exit(0);
  };
  for (const signal of /** @type {NodeJS.Signals[]} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, end);

  let turn = Promise.resolve();
  const lines = readline.createInterface({ input: process.stdin });
  lines.on('line', (line) => {
    const question = JSON.parse(line);
    turn = turn.then(() => does[question.do](question)).then(tell, (error) => tell({ failed: error.message, detail: error.detail ?? error.stack ?? '' })).then(() => {});
  });
  lines.on('close', end);
}

main().catch(fail);
