/** The runtime's own pages say nothing about the app. */
const OWN = /^\/(desktop|health)\//;
/** Status codes of a temporary overload, which do not speak against the version. */
const FOR_NOW = [503];

/**
 * What a loaded page says about a new version. Any answer short of a failure counts, even a login
 * form or a 404: only the app's developers know what it should be.
 * @param {{path: string, code: number}} page
 * @returns {'works' | 'fails' | 'nothing'}
 */
export function saysOfPage({ path, code }) {
  if (OWN.test(path) || FOR_NOW.includes(code)) return 'nothing';
  if (code >= 500) return 'fails';
  return code >= 200 ? 'works' : 'nothing';
}
