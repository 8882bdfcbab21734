/** The Windows installer's own part compiles, where NSIS is at hand: with the words of an awkward app, and without links. */
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

const skip = spawnSync('makensis', ['-VERSION']).status === 0 ? false : 'no NSIS: install it (Debian, Ubuntu: apt-get install nsis)';

/** What electron-builder's script has around it, as far as it matters here. @param {string} include */
const around = (include) => `Unicode true
Name "x"
OutFile "x.exe"
RequestExecutionLevel user
!include "LogicLib.nsh"
!define APP_EXECUTABLE_FILENAME "x.exe"
!define isUpdated "1 = 0"
!macro IS_POWERSHELL_AVAILABLE
!macroend
!macro _CHECK_APP_RUNNING
!macroend
!include "${include}"
Section
  !insertmacro customCheckAppRunning
  StrCpy $pid "1"
  DetailPrint $pid
  !insertmacro customInstall
  WriteUninstaller "$INSTDIR\\u.exe"
SectionEnd
Section un.x
  !insertmacro customUnInstall
SectionEnd
`;

for (const scheme of ['buecher', '']) {
  test(`installer.nsh compiles ${scheme ? 'with' : 'without'} links`, { skip }, (t) => {
    const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'nsis-'));
    t.after(() => fs.rmSync(dir, { recursive: true }));
    renderTemplates({ ...readPackagedApp(APP_FILE), name: 'Bücher & $5 Regale', scheme }, inRoot('packaging'), path.join(dir, 'packaging'));
    fs.writeFileSync(path.join(dir, 'getProcessInfo.nsh'), '');
    fs.writeFileSync(path.join(dir, 'installer.nsi'), around('packaging/windows/installer.nsh'));
    const { status, stdout, stderr } = spawnSync('makensis', ['-WX', '-V4', '-INPUTCHARSET', 'UTF8', 'installer.nsi'], { cwd: dir, encoding: 'utf8' });
    assert.equal(status, 0, stdout + stderr);
    assert.equal(/WriteRegStr/.test(stdout), scheme !== '', stdout);
    if (scheme) assert.match(stdout, /DeleteRegKey: .*buecher/);
    assert.match(stdout, /Bücher & \$\$?5 Regale/);
  });
}
