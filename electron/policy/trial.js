/** Pages of the runtime show nothing of the app. */
const OWN = /^\/(desktop|health)\//;
/** Codes of a machine that cannot do what is asked for; another one, or this one tomorrow, can. */
const FOR_NOW = [503];

/**
 * What a page that was loaded says of a new version.
 * @param {{path: string, code: number}} page
 * @returns {'works' | 'fails' | 'nothing'}
 */
export function saysOfPage({ path, code }) {
  if (OWN.test(path) || FOR_NOW.includes(code)) return 'nothing';
  if (code === 200) return 'works';
  return code >= 400 ? 'fails' : 'nothing';
}
