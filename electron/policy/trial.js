/** Pages of the runtime show nothing of the app. */
const OWN = /^\/(desktop|health)\//;
/** Codes of a machine that cannot do what is asked for; another one, or this one tomorrow, can. */
const FOR_NOW = [503];

/**
 * What a page that was loaded says of a new version. It works if it answers as it is meant to, and that may be a login
 * or "there is no such page": which one it should be, only its developers know. What it must not do is fail.
 * @param {{path: string, code: number}} page
 * @returns {'works' | 'fails' | 'nothing'}
 */
export function saysOfPage({ path, code }) {
  if (OWN.test(path) || FOR_NOW.includes(code)) return 'nothing';
  if (code >= 500) return 'fails';
  return code >= 200 ? 'works' : 'nothing';
}
