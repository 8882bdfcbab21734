/** What every page starts; each module looks for its own elements and does nothing without them. */
import { startCopying } from './copy.js';
import { startDropping } from './drop.js';
import { startFrame } from './frame.js';
import { startLists } from './list.js';
import { startLive } from './live.js';
import { startNotifications } from './notify.js';
import { startOutput } from './output.js';
import { startPalette } from './palette.js';
import { startPreferences } from './preferences.js';
import { startShortcuts } from './shortcuts.js';
import { startSplit } from './split.js';
import { startTables } from './table.js';
import { startTheme } from './theme.js';

startTheme();
startFrame();
startTables();
startLists();
startSplit();
startCopying();
startDropping();
startNotifications();
startPalette();
startOutput();
startShortcuts();
startPreferences();
startLive();
