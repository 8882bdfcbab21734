/**
 * The shell's side of the launch contract, specified in docs/launch-contract.md.
 *
 * @typedef {{event: 'stage', name: string, detail?: import('../locale/messages.js').Text, done?: number, total?: number}} StageEvent
 * @typedef {{event: 'listening', port: number, pid: number, version: string, build?: string}} ListeningEvent
 * @typedef {{event: 'ready', pid: number, version: string, build?: string}} ReadyEvent
 * @typedef {{event: 'failed', stage: string, code: string, reason: import('../locale/messages.js').Text, hint: import('../locale/messages.js').Text, detail?: string}} FailedEvent
 * @typedef {{event: 'busy'} | {event: 'idle'}} WorkEvent
 * @typedef {{event: 'waiting', why: 'locked' | 'full', reason: import('../locale/messages.js').Text, since: number}} WaitingEvent `since`: seconds since the epoch
 * @typedef {{event: 'resumed'}} ResumedEvent
 * @typedef {{event: 'lane_failed', lane: number, reason: import('../locale/messages.js').Text, pause: number}} LaneEvent `pause`: seconds until it restarts
 * @typedef {{event: 'alive', running: number, of: number, oldest: number, waiting: number, done: number, stalled: number}} AliveEvent `oldest`, `stalled`: seconds
 * @typedef {{event: 'restart', reason: import('../locale/messages.js').Text}} RestartEvent
 * @typedef {{title: string, path: string}} JobName `path` of its page
 * @typedef {{event: 'jobs', running: number, waiting: number, share: number | null, lost: number, names?: JobName[]}} JobsEvent `share`: from 0 to 1; `lost`: those that could not be resumed
 *     after a stop
 * @typedef {{event: 'job_over', title: string, outcome: 'done' | 'failed' | 'stopped', reason: import('../locale/messages.js').Text, path: string}} JobOverEvent
 * @typedef {StageEvent | ListeningEvent | ReadyEvent | FailedEvent | WorkEvent | WaitingEvent | ResumedEvent | LaneEvent | AliveEvent | RestartEvent | JobsEvent | JobOverEvent} ContractEvent
 *
 * @typedef {object} LaunchConfig
 * @property {string} launch_id 16 hexadecimal digits, one per run of the shell
 * @property {string} data_dir absolute path
 * @property {string} [app] absolute path of the Python project
 * @property {Record<string, string[]>} [processes] the app's management commands to keep running, by name
 * @property {string} [settings] settings module
 * @property {string} [token] 64 hexadecimal digits, server only
 * @property {number} [port] port on 127.0.0.1, server only
 * @property {string} [browser_session] 64 hexadecimal digits, browser shell only
 * @property {boolean} [rehearsal] runs a new version on a copy of the data
 * @property {string} [build] id of the files that the running children were started from, 16 hexadecimal digits
 */
import { randomBytes } from 'node:crypto';

import { withoutMessages } from '../locale/messages.js';

export const CONTRACT = 1;
export const TOKEN_HEADER = 'X-DJDesk-Token';
export const HOST = '127.0.0.1';
export const MAX_CONFIG_BYTES = 64 * 1024;
/** Longer lines are truncated; no valid event comes close. */
export const MAX_LINE_CHARS = 32 * 1024;
/** Timeouts of the stop sequence, in milliseconds. */
export const STOP_WAITS = { eof: 5000, term: 2000, kill: 1000 };

export const newLaunchId = () => randomBytes(8).toString('hex');
export const newToken = () => randomBytes(32).toString('hex');

/**
 * The app's own processes from app.json, in the form of the launch config.
 * @param {Record<string, {command: string[]}>} processes
 */
export const commandsOf = (processes) => Object.fromEntries(Object.entries(processes).map(([name, { command }]) => [name, command]));

/**
 * The config line for a child's stdin, newline included.
 * @param {LaunchConfig} config
 * @returns {string}
 * @throws {RangeError} if the line is longer than a child accepts
 */
export function encodeConfig(config) {
  const line = JSON.stringify({ contract: CONTRACT, ...config });
  if (Buffer.byteLength(line) > MAX_CONFIG_BYTES) {
    throw new RangeError(`The launch configuration is longer than ${MAX_CONFIG_BYTES} bytes.`);
  }
  return `${line}\n`;
}

/** @param {unknown} value */
const text = (value) => typeof value === 'string';
/** @param {unknown} value */
const optionalText = (value) => value === undefined || value === null || text(value);
/** @param {unknown} value */
const count = (value) =>
  value === undefined || value === null || (Number.isInteger(value) && Number(value) >= 0);
/** @param {unknown} value */
const positive = (value) => Number.isInteger(value) && Number(value) > 0;

/** @type {Record<string, (message: Record<string, unknown>) => boolean>} */
const SHAPES = {
  stage: (m) => text(m.name) && optionalText(m.detail) && count(m.done) && count(m.total),
  listening: (m) => positive(m.port) && Number(m.port) <= 65535 && positive(m.pid) && text(m.version) && optionalText(m.build),
  ready: (m) => positive(m.pid) && text(m.version) && optionalText(m.build),
  busy: () => true,
  idle: () => true,
  waiting: (m) => (m.why === 'locked' || m.why === 'full') && text(m.reason) && Number(m.since) > 0,
  resumed: () => true,
  lane_failed: (m) => positive(m.lane) && text(m.reason) && Number(m.pause) >= 0,
  alive: (m) => [m.running, m.of, m.oldest, m.waiting, m.done, m.stalled].every((value) => typeof value === 'number' && value >= 0),
  restart: (m) => text(m.reason),
  jobs: (m) => [m.running, m.waiting, m.lost].every((value) => Number.isInteger(value) && Number(value) >= 0)
    && (m.share === null || (typeof m.share === 'number' && m.share >= 0 && m.share <= 1))
    && (m.names === undefined || (Array.isArray(m.names) && m.names.every((one) => text(one?.title) && text(one?.path)))),
  job_over: (m) => text(m.title) && ['done', 'failed', 'stopped'].includes(String(m.outcome)) && text(m.reason) && text(m.path),
  failed: (m) =>
    text(m.stage) && text(m.code) && text(m.reason) && text(m.hint) && optionalText(m.detail),
};

/**
 * Parse one line of a child's stdout as an event; null if it is only log text. A known event with a
 * wrong shape counts as log text too: it must not change any state.
 * @param {string} line
 * @returns {ContractEvent | null}
 */
export function parseLine(line) {
  if (!line.startsWith('{')) return null;
  let message;
  try {
    message = JSON.parse(line);
  } catch {
    return null;
  }
  const shape = typeof message.event === 'string' && Object.prototype.hasOwnProperty.call(SHAPES, message.event)
    ? SHAPES[message.event]
    : null;
  if (!shape || !shape(message)) return null;
  return withoutMessages(message);
}
