import fs from 'node:fs';

/**
 * @typedef {object} Tally
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 * @property {string[]} [packages] packages that would have avoided a skip
 * @property {number} [long] skipped long tests, which .ci/run runs
 */

/** @returns {Tally} */
export const none = () => ({ passed: 0, failed: 0, skipped: 0 });

/**
 * @param {Tally[]} tallies
 * @returns {Tally}
 */
export const sum = (tallies) =>
  tallies.reduce((all, one) => ({
    passed: all.passed + one.passed,
    failed: all.failed + one.failed,
    skipped: all.skipped + one.skipped,
    packages: [...new Set([...all.packages ?? [], ...one.packages ?? []])].sort(),
    long: (all.long ?? 0) + (one.long ?? 0),
  }), none());

/**
 * If a package would have avoided a skip, its reason says so: `needs-package: NAME`. A reason that mentions
 * installing but names no package is reported as is.
 * @param {string[]} reasons
 * @returns {{packages?: string[]}}
 */
export function wanted(reasons) {
  const packages = reasons.flatMap((reason) => {
    const named = /needs-package: ([\w.+-]+(?: \(Python\))?)/.exec(reason)?.[1];
    return named ? [named] : /\binstall/i.test(reason) ? [`"${reason}"`] : [];
  });
  return packages.length ? { packages: [...new Set(packages)].sort() } : {};
}

/** How many skips are left to .ci/run. @param {string[]} reasons @returns {{long?: number}} */
function tooLong(reasons) {
  const long = reasons.filter((reason) => reason.includes('.ci/run')).length;
  return long ? { long } : {};
}

/**
 * A check without tests of its own counts as one.
 * @param {boolean} ok
 * @returns {Tally}
 */
export const single = (ok) => ({ ...none(), [ok ? 'passed' : 'failed']: 1 });

/**
 * The results from pytest's --junit-xml. An error outside a test counts as a failure.
 * @param {string} xml
 * @returns {Tally}
 */
export function fromJunit(xml) {
  const suite = /<testsuite\b[^>]*>/.exec(xml)?.[0] ?? '';
  const read = (/** @type {string} */ name) => Number(new RegExp(`\\b${name}="(\\d+)"`).exec(suite)?.[1] ?? 0);
  const failed = read('failures') + read('errors');
  const reasons = [...xml.matchAll(/<skipped\b[^>]*\bmessage="([^"]*)"/g)].map(([, reason]) => reason.replace(/&apos;|&#39;/g, "'"));
  return { passed: read('tests') - failed - read('skipped'), failed, skipped: read('skipped'), ...tooLong(reasons), ...wanted(reasons) };
}

/**
 * The summary lines of Node's TAP reporter.
 * @param {string} tap
 * @returns {Tally}
 */
export function fromTap(tap) {
  const reasons = [...tap.matchAll(/^ *ok .* # SKIP (.*)$/gm)].map(([, reason]) => reason);
  const read = (/** @type {string} */ name) => Number(new RegExp(`^# ${name} (\\d+)$`, 'm').exec(tap)?.[1] ?? 0);
  return { passed: read('pass'), failed: read('fail') + read('cancelled'), skipped: read('skipped') + read('todo'), ...tooLong(reasons), ...wanted(reasons) };
}

/**
 * The results from a run's report file; a run without one has failed, whatever it printed.
 * @param {string} file
 * @param {(text: string) => Tally} parse
 * @param {boolean} ok exit code 0
 * @returns {Tally}
 */
export function fromReport(file, parse, ok) {
  let tally = none();
  try {
    tally = parse(fs.readFileSync(file, 'utf8'));
  } catch {
    return single(false);
  }
  return !ok && tally.failed === 0 ? { ...tally, failed: 1 } : tally;
}
