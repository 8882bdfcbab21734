import assert from 'node:assert/strict';
import test from 'node:test';

import { NEEDED, tooFull } from '../../scripts/checks/space.js';

test('a disk with too little space is named before the tests begin', () => {
  const free = new Map([['/tmp', NEEDED], ['/home', NEEDED - 4096]]);
  const look = (/** @type {string} */ folder) => ({ bavail: (free.get(folder) ?? 0) / 4096, bsize: 4096 });
  assert.deepEqual(tooFull(['/tmp', '/home'], look), { folder: '/home', free: NEEDED - 4096 });
  assert.equal(tooFull(['/tmp'], look), null);
});
