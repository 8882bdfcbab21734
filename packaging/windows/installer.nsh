; What electron-builder's installer does not do by itself.

!include "getProcessInfo.nsh"
Var pid

; $0 is 1 when there is an apostrophe in TEXT, else 0.
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

; An update over a running app: ask it to end and wait, so that it drains and closes its database.
; What is still there after that is ended the usual way, with everything that runs from the folder.
!macro customCheckAppRunning
  !insertmacro IS_POWERSHELL_AVAILABLE
  ${if} ${FileExists} "$INSTDIR\${APP_EXECUTABLE_FILENAME}"
    nsExec::Exec /TIMEOUT=25000 '"$INSTDIR\${APP_EXECUTABLE_FILENAME}" --quit'
    Pop $0
  ${endIf}
  !insertmacro HasApostrophe "$INSTDIR"
  ${if} $0 == 1
    ; electron-builder puts the folder between apostrophes for PowerShell; as O'Brien's home it would
    ; end them. It has another way, by the name of the program, for computers without PowerShell.
    StrCpy $IsPowerShellAvailable 1
  ${endIf}
  !insertmacro _CHECK_APP_RUNNING
!macroend

; Links that other programs open: for this user, as the app is.
!macro customInstall
  !if "@scheme@" != ""
    WriteRegStr HKCU "Software\Classes\@scheme@" "" "URL:@name:nsis@"
    WriteRegStr HKCU "Software\Classes\@scheme@" "URL Protocol" ""
    WriteRegStr HKCU "Software\Classes\@scheme@\DefaultIcon" "" "$INSTDIR\${APP_EXECUTABLE_FILENAME},0"
    WriteRegStr HKCU "Software\Classes\@scheme@\shell\open\command" "" '"$INSTDIR\${APP_EXECUTABLE_FILENAME}" "%1"'
  !endif
!macroend

; Data is the user's: it is deleted only when they say so. An update removes the old version, too, and
; must not ask; a silent removal keeps it.
!macro customUnInstall
  ${ifNot} ${isUpdated}
    !if "@scheme@" != ""
      ; Only what leads here: another app may have taken the links over.
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
