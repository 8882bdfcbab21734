/** Why a check or a download failed, as a code; update-words.js has the sentences. */
export class FeedProblem extends Error {
  /** @param {string} code @param {Record<string, string | number>} [values] */
  constructor(code, values = {}) {
    super(`${code} ${JSON.stringify(values)}`);
    this.name = 'FeedProblem';
    this.code = code;
    this.values = values;
  }
}

/**
 * Convert an error of electron-updater, Node or Chromium.
 * @param {unknown} error
 * @returns {FeedProblem}
 */
export function asFeedProblem(error) {
  if (error instanceof FeedProblem) return error;
  const { name = '', code = '', message = String(error), statusCode } = /** @type {any} */ (error) || {};
  if (name === 'CancellationError' || message === 'cancelled') return new FeedProblem('cancelled');
  if (code === 'ENOSPC' || code === 'EDQUOT') return new FeedProblem('disk_full');
  if (code === 'ERR_CHECKSUM_MISMATCH') return new FeedProblem('hash');
  const status = statusCode || /, status (\d{3})\b/.exec(message)?.[1];
  if (status) return new FeedProblem('server', { status: Number(status) });
  return new FeedProblem('network', { error: message.split('\n')[0].slice(0, 200) });
}
