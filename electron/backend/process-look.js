import { execFile } from 'node:child_process';
import fs from 'node:fs';

/**
 * A process as the system sees it. `cpu`: seconds of processor time used; `stopped`: by a signal
 * (on Linux a debugger's stop, `t`, does not count: somebody is attending to it).
 * @typedef {{cpu: number, stopped: boolean}} Look
 */

/** Clock ticks per second in /proc: 100 on every Linux that Electron supports. */
const TICKS = 100;
const LIMIT_MS = 5000;

/**
 * @param {number} pid
 * @param {NodeJS.Platform} [platform]
 * @returns {Promise<Look | null>} null if it is gone or cannot be inspected
 */
export async function lookAt(pid, platform = process.platform) {
  try {
    if (platform === 'linux') return fromStat(await fs.promises.readFile(`/proc/${pid}/stat`, 'utf8'));
    if (platform === 'win32') {
      const command = `(Get-Process -Id ${pid}).TotalProcessorTime.TotalSeconds.ToString([Globalization.CultureInfo]::InvariantCulture)`;
      const cpu = Number(await output('powershell.exe', ['-NoProfile', '-NonInteractive', '-Command', command]));
      return Number.isFinite(cpu) ? { cpu, stopped: false } : null;
    }
    return fromPs(await output('ps', ['-o', 'state=,time=', '-p', String(pid)]));
  } catch {
    return null;
  }
}

/**
 * /proc/PID/stat: the name in parentheses may contain anything.
 * @param {string} text
 * @returns {Look}
 */
export function fromStat(text) {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { cpu: (Number(fields[11]) + Number(fields[12])) / TICKS, stopped: fields[0] === 'T' };
}

/**
 * `ps -o state=,time=`: "Ss+  1:02.03", "T 01:00:02" or "R 1-02:03:04".
 * @param {string} text
 * @returns {Look | null}
 */
export function fromPs(text) {
  const match = /^\s*(\S+)\s+(?:(\d+)-)?([\d:.]+)\s*$/.exec(text);
  if (!match) return null;
  const cpu = match[3].split(':').reduce((total, part) => total * 60 + Number(part), 0) + Number(match[2] || 0) * 86400;
  return { cpu, stopped: match[1].startsWith('T') };
}

/**
 * @param {string} command
 * @param {string[]} args
 * @returns {Promise<string>}
 */
const output = (command, args) => new Promise((resolve, reject) => {
  execFile(command, args, { timeout: LIMIT_MS, windowsHide: true }, (error, stdout) => (error ? reject(error) : resolve(stdout)));
});
