/**
 * Whether, where and how to look for updates: the app's table, the administrator's file, the user's
 * choices.
 */
import { CHANNEL } from './updates.js';
import { isVersion } from './versions.js';

/**
 * @typedef {object} Administrator content of the administrator's file; see docs/updates.md
 * @property {'off' | 'manual' | 'automatic'} [updates] `off`: no checks; `manual`: only at the user's request; `automatic`: without asking
 * @property {string} [feed] an https address, or the absolute path of a folder
 * @property {string} [channel]
 * @property {string} [version] no later version is offered
 *
 * @typedef {object} UserChoices
 * @property {boolean | null} automatic null until the user has been asked
 * @property {boolean} download automatically
 * @property {string} channel '' for the app's own
 * @property {boolean} paused since the user went back to an older version
 *
 * @typedef {object} UpdateSettings
 * @property {string} off a code, or '' if updates are enabled
 * @property {string} feed
 * @property {string} channel
 * @property {string[]} channels channels that the user may choose from
 * @property {string} pinned the latest allowed version, or ''
 * @property {boolean} automatic
 * @property {boolean} download
 * @property {boolean} ask whether the user has yet to choose
 * @property {string[]} managed settings fixed by the administrator: `updates`, `feed`, `channel`, `version`
 */

/** `http:` only to this computer, for testing a feed. */
const WEB = /^(https:\/\/[^\s/]|http:\/\/(127\.0\.0\.1|localhost)(:\d+)?(\/|$))/i;
const FOLDER = /^(\/|[A-Za-z]:[\\/]|\\\\)/;

/** @param {string} feed */
export const isFeed = (feed) => WEB.test(feed) || FOLDER.test(feed);
/** A folder needs no network. @param {string} feed */
export const isFolder = (feed) => FOLDER.test(feed);

/**
 * @param {string | null} text of the administrator's file; null if there is none
 * @returns {{administrator: Administrator, problem: boolean}} an invalid file turns updates off, to be safe
 */
export function readAdministrator(text) {
  if (text === null) return { administrator: {}, problem: false };
  /** @type {any} */
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    value = null;
  }
  const known = ['updates', 'feed', 'channel', 'version'];
  const good = value !== null && typeof value === 'object' && !Array.isArray(value) && Object.keys(value).every((key) => known.includes(key))
    && (value.updates === undefined || ['off', 'manual', 'automatic'].includes(value.updates))
    && (value.feed === undefined || (typeof value.feed === 'string' && isFeed(value.feed)))
    && (value.channel === undefined || (typeof value.channel === 'string' && CHANNEL.test(value.channel)))
    && (value.version === undefined || (typeof value.version === 'string' && isVersion(value.version)));
  return good ? { administrator: value, problem: false } : { administrator: { updates: 'off' }, problem: true };
}

/**
 * @param {object} from
 * @param {{feed?: string, keys?: string[], channel?: string, channels?: string[]}} from.table of app.json
 * @param {{administrator: Administrator, problem: boolean}} from.file
 * @param {UserChoices} from.choices
 * @returns {UpdateSettings}
 */
export function updateSettings({ table, file: { administrator, problem }, choices }) {
  const keys = table.keys || [];
  const feed = administrator.feed || table.feed || '';
  const channels = [...new Set([table.channel || 'stable', ...(table.channels || [])])];
  const chosen = channels.includes(choices.channel) ? choices.channel : channels[0];
  const off = problem ? 'administrator_unreadable'
    : administrator.updates === 'off' ? 'administrator_off'
      : !table.feed && !administrator.feed && !keys.length ? 'not_set_up'
        : !keys.length ? 'no_key'
          : !isFeed(feed) ? 'no_feed' : '';
  const decided = administrator.updates !== undefined;
  return {
    off,
    feed,
    channel: administrator.channel || chosen,
    pinned: administrator.version || '',
    channels: administrator.channel ? [administrator.channel] : channels,
    automatic: !off && (decided ? administrator.updates === 'automatic' : choices.automatic === true && !choices.paused),
    download: choices.download,
    ask: !off && !decided && choices.automatic === null,
    managed: known(administrator),
  };
}

/** @param {Administrator} administrator */
const known = (administrator) => Object.entries(administrator).filter(([, value]) => value !== undefined).map(([key]) => key);

/**
 * Whether the network may be used now. The user's own requests are never refused here: a real
 * attempt is better than a guess.
 * @param {{asked: boolean, folder: boolean, online: boolean, metered: boolean, download: boolean}}
 *     facts `download`: downloading a version, as opposed to checking
 */
export const mayUseNetwork = ({ asked, folder, online, metered, download }) => asked || folder || (online && !(download && metered));
