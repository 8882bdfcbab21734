/** What every page starts; each module looks for its own elements and does nothing without them. */
import { startConnection } from './connection.js';
import { startCopying } from './copy.js';
import { startDropping } from './drop.js';
import { startExports } from './exports.js';
import { startFrame } from './frame.js';
import { startLists } from './list.js';
import { startLive } from './live.js';
import { startNotifications } from './notify.js';
import { startOutput } from './output.js';
import { startPalette } from './palette.js';
import { startShortcuts } from './shortcuts.js';
import { startSplit } from './split.js';
import { startTables } from './table.js';

startConnection();
startFrame();
startTables();
startLists();
startSplit();
startCopying();
startDropping();
startExports();
startNotifications();
startPalette();
startOutput();
startShortcuts();
startLive();
