import assert from 'node:assert/strict';
import test from 'node:test';

import { fromJunit, fromReport, fromTap, single, sum, wanted } from '../../scripts/checks/tally.js';

test('pytest: errors outside a test are failures', () => {
  const xml = '<?xml version="1.0"?><testsuites><testsuite name="pytest" errors="1" failures="2" skipped="3" tests="10" time="1"/></testsuites>';
  assert.deepEqual(fromJunit(xml), { passed: 4, failed: 3, skipped: 3 });
});

test('node: cancelled tests are failures', () => {
  assert.deepEqual(fromTap('ok 1\n# tests 9\n# pass 5\n# fail 1\n# cancelled 1\n# skipped 1\n# todo 1\n'), { passed: 5, failed: 2, skipped: 2 });
});

test('a skip names the package that would have avoided it', () => {
  const xml = '<testsuite errors="0" failures="0" skipped="3" tests="3"><testcase><skipped type="pytest.skip" message="needs-package: graphviz">x</skipped></testcase>'
    + '<testcase><skipped type="pytest.skip" message="needs-package: psycopg (Python)"/></testcase><testcase><skipped message="POSIX modes"/></testcase></testsuite>';
  assert.deepEqual(fromJunit(xml).packages, ['graphviz', 'psycopg (Python)']);
  const tap = 'ok 1 - drawn # SKIP no xdotool; needs-package: xdotool\n    ok 2 - below # SKIP layout of Linux\n# skipped 2\n';
  assert.deepEqual(fromTap(tap).packages, ['xdotool']);
  assert.deepEqual(sum([fromJunit(xml), fromTap(tap)]).packages, ['graphviz', 'psycopg (Python)', 'xdotool']);
});

test('a skip that wants something installed and does not name it is told as it stands', () => {
  assert.deepEqual(wanted(['gettext is not installed', 'modes are POSIX']).packages, ['"gettext is not installed"']);
  assert.deepEqual(wanted(['modes are POSIX']), {});
});

test('a run that left no report has failed', () => {
  assert.deepEqual(fromReport('/no/such/report', fromTap, true), single(false));
});

test('counts add up', () => {
  assert.deepEqual(sum([single(true), single(false), { passed: 2, failed: 0, skipped: 1 }]), { passed: 3, failed: 1, skipped: 1, packages: [], long: 0 });
  assert.equal(sum([fromTap('ok 1 - a # SKIP takes a minute; .ci/run runs it\nok 2 - b # SKIP no display\n'), single(true)]).long, 1);
  assert.equal(fromJunit('<testcase><skipped message="takes long; .ci/run has it"/></testcase><testcase><skipped message="no display"/></testcase>').long, 1);
});
