/** Every page in the URLconf, so that new ones are included automatically. */
import { spawnSync } from 'node:child_process';

import { PYTHON } from '../../../../tests/e2e/support/app.js';
import { INSPECTOR } from './pages.js';

const ROUTES = `
import django
django.setup()
from django.urls import get_resolver

def walk(patterns, before=""):
    for one in patterns:
        route = before + str(one.pattern)
        if hasattr(one, "url_patterns"):
            walk(one.url_patterns, route)
        else:
            print("/" + route)

walk(get_resolver().url_patterns)
`;

/**
 * The paths of all pages, for the open project and the first object of each kind. The
 * server decides which routes are pages: they respond to GET, without a redirect, with HTML
 * from the app's origin.
 * @param {import('playwright-core').Page} page of the app @param {string} project path of its overview @param {string} dataDir
 * @returns {Promise<string[]>}
 */
export async function everyPage(page, project, dataDir) {
  const env = { ...process.env, DJANGO_SETTINGS_MODULE: 'djdesk.overlay.settings', DJDESK_APP: INSPECTOR, DJDESK_MODE: 'test', DJDESK_DATA_DIR: dataDir };
  const { stdout, stderr } = spawnSync(PYTHON, ['-c', ROUTES], { cwd: INSPECTOR, env, encoding: 'utf8' });
  const paths = stdout.split('\n').filter(Boolean).map((route) => route.replace(/^\/projects\/<int:pk>\//, project).replace('<int:number>', '1'));
  if (paths.length < 50) throw new Error(`too few routes: ${stderr}`);
  // In a separate page, because refusals count as complaints elsewhere.
  const asking = await page.context().newPage();
  await asking.goto(page.url());
  const pages = await asking.evaluate((all) => Promise.all(all.map(async (path) => {
    const ending = new AbortController();
    const answer = await fetch(path, { redirect: 'manual', signal: ending.signal }).catch(() => null);
    const header = (/** @type {string} */ name) => answer?.headers.get(name) || '';
    const is = answer?.status === 200 && header('content-type').startsWith('text/html') && !/(^|;)\s*sandbox/.test(header('content-security-policy'));
    ending.abort();
    return is ? path : '';
  })), paths.filter((path) => !path.includes('<')));
  await asking.close();
  return pages.filter(Boolean);
}
