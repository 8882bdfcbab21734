import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromQuery, isElsewhere, toQuery } from '../../inspector/static/inspector/schema/address.js';

/** @type {import('../../inspector/static/inspector/schema/address.js').Looked} */
const plain = { level: null, selected: null, hidden: null, detail: null, hubs: false, at: null };
/** @param {Partial<typeof plain>} more */
const looked = (more) => ({ ...plain, ...more });
const back = (/** @type {typeof plain} */ one) => fromQuery(new URLSearchParams(toQuery(one)));

test('what is looked at comes back from the address', () => {
  assert.equal(toQuery(plain), '');
  for (const one of [plain,
    looked({ level: { kind: 'apps' }, selected: 'shop' }),
    looked({ level: { kind: 'app', app: 'shop' }, hidden: ['auth', 'shop.Ünit & Co'], detail: 'names', hubs: true }),
    looked({ level: { kind: 'near', id: 'shop.Order', hops: 2 }, selected: 'shop.Order', at: { x: -120, y: 44, k: 0.725 } }),
    looked({ level: { kind: 'all' }, hidden: [] }),
  ]) assert.deepEqual(back(one), one);
});

test('an address is short, can be read, and keeps the parameters of others', () => {
  const query = toQuery(looked({ level: { kind: 'near', id: 'shop.Order', hops: 1 }, hidden: ['b', 'a'], at: { x: 1.26, y: 2.7, k: 0.7200001 } }), new URLSearchParams('lang=de&view=apps&model=x.Y'));
  assert.equal(query, '?lang=de&view=near:1:shop.Order&hide=a,b&at=1,3,0.72');
});

test('a damaged address is the first look', () => {
  for (const query of ['view=near:9:shop.Order', 'view=app:', 'view=%00', 'at=1,2', 'at=1,2,x', 'at=,,', 'at=1,2,-3', 'at=1e99,0,1', 'fields=everything', 'hubs=yes', 'model=']) {
    assert.deepEqual(fromQuery(new URLSearchParams(query)), plain, query);
  }
});

test('another model or level is a place to go back to; a closer look is not', () => {
  assert.equal(isElsewhere(plain, looked({ selected: 'a.B' })), true);
  assert.equal(isElsewhere(plain, looked({ level: { kind: 'all' } })), true);
  assert.equal(isElsewhere(plain, looked({ at: { x: 1, y: 2, k: 1 }, hubs: true, hidden: ['a'] })), false);
});
