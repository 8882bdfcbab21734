import assert from 'node:assert/strict';
import test from 'node:test';

import { deepLinkPath, linkAmong } from '../../electron/policy/deep-link.js';

test('a link of plain words becomes a path that the server decides on', () => {
  assert.equal(deepLinkPath('djdesk://open', 'djdesk'), '/desktop/open/');
  assert.equal(deepLinkPath('djdesk://open/', 'djdesk'), '/desktop/open/');
  assert.equal(deepLinkPath('djdesk://open/projects/3/schema', 'djdesk'), '/desktop/open/projects/3/schema/');
  assert.equal(deepLinkPath('DJDesk://open/a-b_c/', 'djdesk'), '/desktop/open/a-b_c/');
});

test('anything else is ignored', () => {
  const refused = [
    'djdesk:open', 'djdesk:/open/a', 'djdesk://other/a', 'djdesk://opens/a', 'djdesk://open//a', 'djdesk://open/../../etc', 'djdesk://open/.',
    'djdesk://open/%2e%2e/a', 'djdesk://open/a?next=/b', 'djdesk://open/a#b', 'djdesk://open/a b', 'djdesk://open/é', 'djdesk://open/a\\b',
    'djdesk://user@open/a', 'djdesk://open:80/a', 'djdesk://open/a\n', 'djdesk://open/\0', 'https://open/a', ' djdesk://open/a', '',
    `djdesk://open/${'a/'.repeat(9)}`, `djdesk://open/${'a'.repeat(65)}`, `djdesk://open/${'a/'.repeat(400)}`, null, 7, {},
  ];
  for (const link of refused) assert.equal(deepLinkPath(link, 'djdesk'), null, JSON.stringify(link));
});

test('the link is found among what systems append to a command line', () => {
  assert.equal(linkAmong(['/opt/app', '--no-sandbox', 'djdesk://open/a'], 'djdesk'), 'djdesk://open/a');
  assert.equal(linkAmong(['/opt/app', '/some/file', '--data-dir=djdesk', 'books://open/a'], 'djdesk'), null);
});

test('a link of another app, or of none, is not ours', () => {
  assert.equal(deepLinkPath('books://open/a', 'djdesk'), null);
  assert.equal(deepLinkPath('books.two+x-1://open/a', 'books.two+x-1'), '/desktop/open/a/');
  assert.equal(deepLinkPath('booksXtwo://open/a', 'books.two'), null);
  assert.equal(deepLinkPath('://open/a', ''), null);
  assert.equal(linkAmong(['/opt/app', '://open/a'], ''), null);
});
