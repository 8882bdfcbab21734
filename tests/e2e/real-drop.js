import { execFileSync, spawnSync } from 'node:child_process';

import { until } from '../electron/fixtures/harness.js';

/** Why a real drag and drop cannot be made here, or false. */
export function cannotDrag() {
  if (process.platform !== 'linux') return 'the pointer is moved with xdotool, on X11';
  return spawnSync('xdotool', ['version']).error ? 'needs-package: xdotool' : false;
}

/**
 * Press the mouse button, move the pointer like a user, and release.
 * @param {Pick<import('./window.js').Running, 'display'>} running
 * @param {{x: number, y: number}} from on the screen, in pixels
 * @param {{x: number, y: number}} to
 * @param {() => Promise<boolean>} [arrived] keeps moving there until this is true, then releases
 */
export async function dragTo({ display }, from, to, arrived) {
  const point = (/** @type {(string | number)[]} */ steps) => execFileSync('xdotool', steps.map(String), { env: { ...process.env, DISPLAY: display }, timeout: 15000 });
  const steps = ['mousemove', from.x, from.y, 'sleep', '0.2', 'mousedown', '1', 'sleep', '0.1'];
  for (let i = 1; i <= 6; i += 1) steps.push('mousemove', from.x + 3 * i, from.y, 'sleep', '0.05');
  for (let i = 1; i <= 10; i += 1) {
    steps.push('mousemove', Math.round(from.x + ((to.x - from.x) * i) / 10), Math.round(from.y + ((to.y - from.y) * i) / 10), 'sleep', '0.05');
  }
  point([...steps, 'mousemove', to.x + 2, to.y + 2, 'sleep', '0.3']);
  let step = 0;
  if (arrived) await until(async () => await arrived() || (point(['mousemove', to.x + (step += 1) % 5, to.y]), false), { what: 'the pointer to be seen there' });
  point(['mouseup', '1']);
}

/**
 * Drag a real file or folder from a second window onto the middle of the shell's window, with the
 * system's own drag and drop.
 * @param {Pick<import('./window.js').Running, 'app' | 'page' | 'display'>} running
 * @param {string} file
 */
export async function drop({ app, page, display }, file) {
  // The source: a page whose element starts a native drag of the file.
  const source = await app.evaluate(async ({ BrowserWindow, nativeImage, session }, dragged) => {
    const window = new BrowserWindow({
      x: 900, y: 700, width: 200, height: 120, frame: false, alwaysOnTop: true,
      webPreferences: { session: session.fromPartition('drag-source'), sandbox: false, contextIsolation: true },
    });
    Object.assign(globalThis, { dragSource: window });
    await window.loadURL('data:text/html,<body style="margin:0"><div draggable="true" style="width:200px;height:120px;background:teal">drag</div>');
    await window.webContents.executeJavaScript(`
      document.querySelector('div').addEventListener('dragstart', (event) => { event.preventDefault(); document.title = 'drag'; }); 0`);
    const icon = nativeImage.createFromDataURL('data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==');
    window.webContents.once('page-title-updated', () => window.webContents.startDrag({ file: dragged, icon }));
    return window.getBounds();
  }, file);
  const here = page.url();
  await page.evaluate(() => {
    window.addEventListener('drop', () => { Object.assign(window, { dropped: true }); }, { capture: true, once: true });
  });
  const target = await page.evaluate(() => ({
    x: Math.round(window.screenX + (window.outerWidth - window.innerWidth) / 2 + window.innerWidth / 3),
    y: Math.round(window.screenY + (window.outerHeight - window.innerHeight) + window.innerHeight / 3),
  }));
  await dragTo({ display }, { x: source.x + 60, y: source.y + 60 }, target);
  // The system's drag ends with a message to its source window: Chromium crashes if that is gone by then. A
  // page that navigated away also received its drop.
  await until(async () => page.url() !== here || page.evaluate(() => Boolean(/** @type {any} */ (window).dropped)).catch(() => false), { what: 'the drop' });
  await app.evaluate(async () => {
    await new Promise((resolve) => { setTimeout(resolve, 300); });
    /** @type {any} */ (globalThis).dragSource.destroy();
  });
}
