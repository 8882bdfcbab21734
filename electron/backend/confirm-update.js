import { withoutMessages } from '../locale/messages.js';
import { requestBackend } from './http.js';

const EVERY_MS = 1000;

/**
 * Ask the server once a second whether this version is confirmed, until it is or has failed. The
 * server checks its pages and worker; `mayAsk` says whether the shell has seen a page.
 * @param {import('./supervisor.js').Supervisor} supervisor
 * @param {object} how
 * @param {() => boolean | Promise<boolean>} [how.mayAsk]
 * @param {(outcome: {confirmed: boolean, reason: import('../locale/messages.js').Text}) => void} how.onEnd once
 * @param {number} [how.everyMs]
 * @returns {() => void} stops polling
 */
export function confirmUpdate(supervisor, { mayAsk = () => true, onEnd, everyMs = EVERY_MS }) {
  let asking = false;
  const stop = () => clearInterval(timer);
  const ask = async () => {
    const { backend } = supervisor;
    if (asking || !backend || supervisor.state !== 'ready') return;
    asking = true;
    try {
      if (!await mayAsk()) return;
      const { status, body } = await requestBackend({ port: backend.port, token: backend.token, path: '/desktop/update/confirm', method: 'POST', timeoutMs: 10000 });
      if (status !== 200 && status !== 409) return;
      const answer = withoutMessages(JSON.parse(body));
      stop();
      onEnd({ confirmed: answer.confirmed === true, reason: answer.reason || '' });
    } catch {
      // It is restarting or waits for the database: try again next time.
    } finally {
      asking = false;
    }
  };
  const timer = setInterval(ask, everyMs);
  timer.unref();
  return stop;
}
