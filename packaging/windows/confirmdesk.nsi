; The installer for one person or for everybody on a computer. nsis.py defines NAME COMMAND APP_ID VERSION NUMBER PUBLISHER
; URL LICENCE ICON SIDE HEADER PROGRAM SIZE OUT and writes FILES. Exit codes are Windows' own ("net helpmsg 1618"):
;   0 done · 740 needs an administrator · 1150 Windows too old · 1602 cancelled · 1603 files could not be written
;   1618 Confirmdesk is open; try again later (Intune does by itself)
Unicode true
Target amd64-unicode
SetCompressor /SOLID lzma
SetCompressorDictSize 64

!define NEEDS_ADMIN 740
!define TOO_OLD 1150
!define CANCELLED 1602
!define FAILED 1603
!define IN_USE 1618
!define UNINSTALL_KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\${APP_ID}"
!define PERSONAL "$LOCALAPPDATA\${COMMAND}"

!include LogicLib.nsh
!include FileFunc.nsh
!include WinVer.nsh
!include x64.nsh
!include nsDialogs.nsh
!include MUI2.nsh

Name "${NAME}"
OutFile "${OUT}"
BrandingText "${NAME} ${VERSION}"
; Standard users are asked nothing and install for themselves; administrators may choose.
RequestExecutionLevel highest
ManifestDPIAware true
ManifestSupportedOS Win10
ShowInstDetails nevershow
ShowUninstDetails nevershow
AllowSkipFiles off

VIProductVersion "${NUMBER}"
VIFileVersion "${NUMBER}"
VIAddVersionKey /LANG=0 "ProductName" "${NAME}"
VIAddVersionKey /LANG=0 "ProductVersion" "${VERSION}"
VIAddVersionKey /LANG=0 "FileDescription" "${NAME} Setup"
VIAddVersionKey /LANG=0 "FileVersion" "${VERSION}"
VIAddVersionKey /LANG=0 "CompanyName" "${PUBLISHER}"
VIAddVersionKey /LANG=0 "LegalCopyright" "${PUBLISHER}"

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_ABORTWARNING
!define MUI_WELCOMEFINISHPAGE_BITMAP "${SIDE}"
!define MUI_WELCOMEFINISHPAGE_BITMAP_STRETCH AspectFitHeight
!define MUI_HEADERIMAGE
!define MUI_HEADERIMAGE_RIGHT
!define MUI_HEADERIMAGE_BITMAP "${HEADER}"
!define MUI_HEADERIMAGE_BITMAP_STRETCH AspectFitHeight
!define MUI_HEADERIMAGE_UNBITMAP "${HEADER}"
!define MUI_HEADERIMAGE_UNBITMAP_STRETCH AspectFitHeight
!define MUI_CUSTOMFUNCTION_ABORT Cancelled
!define MUI_CUSTOMFUNCTION_UNABORT un.Cancelled

!define MUI_WELCOMEPAGE_TITLE "${NAME} ${VERSION}"
!define MUI_WELCOMEPAGE_TEXT "This installs ${NAME}, with which support staff resend Amazon Cognito confirmation codes.$\r$\n$\r$\nIf ${NAME} is open, please close it first. Settings and history of an earlier version are kept.$\r$\n$\r$\nChoose Next to continue."
!insertmacro MUI_PAGE_WELCOME
!insertmacro MUI_PAGE_LICENSE "${LICENCE}"
Page custom AskForWhom TakeForWhom
!define MUI_DIRECTORYPAGE_TEXT_TOP "${NAME} goes into this folder. Your settings and history do not: they stay in your own account."
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!define MUI_FINISHPAGE_TITLE "${NAME} is installed"
!define MUI_FINISHPAGE_TEXT "You will find it in the Start menu.$\r$\n$\r$\nNo AWS account yet? ${NAME} has a practice pool with invented people: choose Try the practice pool."
!define MUI_FINISHPAGE_RUN
!define MUI_FINISHPAGE_RUN_TEXT "Start ${NAME} now"
!define MUI_FINISHPAGE_RUN_FUNCTION Start
!insertmacro MUI_PAGE_FINISH

UninstPage custom un.AskForData un.TakeForData
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"

; "AllUsers" or "CurrentUser"; the folder that /D= named; the folder of the version that is there.
Var For
Var Asked
Var Older
Var Admin
Var Purge
Var Box

; ---- What installer and uninstaller share -------------------------------------------------------------------------

!macro SHARED UN
Function ${UN}Cancelled
  SetErrorLevel ${CANCELLED}
FunctionEnd

; Windows keeps a running program from being written to, whoever runs it, in whatever session. Folder in $0.
Function ${UN}WaitUntilClosed
  again:
  ${If} ${FileExists} "$0\${COMMAND}.exe"
    ClearErrors
    FileOpen $1 "$0\${COMMAND}.exe" a
    IfErrors busy
    FileClose $1
    ClearErrors
    FileOpen $1 "$0\${COMMAND}-cli.exe" a
    IfErrors busy
    FileClose $1
  ${EndIf}
  Return
  busy:
  MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "${NAME} is open, here or in the session of somebody else.$\r$\n$\r$\nPlease close it, and then choose Retry." /SD IDCANCEL IDRETRY again
  SetErrorLevel ${IN_USE}
  Quit
FunctionEnd

Function ${UN}LookForAdmin
  UserInfo::GetAccountType
  Pop $Admin
  ${If} $For == "AllUsers"
  ${AndIf} $Admin != "Admin"
    MessageBox MB_OK|MB_ICONSTOP "Only an administrator can do this for everybody on this computer." /SD IDOK
    SetErrorLevel ${NEEDS_ADMIN}
    Quit
  ${EndIf}
FunctionEnd
!macroend
!insertmacro SHARED ""
!insertmacro SHARED "un."

!macro FAIL_IF_ERRORS WHAT
  ${If} ${Errors}
    MessageBox MB_OK|MB_ICONSTOP "${WHAT}" /SD IDOK
    SetErrorLevel ${FAILED}
    Quit
  ${EndIf}
!macroend

; ---- Installing ---------------------------------------------------------------------------------------------------

Function .onInit
  ${IfNot} ${AtLeastWin10}
    MessageBox MB_OK|MB_ICONSTOP "${NAME} needs Windows 10 or newer." /SD IDOK
    SetErrorLevel ${TOO_OLD}
    Quit
  ${EndIf}
  SetRegView 64
  StrCpy $Asked $INSTDIR
  ${GetParameters} $0
  ClearErrors
  ${GetOptions} $0 "/AllUsers" $1
  ${IfNot} ${Errors}
    StrCpy $For "AllUsers"
  ${EndIf}
  ClearErrors
  ${GetOptions} $0 "/CurrentUser" $1
  ${IfNot} ${Errors}
    StrCpy $For "CurrentUser"
  ${EndIf}
  ClearErrors
  Call LookForAdmin
  ${If} $For == ""
    Call LookForOlder
  ${EndIf}
  Call Settle
FunctionEnd

; Nobody said for whom: what is there is upgraded; else as much as this account may.
Function LookForOlder
  StrCpy $For "CurrentUser"
  ReadRegStr $0 HKCU "${UNINSTALL_KEY}" "InstallLocation"
  ReadRegStr $1 HKLM "${UNINSTALL_KEY}" "InstallLocation"
  ${If} $Admin == "Admin"
    ${If} $0 == ""
    ${OrIf} $1 != ""
      StrCpy $For "AllUsers"
    ${EndIf}
  ${EndIf}
FunctionEnd

Function Settle
  ${If} $For == "AllUsers"
    SetShellVarContext all
    StrCpy $INSTDIR "$PROGRAMFILES64\${NAME}"
  ${Else}
    SetShellVarContext current
    StrCpy $INSTDIR "$LOCALAPPDATA\Programs\${NAME}"
  ${EndIf}
  ReadRegStr $Older SHCTX "${UNINSTALL_KEY}" "InstallLocation"
  ${If} $Older != ""
    StrCpy $INSTDIR $Older
  ${EndIf}
  ${If} $Asked != ""
    StrCpy $INSTDIR $Asked
  ${EndIf}
  ClearErrors
FunctionEnd

Function AskForWhom
  ${If} $Admin != "Admin"
    Abort
  ${EndIf}
  !insertmacro MUI_HEADER_TEXT "Install for whom?" "For everybody on this computer, or for you."
  nsDialogs::Create 1018
  Pop $0
  ${NSD_CreateRadioButton} 8u 8u -8u 12u "&Everybody who uses this computer"
  Pop $Box
  ${NSD_CreateLabel} 20u 22u -20u 20u "In Program Files. IT can preset connections for all of them."
  Pop $0
  ${NSD_CreateRadioButton} 8u 50u -8u 12u "Only &me"
  Pop $1
  ${NSD_CreateLabel} 20u 64u -20u 20u "In your own account; other accounts do not see it."
  Pop $0
  ${If} $For == "AllUsers"
    ${NSD_Check} $Box
    ${NSD_SetFocus} $Box
  ${Else}
    ${NSD_Check} $1
    ${NSD_SetFocus} $1
  ${EndIf}
  nsDialogs::Show
FunctionEnd

Function TakeForWhom
  ${NSD_GetState} $Box $0
  ${If} $0 = ${BST_CHECKED}
    StrCpy $1 "AllUsers"
  ${Else}
    StrCpy $1 "CurrentUser"
  ${EndIf}
  ; A folder that was chosen by hand stays when nothing else changes.
  ${If} $1 != $For
    StrCpy $For $1
    Call Settle
  ${EndIf}
FunctionEnd

Section "install"
  StrCpy $0 $INSTDIR
  Call WaitUntilClosed
  ${If} $Older != ""
    StrCpy $0 $Older
    Call WaitUntilClosed
    Call RemoveOlder
  ${EndIf}

  SetOutPath $INSTDIR
  ClearErrors
  !include "${FILES}"
  WriteUninstaller "$INSTDIR\Uninstall.exe"
  !insertmacro FAIL_IF_ERRORS "Some files could not be written to $INSTDIR.$\r$\n$\r$\nMake room on the disk, or choose another folder, and run this installer again."

  CreateShortCut "$SMPROGRAMS\${NAME}.lnk" "$INSTDIR\${COMMAND}.exe" "" "$INSTDIR\${COMMAND}.exe" 0 SW_SHOWNORMAL "" "Resend Amazon Cognito confirmation codes"
  ${If} $For == "AllUsers"
    Call MakePresets
  ${EndIf}
  Call Register
SectionEnd

; Its own uninstaller knows what belongs to it. Pinned shortcuts and personal data stay.
Function RemoveOlder
  ${If} ${FileExists} "$Older\Uninstall.exe"
    ClearErrors
    ExecWait '"$Older\Uninstall.exe" /S /Upgrade /$For _?=$Older' $0
    ${If} ${Errors}
    ${OrIf} $0 <> 0
      SetErrors
    ${EndIf}
    !insertmacro FAIL_IF_ERRORS "The version in $Older could not be removed.$\r$\n$\r$\nUninstall it in Windows' settings, and run this installer again."
    Delete "$Older\Uninstall.exe"
    ${If} $Older != $INSTDIR
      RMDir $Older
    ${EndIf}
  ${EndIf}
FunctionEnd

; In ProgramData everybody may make files, and a connection preset there is taken for IT's: so it belongs to the
; administrators, and all others read. A folder that somebody made before is taken over. S-1-5-32-544 are the
; administrators, S-1-5-18 the system, S-1-5-32-545 the users, whatever language Windows speaks.
Function MakePresets
  ReadRegStr $0 HKLM "${UNINSTALL_KEY}" "PresetsProtected"
  CreateDirectory "$APPDATA\${NAME}\connections.d"
  ; What IT has changed since stays.
  ${If} $0 == ""
    nsExec::Exec '"$SYSDIR\icacls.exe" "$APPDATA\${NAME}" /setowner *S-1-5-32-544 /T /C /Q'
    Pop $0
    nsExec::Exec '"$SYSDIR\icacls.exe" "$APPDATA\${NAME}" /reset /T /C /Q'
    Pop $0
    nsExec::Exec '"$SYSDIR\icacls.exe" "$APPDATA\${NAME}" /inheritance:r /grant:r *S-1-5-32-544:(OI)(CI)F *S-1-5-18:(OI)(CI)F *S-1-5-32-545:(OI)(CI)RX /Q'
    Pop $0
  ${EndIf}
  WriteRegDWORD HKLM "${UNINSTALL_KEY}" "PresetsProtected" 1
FunctionEnd

Function Register
  WriteRegStr SHCTX "${UNINSTALL_KEY}" "DisplayName" "${NAME}"
  WriteRegStr SHCTX "${UNINSTALL_KEY}" "DisplayVersion" "${VERSION}"
  WriteRegStr SHCTX "${UNINSTALL_KEY}" "DisplayIcon" "$INSTDIR\${COMMAND}.exe,0"
  WriteRegStr SHCTX "${UNINSTALL_KEY}" "Publisher" "${PUBLISHER}"
  WriteRegStr SHCTX "${UNINSTALL_KEY}" "URLInfoAbout" "${URL}"
  WriteRegStr SHCTX "${UNINSTALL_KEY}" "InstallLocation" "$INSTDIR"
  WriteRegStr SHCTX "${UNINSTALL_KEY}" "UninstallString" '"$INSTDIR\Uninstall.exe" /$For'
  WriteRegStr SHCTX "${UNINSTALL_KEY}" "QuietUninstallString" '"$INSTDIR\Uninstall.exe" /$For /S'
  WriteRegDWORD SHCTX "${UNINSTALL_KEY}" "EstimatedSize" ${SIZE}
  WriteRegDWORD SHCTX "${UNINSTALL_KEY}" "NoModify" 1
  WriteRegDWORD SHCTX "${UNINSTALL_KEY}" "NoRepair" 1
FunctionEnd

; By way of the desktop: what an elevated installer starts itself would be elevated too.
Function Start
  Exec '"$WINDIR\explorer.exe" "$INSTDIR\${COMMAND}.exe"'
FunctionEnd

; ---- Removing -----------------------------------------------------------------------------------------------------

Function un.onInit
  SetRegView 64
  ${GetParameters} $0
  ClearErrors
  ${GetOptions} $0 "/AllUsers" $1
  ${IfNot} ${Errors}
    StrCpy $For "AllUsers"
  ${EndIf}
  ClearErrors
  ${GetOptions} $0 "/CurrentUser" $1
  ${IfNot} ${Errors}
    StrCpy $For "CurrentUser"
  ${EndIf}
  ${If} $For == ""
    StrCpy $For "CurrentUser"
    ReadRegStr $1 HKLM "${UNINSTALL_KEY}" "InstallLocation"
    ${If} $1 == $INSTDIR
      StrCpy $For "AllUsers"
    ${EndIf}
  ${EndIf}
  ClearErrors
  ${GetOptions} $0 "/PurgeData" $1
  ${IfNot} ${Errors}
    StrCpy $Purge 1
  ${EndIf}
  ClearErrors
  Call un.LookForAdmin
  ${If} $For == "AllUsers"
    SetShellVarContext all
  ${Else}
    SetShellVarContext current
  ${EndIf}
FunctionEnd

Function un.AskForData
  !insertmacro MUI_HEADER_TEXT "Uninstall ${NAME}" "This removes ${NAME} from this computer."
  GetDlgItem $0 $HWNDPARENT 1
  SendMessage $0 ${WM_SETTEXT} 0 "STR:&Uninstall"
  nsDialogs::Create 1018
  Pop $0
  ${NSD_CreateLabel} 0 2u 100% 20u "${NAME} is removed from $INSTDIR."
  Pop $0
  ${NSD_CreateCheckBox} 0 28u 100% 12u "&Delete my settings, the record of sent codes and the log, too"
  Pop $Box
  ${If} $Purge == 1
    ${NSD_Check} $Box
  ${EndIf}
  SetShellVarContext current
  ${NSD_CreateLabel} 12u 42u -12u 30u "They are in ${PERSONAL}, and only those of your own account. Without that record nobody on this computer knows any more who was sent a code."
  ${If} $For == "AllUsers"
    SetShellVarContext all
  ${EndIf}
  Pop $0
  ${NSD_CreateLabel} 0 84u 100% 40u "Client secrets stay in the Windows Credential Manager. To remove them, open it in the Control Panel and delete the entries whose name contains ${APP_ID}."
  Pop $0
  nsDialogs::Show
FunctionEnd

Function un.TakeForData
  ${NSD_GetState} $Box $Purge
FunctionEnd

Section "Uninstall"
  StrCpy $0 $INSTDIR
  Call un.WaitUntilClosed
  ${GetParameters} $0
  ClearErrors
  ${GetOptions} $0 "/Upgrade" $1
  ${If} ${Errors}
    StrCpy $1 "whole"
  ${Else}
    StrCpy $1 "files"
  ${EndIf}

  ClearErrors
  RMDir /r "$INSTDIR\${PROGRAM}"
  Delete "$INSTDIR\${COMMAND}.exe"
  Delete "$INSTDIR\${COMMAND}-cli.exe"
  Delete "$INSTDIR\LICENSE.txt"
  !insertmacro FAIL_IF_ERRORS "Some files could not be removed from $INSTDIR.$\r$\n$\r$\nRestart the computer and uninstall again."

  ${If} $1 == "whole"
    Delete "$SMPROGRAMS\${NAME}.lnk"
    DeleteRegKey SHCTX "${UNINSTALL_KEY}"
    ${If} $For == "AllUsers"
      ; Only where IT left nothing in them.
      RMDir "$APPDATA\${NAME}\connections.d"
      RMDir "$APPDATA\${NAME}"
    ${EndIf}
    ${If} $Purge == 1
      SetShellVarContext current
      RMDir /r "${PERSONAL}"
    ${EndIf}
    Delete "$INSTDIR\Uninstall.exe"
    RMDir "$INSTDIR"
  ${EndIf}
SectionEnd
