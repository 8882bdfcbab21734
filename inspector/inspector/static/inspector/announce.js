/** Announces to screen readers that a scan, command or export started, its stage, and how it ended. */
import { gettext } from './i18n.js';

/** Announcing every stage of a quick scan would make them overlap. */
const BETWEEN_STAGES = 4000; // ms

/** @typedef {import('./live.js').ScanState} ScanState */
/** @typedef {import('./live.js').CommandState} CommandState */

/** The last announced stage of each scan, and its time. @type {Map<number, {stage: string, at: number}>} */
const told = new Map();

/** Time of the last announcement about an export. */
let exportTold = 0;

export function startAnnouncements() {
  document.addEventListener('djdesk:scan-runs', (event) => {
    const { scan, began } = /** @type {CustomEvent<{scan: ScanState, began: boolean}>} */ (event).detail;
    if (began) {
      told.set(scan.id, { stage: '', at: Date.now() });
      say(gettext('Scanning {name}', { name: scan.name }));
      return;
    }
    const last = told.get(scan.id);
    if (!scan.stage || (last && (last.stage === scan.stage || Date.now() - last.at < BETWEEN_STAGES))) return;
    told.set(scan.id, { stage: scan.stage, at: Date.now() });
    say(scan.stage);
  });
  document.addEventListener('djdesk:scan-ended', (event) => {
    const scan = /** @type {CustomEvent<ScanState>} */ (event).detail;
    told.delete(scan.id);
    say([gettext('Scan of {name}: {outcome}', { name: scan.name, outcome: scan.label }), scan.findings].filter(Boolean).join('. '));
  });
  document.addEventListener('djdesk:scan-renewed', (event) => {
    const scan = /** @type {CustomEvent<ScanState>} */ (event).detail;
    say([gettext('Files of {name} changed and were scanned: {outcome}', { name: scan.name, outcome: scan.label }), scan.findings].filter(Boolean).join('. '));
  });
  document.addEventListener('djdesk:command-runs', (event) => {
    const command = /** @type {CustomEvent<CommandState>} */ (event).detail;
    say(gettext('Running {title}', { title: command.title }));
  });
  document.addEventListener('djdesk:export', (event) => {
    const { file, began } = /** @type {CustomEvent<{file: import('./live.js').ExportState, began: boolean}>} */ (event).detail;
    if (!file.active) say(`${file.title}: ${file.label}`);
    else if (began) say(gettext('Making {title}', { title: file.title }));
    else if (file.stage && Date.now() - exportTold >= BETWEEN_STAGES) say(`${file.title}: ${file.stage}`);
    else return;
    exportTold = Date.now();
  });
  document.addEventListener('djdesk:command-ended', (event) => {
    const command = /** @type {CustomEvent<CommandState>} */ (event).detail;
    say(`${command.title}: ${command.label}`);
  });
}

/** @param {string} text */
function say(text) {
  const place = document.getElementById('announcements');
  if (place) place.textContent = text;
}
