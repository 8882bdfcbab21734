import { say } from '../locale/messages.js';

/**
 * User-visible sentences for the codes of policy/updates.js, policy/update-settings.js and
 * feed-problem.js: the cause, then the remedy.
 * @type {Record<string, (values: Record<string, any>) => import('../locale/messages.js').Message>}
 */
const SENTENCES = {
  not_set_up: () => say('This app does not check for updates: its publisher has not set that up.'),
  no_key: () => say('Updates are off: this app has no key to verify them with. Get new versions from its publisher.'),
  no_feed: () => say('This app has no address for updates. It can be updated from a folder.'),
  administrator_off: () => say('Your administrator has turned updates off.'),
  administrator_unreadable: () => say("Updates are off, because the administrator's file for them is not valid. Tell your administrator."),
  not_packaged: () => say('This copy runs from its sources. Only an installed app can be updated.'),
  unknown_installation: () => say('This copy was installed in a way that cannot be updated from here. Get the new version from the publisher.'),
  not_writable: ({ folder }) => say('You do not have permission to change {folder}, where the app is installed. Ask the person who installed it.', { folder }),
  not_moved: () => say('The app runs from the disk image, or from a place where macOS keeps downloads. Move it to Applications and start it there.'),

  up_to_date: () => say('This is the newest version.'),
  held: ({ version, why }) => say('Version {version} was withdrawn: {why}', { version, why }),
  pinned: ({ version, pinned }) => say('Version {version} has been published, but your administrator allows none after {pinned}.', { version, pinned }),
  failed_before: ({ version }) => say('Version {version} did not work here and is not tried again. The next one will be offered.', { version }),
  too_old: ({ version, minimum }) => say('Version {version} needs version {minimum} or later. Install that one first.', { version, minimum }),
  not_listed: ({ version }) => say('Version {version} has been published, but not for this computer.', { version }),
  skipped: ({ version }) => say('You have skipped version {version}.', { version }),
  rollout: () => say('This is the newest version.'),
  expired: ({ date }) => say('The announcement of updates expired on {date}. Someone may be withholding a newer one.', { date }),

  unsigned: () => say('The announcement of updates is not signed. It was ignored.'),
  bad_signature: () => say('The announcement of updates has a wrong signature. It was ignored.'),
  unknown_key: () => say('The announcement of updates is signed with a key that this app does not know. It was ignored. If this stays so, get the new version from the publisher.'),
  unreadable: () => say('This version cannot read the announcement of updates. Get the new version from the publisher.'),
  other_product: ({ product }) => say('The announcement of updates is for another app ({product}). It was ignored.', { product }),
  other_channel: ({ channel }) => say('The announcement of updates is for another channel ({channel}). It was ignored.', { channel }),
  replayed: ({ version, seen }) => say('The announcement of version {version} is older than one that was seen before ({seen}). It was ignored.', { version, seen }),
  hash: () => say('The downloaded file is not the one that was announced. It was deleted. Try again later.'),
  too_long: () => say('The server sent more than was announced. The download was stopped. Try again later.'),

  network: ({ error }) => say('The server could not be reached ({error}). Check the connection and try again.', { error }),
  server: ({ status }) => say('The server answered with error {status}. Try again later.', { status }),
  timed_out: ({ seconds }) => say('The server did not answer within {seconds} s. Try again later.', { seconds }),
  stalled: ({ seconds }) => say('Nothing arrived for {seconds} s. The download was stopped. Try again later.', { seconds }),
  disk_full: () => say('There is no space left on the disk for the download. Free some space and try again.'),
  no_room: ({ megabytes }) => say('The update needs {megabytes} MB of free space. Free some and try again.', { megabytes }),
  folder_missing: ({ folder }) => say('The folder {folder} does not exist.', { folder }),
  not_in_folder: ({ folder }) => say('The folder {folder} has no update for this app and this computer.', { folder }),
  not_there: ({ file }) => say('The announced file {file} does not exist.', { file }),
  cancelled: () => say('The download was cancelled.'),
};

/** @param {{code: string, values?: Record<string, any>}} reason */
export const updateWords = ({ code, values = {} }) => (SENTENCES[code] || SENTENCES.unreadable)(values);
