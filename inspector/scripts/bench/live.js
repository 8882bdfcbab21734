/**
 * Measures the time from a commit in another process to the updated page.
 *
 *   node inspector/scripts/bench/live.js [--rounds 200] [--projects 20]
 *
 * A separate process renames a project and reports the time of the commit. The page in headless
 * Chromium reports when the new name was in the document and when the next frame was drawn. Both
 * read the same clock.
 */
import { appEnvironment } from '../../../scripts/setup/apps.js';
import { INSPECTOR } from '../../tests/e2e/support/pages.js';
import { spawn } from 'node:child_process';
import readline from 'node:readline';
import { parseArgs } from 'node:util';

import { chromium as browserPath, missing, PYTHON, startApp } from '../../../tests/e2e/support/app.js';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '200' }, projects: { type: 'string', default: '20' } } });
const ROUNDS = Number(values.rounds);
const LIMIT = 250; // ms

const WRITER = `
import sys, time, django
django.setup()
from inspector.models import Project
for number in range(${Number(values.projects)}):
    Project.objects.create(path=f"/nowhere/{number}", name=f"project {number}")
print("ready", flush=True)
for line in sys.stdin:
    Project.objects.filter(path="/nowhere/0").update(name=line.strip())
    print(time.time() * 1000, flush=True)
`;

async function main() {
  const lacking = missing();
  if (lacking) throw new Error(lacking);
  const { chromium } = await import('playwright-core');
  const app = await startApp(INSPECTOR);
  const browser = await chromium.launch({ executablePath: browserPath(), args: ['--no-sandbox', '--disable-background-networking'] });
  const writer = spawn(PYTHON, ['-I', '-c', WRITER], {
    stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, ...appEnvironment(INSPECTOR, app.dataDir) },
  });
  const said = readline.createInterface({ input: writer.stdout })[Symbol.asyncIterator]();
  try {
    await said.next();
    const page = await browser.newPage();
    await page.goto(await app.enter());
    await page.waitForSelector('[data-server][data-on="1"]');
    /** @type {number[]} */
    const document = [];
    /** @type {number[]} */
    const frame = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const name = `renamed ${round}`;
      const seen = page.evaluate((wanted) => new Promise((/** @type {(times: number[]) => void} */ resolve) => {
        const there = () => Array.from(window.document.querySelectorAll('.project-row .name')).some((link) => link.textContent === wanted);
        const observer = new MutationObserver(() => {
          if (!there()) return;
          observer.disconnect();
          const changed = Date.now();
          requestAnimationFrame(() => setTimeout(() => resolve([changed, Date.now()])));
        });
        observer.observe(window.document.body, { childList: true, subtree: true, characterData: true });
      }), name);
      // The commit happens at a random moment within the watcher's interval, as in reality.
      await page.waitForTimeout(Math.random() * 120);
      writer.stdin.write(`${name}\n`);
      const committed = Number((await said.next()).value);
      const [changed, drawn] = await seen;
      document.push(changed - committed);
      frame.push(drawn - committed);
    }
    for (const [what, times] of /** @type {[string, number[]][]} */ ([['in the document', document], ['drawn', frame]])) {
      times.sort((a, b) => a - b);
      const at = (/** @type {number} */ share) => times[Math.min(times.length - 1, Math.floor(times.length * share))];
      const late = times.filter((time) => time > LIMIT).length;
      console.log(`${what.padEnd(16)} median ${at(0.5).toFixed(0)} ms, 95 % ${at(0.95).toFixed(0)} ms, slowest ${at(1).toFixed(0)} ms, over ${LIMIT} ms: ${late} of ${ROUNDS}`);
    }
  } finally {
    writer.stdin.end();
    await browser.close();
    await app.stop();
  }
}

main().catch((error) => {
  console.error(String(error && error.stack ? error.stack : error));
  process.exitCode = 1;
});
