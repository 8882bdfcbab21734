const MAX_LENGTH = 4096;

/**
 * The URL to hand to the system, or null. It is parsed and serialised again, so that what was
 * checked is what is opened: no leading blanks, control characters or odd spellings reach a system
 * handler that reads them differently.
 * @param {unknown} url
 * @returns {string | null}
 */
export function externalLink(url) {
  if (typeof url !== 'string' || url.length > MAX_LENGTH) return null;
  let parsed;
  try {
    parsed = new URL(url);
  } catch {
    return null;
  }
  if (parsed.protocol === 'https:') {
    return parsed.hostname && !parsed.username && !parsed.password ? parsed.href : null;
  }
  if (parsed.protocol === 'mailto:') {
    // A recipient and perhaps a subject; `attach` and the like must not be prefilled.
    const fields = [...parsed.searchParams.keys()].map((name) => name.toLowerCase());
    const known = fields.every((name) => ['subject', 'body', 'cc'].includes(name));
    return parsed.pathname.includes('@') && known ? parsed.href : null;
  }
  return null;
}
