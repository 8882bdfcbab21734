import assert from 'node:assert/strict';
import test from 'node:test';

import { fromJunit, fromReport, fromTap, single, sum } from '../../scripts/checks/tally.js';

test('pytest: errors outside a test are failures', () => {
  const xml = '<?xml version="1.0"?><testsuites><testsuite name="pytest" errors="1" failures="2" skipped="3" tests="10" time="1"/></testsuites>';
  assert.deepEqual(fromJunit(xml), { passed: 4, failed: 3, skipped: 3 });
});

test('node: cancelled tests are failures', () => {
  assert.deepEqual(fromTap('ok 1\n# tests 9\n# pass 5\n# fail 1\n# cancelled 1\n# skipped 1\n# todo 1\n'), { passed: 5, failed: 2, skipped: 2 });
});

test('a run that left no report has failed', () => {
  assert.deepEqual(fromReport('/no/such/report', fromTap, true), single(false));
});

test('counts add up', () => {
  assert.deepEqual(sum([single(true), single(false), { passed: 2, failed: 0, skipped: 1 }]), { passed: 3, failed: 1, skipped: 1 });
});
