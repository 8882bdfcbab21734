; Additions to electron-builder's installer.

!include "getProcessInfo.nsh"
Var pid

; Sets $0 to 1 if TEXT contains an apostrophe, else to 0.
!macro HasApostrophe TEXT
  Push $1
  Push $2
  StrCpy $0 0
  StrCpy $1 0
  ${do}
    StrCpy $2 "${TEXT}" 1 $1
    ${if} $2 == "'"
      StrCpy $0 1
    ${endIf}
    IntOp $1 $1 + 1
  ${loopUntil} $2 == ""
  Pop $2
  Pop $1
!macroend

; An update of a running app: ask it to quit and wait, so that it closes its database.
; Remaining processes that run from the folder are then killed as usual.
!macro customCheckAppRunning
  !insertmacro IS_POWERSHELL_AVAILABLE
  ${if} ${FileExists} "$INSTDIR\${APP_EXECUTABLE_FILENAME}"
    nsExec::Exec /TIMEOUT=25000 '"$INSTDIR\${APP_EXECUTABLE_FILENAME}" --quit'
    Pop $0
  ${endIf}
  !insertmacro HasApostrophe "$INSTDIR"
  ${if} $0 == 1
    ; electron-builder puts the folder in single quotes for PowerShell, which a home such as O'Brien's
    ; would break. Its fallback for computers without PowerShell finds programs by name.
    StrCpy $IsPowerShellAvailable 1
  ${endIf}
  !insertmacro _CHECK_APP_RUNNING
!macroend

; Register the link scheme for this user, because the app is installed per user.
!macro customInstall
  !if "@scheme@" != ""
    WriteRegStr HKCU "Software\Classes\@scheme@" "" "URL:@name:nsis@"
    WriteRegStr HKCU "Software\Classes\@scheme@" "URL Protocol" ""
    WriteRegStr HKCU "Software\Classes\@scheme@\DefaultIcon" "" "$INSTDIR\${APP_EXECUTABLE_FILENAME},0"
    WriteRegStr HKCU "Software\Classes\@scheme@\shell\open\command" "" '"$INSTDIR\${APP_EXECUTABLE_FILENAME}" "%1"'
  !endif
!macroend

; The data is deleted only if the user says so. An update also removes the old version, but must not
; ask; a silent removal keeps the data.
!macro customUnInstall
  ${ifNot} ${isUpdated}
    !if "@scheme@" != ""
      ; Only if it points here: another app may have taken over the scheme.
      ReadRegStr $0 HKCU "Software\Classes\@scheme@\shell\open\command" ""
      ${if} $0 == '"$INSTDIR\${APP_EXECUTABLE_FILENAME}" "%1"'
        DeleteRegKey HKCU "Software\Classes\@scheme@"
      ${endIf}
    !endif
    ${if} ${FileExists} "$LOCALAPPDATA\@name:nsis@\*.*"
      MessageBox MB_YESNO|MB_ICONQUESTION|MB_DEFBUTTON2 \
        "Delete your data of @name:nsis@, too?$\r$\n$\r$\n$LOCALAPPDATA\@name:nsis@$\r$\n$\r$\nIt holds all that you entered, backups and logs. This cannot be undone." \
        /SD IDNO IDNO keepData
      RMDir /r "$LOCALAPPDATA\@name:nsis@"
      keepData:
    ${endIf}
  ${endIf}
!macroend
