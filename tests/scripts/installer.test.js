/**
 * Our part of the Windows installer with electron-builder's macros: it compiles, if NSIS is available, with
 * the names of an awkward app, and without links; under Wine it is run.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';

import { readPackagedApp } from '../../src/djdesk/tools/node/package/names.js';
import { renderTemplates } from '../../src/djdesk/tools/node/package/templates.js';
import { inRoot } from '../../scripts/setup/paths.js';
import { APP_FILE } from '../electron/fixtures/harness.js';

/** One Wine prefix for all of a user's tests, as created by scripts/checks/windows_python.py. */
const WINE_PREFIX = process.env.DJDESK_WINEPREFIX || path.join(process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache'), 'djdesk-wine');
/** The Debian and Ubuntu package; not required on other systems. @param {string} name */
const missing = (name) => (process.platform === 'linux' ? `needs-package: ${name}` : `${name} is tried on Linux`);
const skip = spawnSync('makensis', ['-VERSION']).status === 0 ? false : missing('nsis');

/** electron-builder's own macros. They do not need its plug-ins (WinShell, UAC, nsis7z). */
const MACROS = inRoot('node_modules', 'app-builder-lib', 'templates', 'nsis', 'include');

/**
 * The relevant parts of electron-builder's surrounding script. How the installer would detect a running app
 * is written to decided.txt: 0 uses PowerShell, 1 the program's name.
 * @param {string} include
 * @param {boolean} run under wine, whose tasklist finds every program and which has no PowerShell
 */
const around = (include, run) => `Target amd64-unicode
Name "x"
OutFile "x.exe"
RequestExecutionLevel user
!addincludedir "${MACROS}"
!include "LogicLib.nsh"
!define APP_EXECUTABLE_FILENAME "x.exe"
!define PRODUCT_NAME "x"
!define APP_GUID "x"
!define isUpdated "1 = 0"
LangString appRunning 1033 "It is running."
LangString appClosing 1033 "It is closing."
LangString appCannotBeClosed 1033 "It cannot be closed."
!include "${include}"
!include "allowOnlyOneInstallerInstance.nsh"
${run ? WITHOUT_TOOLS : ''}
Section
  SetOutPath $INSTDIR
  !insertmacro CHECK_APP_RUNNING
  FileOpen $9 "$INSTDIR\\decided.txt" w
  FileWrite $9 $IsPowerShellAvailable
  FileClose $9
  !insertmacro customInstall
  WriteUninstaller "$INSTDIR\\u.exe"
SectionEnd
Section un.x
  !insertmacro customUnInstall
SectionEnd
`;

const WITHOUT_TOOLS = `
!macroundef _CHECK_APP_RUNNING
!macro _CHECK_APP_RUNNING
!macroend
!macroundef IS_POWERSHELL_AVAILABLE
!macro IS_POWERSHELL_AVAILABLE
  Var /GLOBAL IsPowerShellAvailable
  StrCpy $IsPowerShellAvailable 0
!macroend
`;

/** @param {import('node:test').TestContext} t @param {string} scheme @param {boolean} [run] */
function compiled(t, scheme, run = false) {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'nsis-'));
  t.after(() => fs.rmSync(dir, { recursive: true }));
  renderTemplates({ ...readPackagedApp(APP_FILE), name: 'Bücher & $5 Regale', scheme }, inRoot('packaging'), path.join(dir, 'packaging'));
  fs.writeFileSync(path.join(dir, 'installer.nsi'), around('packaging/windows/installer.nsh', run));
  const { status, stdout, stderr } = spawnSync('makensis', [...(run ? [] : ['-WX']), '-V4', '-INPUTCHARSET', 'UTF8', 'installer.nsi'], { cwd: dir, encoding: 'utf8' });
  assert.equal(status, 0, stdout.slice(-600) + stderr);
  return { dir, stdout };
}

for (const scheme of ['buecher', '']) {
  test(`installer.nsh compiles ${scheme ? 'with' : 'without'} links`, { skip }, (t) => {
    const { stdout } = compiled(t, scheme);
    assert.equal(/WriteRegStr/.test(stdout), scheme !== '', stdout);
    if (scheme) assert.match(stdout, /DeleteRegKey: .*buecher/);
    assert.match(stdout, /Bücher & \$\$?5 Regale/);
  });
}

const noWine = skip || (spawnSync('wine', ['--version']).status === 0 ? false : missing('wine'));

test('run: it registers its links and takes them away, also below a folder with an apostrophe', { skip: noWine }, (t) => {
  const { dir } = compiled(t, 'buecher', true);
  const env = { ...process.env, WINEPREFIX: WINE_PREFIX, WINEDEBUG: '-all', WINEDLLOVERRIDES: 'mscoree=;mshtml=', LC_ALL: 'C.UTF-8' };
  // Its services would keep a pipe open, so all output goes to files or nowhere.
  const run = (/** @type {string[]} */ ...words) => spawnSync('wine', words, { cwd: dir, env, stdio: 'ignore', timeout: 120_000 }).status;
  const key = 'HKCU\\Software\\Classes\\buecher\\shell\\open\\command';
  for (const name of ["O'Brien", 'Åb']) {
    const folder = path.join(dir, name);
    const there = `Z:${folder.replaceAll('/', '\\')}`;
    assert.equal(run(path.join(dir, 'x.exe'), '/S', `/D=${there}`), 0);
    const decided = fs.readFileSync(path.join(folder, 'decided.txt'), 'utf8');
    assert.equal(decided, name.includes("'") ? '1' : '0', 'PowerShell is not given an apostrophe');
    assert.equal(run('reg', 'query', key), 0, 'the links are registered');
    assert.equal(run(path.join(folder, 'u.exe'), '/S', `_?=${there}`), 0);
    assert.notEqual(run('reg', 'query', key), 0, 'and taken away');
  }
});
