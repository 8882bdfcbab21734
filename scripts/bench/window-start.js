/**
 * One start of a packaged app: prints the milliseconds from spawn to the load of the app's first page, and
 * the app's pid. It then runs until stdin ends. Includes the driver's own cost, which holds the main process
 * until it is connected.
 *
 *   node scripts/bench/window-start.js PROGRAM DATA_DIR
 */
import { once } from 'node:events';
import path from 'node:path';

import { drive, virtualDisplay } from '../release/drive.js';

const [program, dataDir] = process.argv.slice(2).map((word) => path.resolve(word));
const screen = process.platform === 'linux' ? await virtualDisplay() : null;
const root = process.getuid?.() === 0;
try {
  const begun = Date.now();
  const { page, gone, pid } = await drive(program, {
    home: path.dirname(dataDir),
    display: screen?.display,
    args: [...(root ? ['--no-sandbox'] : []), '--disable-gpu', '--data-dir', dataDir],
  });
  await page.waitForURL(/^http:\/\/127\.0\.0\.1:/, { waitUntil: 'load', timeout: 30000 });
  const shown = await page.evaluate(() => performance.timeOrigin + performance.now());
  const loaded = await page.evaluate(() => {
    const [entry] = performance.getEntriesByType('navigation');
    return performance.timeOrigin + /** @type {PerformanceNavigationTiming} */ (entry).loadEventStart;
  });
  process.stdout.write(`${Math.round(Math.min(shown, loaded) - begun)} ${pid}\n`);
  process.stdin.resume();
  await once(process.stdin, 'end');
  process.kill(pid, 'SIGTERM');
  await gone;
} finally {
  screen?.end();
}
