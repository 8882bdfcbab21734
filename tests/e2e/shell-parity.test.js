/**
 * Features that Django developers take for granted: an ordinary project, driven in Chromium on `runserver`
 * and in the window of its desktop app. Each step returns what a user sees; both must be equal.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after } from 'node:test';

import { temporary, until } from '../electron/fixtures/harness.js';
import { inChromium, inWindow, LOGIN } from './support/parity.js';
import { close, long, shellPage, windowTest } from './support/window-steps.js';
import { endDisplay } from './window.js';

after(endDisplay);

/** @typedef {import('./support/parity.js').Site} Site */
/** @typedef {import('playwright-core').Page} Page */

const PIXEL = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');

/** @param {Site} site @param {string} to */
const go = ({ page, origin }, to) => page.goto(origin + to);
/** Text of the first match. @param {Page} page @param {string} what */
const text = async (page, what) => (await page.textContent(what))?.trim();
/** @param {Page} page @param {() => Promise<unknown>} act */
const closes = async (page, act) => {
  const gone = page.waitForEvent('close');
  await act().catch(() => {});
  await gone;
};

/**
 * In this order: later steps use what earlier ones created.
 * @type {Record<string, (site: Site, folder: string) => Promise<unknown>>}
 */
const STEPS = {
  'log in, and come back to the page that wanted it': async (site) => {
    await go(site, '/features/members/');
    if (await site.page.locator('#id_username').count()) {
      await site.page.fill('#id_username', LOGIN.username);
      await site.page.fill('#id_password', LOGIN.password);
      await site.page.click('button[type=submit]');
    }
    return new URL(site.page.url()).pathname;
  },
  'sessions count': async (site) => {
    await go(site, '/features/');
    const first = Number(await text(site.page, '#visits'));
    await go(site, '/features/');
    return Number(await text(site.page, '#visits')) - first;
  },
  'admin: + opens a popup and takes what it made': async (site) => {
    await go(site, '/admin/features/work/add/');
    const popup = await site.opens(() => site.page.click('#add_id_author'));
    await popup.fill('#id_name', 'Octavia');
    await closes(popup, () => popup.click('[name=_save]', { noWaitAfter: true }));
    await site.page.waitForFunction(() => /** @type {any} */ (document.querySelector('#id_author')).selectedOptions[0].text === 'Octavia');
    return text(site.page, '#id_author option:checked');
  },
  'admin: the pencil changes it': async (site) => {
    const popup = await site.opens(() => site.page.click('#change_id_author'));
    await popup.fill('#id_name', 'Octavia B.');
    await closes(popup, () => popup.click('[name=_save]', { noWaitAfter: true }));
    await site.page.waitForFunction(() => /** @type {any} */ (document.querySelector('#id_author')).selectedOptions[0].text === 'Octavia B.');
    return text(site.page, '#id_author option:checked');
  },
  'admin: save with inlines, an image and a file': async (site, folder) => {
    coverIn(folder);
    fs.writeFileSync(path.join(folder, 'kindred é.txt'), 'The trouble began long before.');
    await site.page.fill('#id_title', 'Kindred');
    await site.page.fill('#id_chapter_set-0-title', 'The River');
    await site.page.setInputFiles('#id_cover', path.join(folder, 'cover.png'));
    await site.page.setInputFiles('#id_manuscript', path.join(folder, 'kindred é.txt'));
    await site.page.click('[name=_save]');
    return text(site.page, '.messagelist .success');
  },
  'admin: a related lookup takes what is chosen in it': async (site) => {
    await go(site, '/admin/features/chapter/add/');
    const popup = await site.opens(() => site.page.click('#lookup_id_work'));
    // The script that returns the choice is loaded with the page.
    await popup.waitForLoadState('load');
    await closes(popup, () => popup.click('#result_list tbody th a', { noWaitAfter: true }));
    await site.page.waitForFunction(() => Boolean(/** @type {any} */ (document.querySelector('#id_work')).value));
    return site.page.inputValue('#id_work');
  },
  'an image is shown': async (site) => {
    await go(site, '/features/');
    // runserver serves MEDIA only with a line in urls.py; the app always does.
    return site.page.getAttribute('img.cover', 'src');
  },
  'an upload through a form of the app': async (site, folder) => {
    await go(site, '/features/upload/');
    await site.page.fill('#id_title', 'Dawn');
    await site.page.selectOption('#id_author', { label: 'Ursula' });
    await site.page.setInputFiles('#id_cover', path.join(folder, 'cover.png'));
    await site.page.click('button[type=submit]');
    return text(site.page, '.message');
  },
  'CSV is saved': (site) => site.saves(() => site.page.click('#csv', { noWaitAfter: true })),
  'CSV is saved from a link with a target, and no empty window stays': async (site) => {
    const before = await site.windows();
    const saved = await site.saves(() => site.page.click('#csv-blank', { noWaitAfter: true }));
    await until(async () => (await site.windows()) === before, { what: 'the empty window to go' });
    return saved.name;
  },
  'PDF is saved': async (site) => {
    const { name, text: content } = await site.saves(() => site.page.click('#pdf-save', { noWaitAfter: true }));
    return [name, content.slice(0, 8)];
  },
  'target=_blank': async (site) => {
    const tab = await site.opens(() => site.page.click('#blank'));
    await tab.waitForSelector('h1');
    const seen = [await text(tab, 'h1'), await tab.title(), await tab.evaluate(() => window.opener === null)];
    await tab.close();
    return seen;
  },
  'Ctrl-click and middle click': async (site) => {
    const seen = [];
    for (const how of [{ modifiers: /** @type {['Control']} */ (['Control']) }, { button: /** @type {'middle'} */ ('middle') }]) {
      const tab = await site.opens(() => site.page.click('#own', { ...how, noWaitAfter: true }));
      await tab.waitForSelector('h1');
      seen.push(await text(tab, 'h1'));
      await tab.close();
    }
    return [seen, new URL(site.page.url()).pathname];
  },
  'window.open("") and write': async (site) => {
    const tab = await site.opens(() => site.page.evaluate(() => {
      const child = /** @type {Window} */ (window.open('', '_blank'));
      child.document.write('<h1>Report</h1>');
      child.document.close();
    }));
    const seen = [await text(tab, 'h1'), await tab.evaluate(() => window.opener !== null)];
    await tab.close();
    return seen;
  },
  'a preview made by the page (blob:)': async (site) => {
    const tab = await site.opens(() => site.page.evaluate(() => { window.open(URL.createObjectURL(new Blob(['<h1>Preview</h1>'], { type: 'text/html' }))); }));
    await tab.waitForSelector('h1');
    const seen = await text(tab, 'h1');
    await tab.close();
    return seen;
  },
  'alert and confirm': async (site) => {
    const seen = /** @type {string[]} */ ([]);
    site.page.on('dialog', (dialog) => {
      if (dialog.type() === 'prompt') return;
      seen.push(`${dialog.type()} ${dialog.message()}`);
      dialog.accept().catch(() => {});
    });
    await go(site, '/features/');
    const answer = await site.page.evaluate(() => { window.alert('saved'); return window.confirm('sure?'); });
    return [seen, answer];
  },
  'PDF in a tab': async (site) => {
    const tab = await site.opens(() => site.page.click('#pdf'));
    await tab.waitForFunction(() => document.contentType === 'application/pdf');
    const seen = await tab.evaluate(() => document.contentType);
    await tab.close();
    return seen;
  },
  'prompt answered': (site) => site.prompted(() => site.page.evaluate(() => window.prompt('Which shelf?', 'A')), 'B é'),
  'prompt cancelled': (site) => site.prompted(() => site.page.evaluate(() => window.prompt('Which shelf?')), null),
  'a page of the app in a frame': async (site) => {
    await go(site, '/features/page/frame/');
    return site.page.frameLocator('#page').locator('h1').textContent();
  },
  'streaming': async (site) => {
    await go(site, '/features/stream/');
    return site.page.locator('p').allTextContents();
  },
  'the first lines of a stream come before its last': async (site) => {
    await go(site, '/features/');
    return site.page.evaluate(async () => {
      const reader = /** @type {ReadableStream} */ ((await fetch('/features/stream/')).body).getReader();
      let pieces = 0;
      for (;;) {
        const { done } = await reader.read();
        if (done) return pieces > 1;
        pieces += 1;
      }
    });
  },
  'an event stream': (site) => site.page.evaluate(() => new Promise((resolve) => {
    const seen = /** @type {string[]} */ ([]);
    const source = new EventSource('/features/events/');
    source.onmessage = ({ data }) => { seen.push(data); if (seen.length === 3) { source.close(); resolve(seen); } };
    source.onerror = () => resolve('error');
  })),
  'a chart of a vendored library': async (site) => {
    await go(site, '/features/page/chart/');
    await site.page.waitForSelector('#chart canvas');
    return site.page.evaluate(() => [document.querySelectorAll('#chart canvas').length, getComputedStyle(/** @type {Element} */ (document.querySelector('.u-wrap'))).position]);
  },
  'inline script, style and handler': async (site) => {
    await go(site, '/features/page/inline/');
    const first = await text(site.page, '#said');
    await site.page.click('#handler');
    return [first, await text(site.page, '#said'), await site.page.evaluate(() => {
      const style = getComputedStyle(/** @type {Element} */ (document.querySelector('h1')));
      return [style.color, style.marginLeft];
    })];
  },
  'print asks the system once, and the page goes on': async (site) => {
    await go(site, '/features/');
    await site.page.evaluate(() => {
      const seen = /** @type {string[]} */ ([]);
      Object.assign(window, { seen });
      for (const name of ['beforeprint', 'afterprint']) window.addEventListener(name, () => { seen.push(name); });
      setTimeout(() => window.print());
    });
    await site.endsPrint();
    await site.page.waitForFunction(() => /** @type {any} */ (window).seen.includes('afterprint'));
    return site.page.evaluate(() => /** @type {any} */ (window).seen);
  },
  'on paper it has as many pages': async (site) => {
    await site.page.evaluate(() => {
      for (const name of ['one', 'two']) {
        const section = document.body.appendChild(document.createElement('section'));
        section.textContent = name;
        section.style.breakBefore = 'page';
      }
    });
    return (await site.paper()).toString('latin1').match(/\/Type\s*\/Page\b/g)?.length;
  },
  'the same page without a server error': async (site) => {
    const answers = [];
    for (const to of ['/features/', '/features/works.pdf', '/admin/', '/admin/features/work/', '/features/none/', '/admin/jsi18n/']) {
      answers.push([to, await site.page.evaluate((address) => fetch(address).then((answer) => answer.status), to)]);
    }
    return answers;
  },
};

windowTest('an ordinary project does in its window what it does in Chromium', async (t) => {
  const folder = temporary(t);
  const desktop = await inWindow(t, { 'pages.csp': '"relaxed"' });
  const browser = await inChromium(t);
  // Pages that take 40 s, in parallel with everything else.
  const late = await Promise.all([browser, desktop].map(async ({ opens, page: from }) => {
    const opened = await opens(() => from.evaluate(() => { window.open('/features/page/plain/'); }));
    await opened.waitForLoadState('load');
    await opened.evaluate(() => { location.href = '/features/slow/40/'; });
    return opened;
  }));
  for (const [name, step] of Object.entries(STEPS)) {
    await t.test(name, async () => {
      const wanted = await step(browser, folder);
      assert.deepEqual(await step(desktop, folder), wanted);
    });
  }

  const { page } = desktop;
  // Chromium's newer viewer hides its content from the page, so there is nothing to compare.
  await t.test('a PDF is shown by the viewer, in a tab and in a frame', async () => {
    await go(desktop, '/features/');
    const tab = await desktop.opens(() => page.click('#pdf'));
    await tab.waitForFunction(() => document.querySelector('embed')?.getAttribute('type') === 'application/pdf');
    await tab.close();
    await go(desktop, '/features/page/frame/');
    await page.waitForFunction(() => /** @type {any} */ (document.querySelector('#pdf')).contentDocument?.querySelector('embed')?.type === 'application/pdf');
  });

  await t.test('uploaded files are shown, or saved when they could run; runserver serves none', async () => {
    await go(desktop, '/features/');
    await page.waitForFunction(() => /** @type {HTMLImageElement} */ (document.querySelector('img.cover')).naturalWidth === 1);
    assert.equal(await page.evaluate(() => fetch(/** @type {HTMLAnchorElement} */ (document.querySelector('a.manuscript')).href).then((answer) => answer.text())), 'The trouble began long before.');
  });

  await t.test('a permission that the table does not allow is refused, in words', async () => {
    assert.equal(await page.evaluate(() => Notification.requestPermission()), 'denied');
    await until(() => /permission refused: notifications/.test(desktop.running.log()));
    await shellPage(desktop.running, /^app:\/\/shell\/notice\.html#.*notifications/);
  });

  await t.test('a link to the web goes to the browser of the user', async () => {
    await page.evaluate(() => document.getElementById('elsewhere')?.click());
    await until(async () => (await desktop.outside()).length > 0);
    assert.deepEqual(await desktop.outside(), ['https://www.djangoproject.com/']);
  });

  await t.test('a page that takes 40 s', async () => {
    for (const one of late) {
      await one.waitForURL(/\/slow\/40\/$/, { timeout: 60000 });
      assert.equal(await text(one, 'h1'), 'After 40 s');
      await one.close();
    }
  });

  await close(desktop.running);
});

windowTest('under the strict policy inline code does not run, and the rest does', async (t) => {
  const desktop = await inWindow(t, {
    'pages.csp': '"strict"', 'pages.permissions': '[{ name = "notifications", reason = "tells when a book is due" }]', 'data.upload-limit': '"3 MB"',
  });
  const { page } = desktop;
  const folder = temporary(t);
  await go(desktop, '/features/page/inline/');
  assert.equal(await text(page, '#said'), 'nothing');
  await STEPS['a chart of a vendored library'](desktop, folder);
  await STEPS['log in, and come back to the page that wanted it'](desktop, folder);
  await STEPS['admin: + opens a popup and takes what it made'](desktop, folder);

  await t.test('a permission that the table allows is granted', async () => {
    assert.equal(await page.evaluate(() => Notification.requestPermission()), 'granted');
  });

  await t.test('an upload over the limit of the table is refused in words', async () => {
    const file = path.join(folder, 'large.txt');
    fs.writeFileSync(file, Buffer.alloc(4_000_000));
    await go(desktop, '/features/upload/');
    await page.fill('#id_title', 'Large');
    await page.selectOption('#id_author', { label: 'Ursula' });
    await page.setInputFiles('#id_manuscript', file);
    await page.click('button[type=submit]');
    assert.equal(await text(page, 'h1'), 'This file is too large');
    await page.goBack();
    fs.truncateSync(file, 2_000_000);
    await page.setInputFiles('#id_manuscript', file);
    await page.fill('#id_title', 'Smaller');
    await page.click('button[type=submit]');
    assert.equal(await text(page, '.message'), 'Saved Smaller');
  });
  await close(desktop.running);
});

/** Written to disk twice. If that is too slow, a smaller file takes the same path. */
const LARGE = 1_500_000_000;
windowTest('an upload of 1.5 GB where the table allows it', { skip: long }, (t) => upload(t, LARGE, '2 GB'));
windowTest('an upload of 150 MB where the table allows it', (t) => upload(t, LARGE / 10, '200 MB'));

/**
 * @param {import('node:test').TestContext} t
 * @param {number} size bytes
 * @param {string} limit
 */
async function upload(t, size, limit) {
  const desktop = await inWindow(t, { 'data.upload-limit': `"${limit}"` });
  const browser = await inChromium(t);
  const file = path.join(temporary(t), 'film.mp4');
  const { bavail, bsize } = fs.statfsSync(path.dirname(file));
  if (bavail * bsize < 3.5 * size) {
    t.skip(`less than ${3.5 * size} bytes are free here`);
    await close(desktop.running);
    return;
  }
  fs.writeFileSync(file, '');
  fs.truncateSync(file, size);
  for (const site of [browser, desktop]) {
    const { page } = site;
    await go(site, '/features/upload/');
    await page.fill('#id_title', 'Film');
    await page.selectOption('#id_author', { label: 'Ursula' });
    await page.setInputFiles('#id_manuscript', file);
    page.setDefaultTimeout(120000);
    await page.click('button[type=submit]');
    await page.waitForSelector('.message');
    assert.equal(await text(page, '.message'), 'Saved Film');
  }
  // Seeking: a range near its end.
  const part = await desktop.page.evaluate(async () => {
    const link = /** @type {HTMLAnchorElement} */ (document.querySelector('a.manuscript'));
    const answer = await fetch(link.href, { headers: { Range: 'bytes=-10' } });
    return [answer.status, answer.headers.get('Content-Range'), (await answer.arrayBuffer()).byteLength];
  });
  assert.deepEqual(part, [206, `bytes ${size - 10}-${size - 1}/${size}`, 10]);
  assert.equal(fs.readdirSync(path.join(desktop.running.dataDir, 'uploads')).length, 0, 'nothing is left of it on the way');
  await close(desktop.running);
}

const COUNT = `
from djdesk.desktop.live import event_stream
def count(request):
    def changes(before):
        now = views.Work.objects.count()
        return now, [] if now == before else [("count", now)]
    return event_stream(request, changes)
urlpatterns.append(path("count/", count))
`;

windowTest('ten windows follow the database over one stream, and another one leads when the leader goes', async (t) => {
  const desktop = await inWindow(t, {}, COUNT);
  const { page, opens, running } = desktop;
  /** @type {Page[]} */
  const windows = [];
  while (windows.length < 9) {
    const one = await opens(() => page.click('#own', { modifiers: ['Control'], noWaitAfter: true }));
    await one.waitForSelector('h1');
    windows.push(one);
  }
  windows.push(page);
  for (const one of windows) {
    await one.evaluate(async () => {
      const { follow } = await import(/** @type {any} */ ('/static/desktop/events.js'));
      follow('/features/count/', { onEvent: (/** @type {string} */ _name, /** @type {number} */ data) => { Object.assign(window, { count: data }); }, onConnection: () => {} });
    });
  }
  const all = async (/** @type {number} */ wanted) => {
    for (const one of windows) await one.waitForFunction((/** @type {number} */ number) => /** @type {any} */ (window).count === number, wanted);
  };
  await all(1);
  const leaders = await page.evaluate(async () => (await navigator.locks.query()).held?.filter(({ name }) => name === 'djdesk-events-leader').length);
  assert.equal(leaders, 1);
  // With a stream each, no connection would be left for this.
  await STEPS['an upload through a form of the app'](desktop, coverIn(temporary(t)));
  windows.pop();
  await all(2);
  // The first one is the leader.
  await windows.shift()?.close();
  await go(desktop, '/features/');
  await STEPS['an upload through a form of the app'](desktop, coverIn(temporary(t)));
  await all(3);
  // As under `djdesk start`: a changed template reaches every window, also over that one stream.
  const template = path.join(running.dataDir, '..', 'parity', 'features', 'templates', 'features', 'plain.html');
  fs.writeFileSync(template, fs.readFileSync(template, 'utf8').replace('</h1>', '</h1><p id="new">new</p>'));
  for (const one of windows) await one.waitForSelector('#new');
  await close(running);
});

/** @param {string} folder */
function coverIn(folder) {
  fs.writeFileSync(path.join(folder, 'cover.png'), PIXEL);
  return folder;
}
