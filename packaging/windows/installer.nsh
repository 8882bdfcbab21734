; What electron-builder's installer does not do by itself.

!include "getProcessInfo.nsh"
Var pid

; An update over a running app: ask it to end and wait, so that it drains and closes its database.
; What is still there after that is ended the usual way, with everything that runs from the folder.
!macro customCheckAppRunning
  !insertmacro IS_POWERSHELL_AVAILABLE
  ${if} ${FileExists} "$INSTDIR\${APP_EXECUTABLE_FILENAME}"
    nsExec::Exec /TIMEOUT=25000 '"$INSTDIR\${APP_EXECUTABLE_FILENAME}" --quit'
    Pop $0
  ${endIf}
  !insertmacro _CHECK_APP_RUNNING
!macroend

; Data is the user's: it is deleted only when they say so. An update removes the old version, too, and
; must not ask; a silent removal keeps it.
!macro customUnInstall
  ${ifNot} ${isUpdated}
    ${if} ${FileExists} "$LOCALAPPDATA\DJDesk\*.*"
      MessageBox MB_YESNO|MB_ICONQUESTION|MB_DEFBUTTON2 \
        "Delete your DJDesk data, too?$\r$\n$\r$\n$LOCALAPPDATA\DJDesk$\r$\n$\r$\nIt holds your list of projects, scans, backups and logs. Your projects are not in it. This cannot be undone." \
        /SD IDNO IDNO keepData
      RMDir /r "$LOCALAPPDATA\DJDesk"
      keepData:
    ${endIf}
  ${endIf}
!macroend
