; Takes back what the program itself wrote about links when a person chose Beckon for them, in the layout of crates/client/src/schemes/windows.rs. The installer registers nothing: links may be
; another program's so far, and taking them away from it is for a person to decide.

!define BECKON_CLASSES "Software\Classes"
!define BECKON_LINK_CLASS "Beckon.Link"

!macro NSIS_HOOK_POSTUNINSTALL
  ${If} $UpdateMode <> 1
    StrCpy $R6 "$\"$INSTDIR\${MAINBINARYNAME}.exe$\" $\"%1$\""
    StrCpy $R8 0
    ${Do}
      EnumRegKey $R9 HKCU "${BECKON_CLASSES}" $R8
      ${If} $R9 == ""
        ${ExitDo}
      ${EndIf}
      IntOp $R8 $R8 + 1
      StrCpy $R5 $R9 8
      ${If} $R9 == "beckon"
      ${OrIf} $R9 == "anydesk"
      ${OrIf} $R5 == "anydesk-"
      ${OrIf} $R9 == "${BECKON_LINK_CLASS}"
        ReadRegStr $R7 HKCU "${BECKON_CLASSES}\$R9\shell\open\command" ""
        ${If} $R7 == $R6
          ClearErrors
          DeleteRegKey HKCU "${BECKON_CLASSES}\$R9"
          ${IfNot} ${Errors}
            ; The next key has taken its number.
            IntOp $R8 $R8 - 1
          ${EndIf}
        ${EndIf}
      ${EndIf}
    ${Loop}

    ; Without the class, what the system's settings list leads nowhere.
    ReadRegStr $R7 HKCU "${BECKON_CLASSES}\${BECKON_LINK_CLASS}\shell\open\command" ""
    ${If} $R7 == ""
      DeleteRegKey HKCU "Software\Beckon\Capabilities"
      DeleteRegKey /ifempty HKCU "Software\Beckon"
      DeleteRegValue HKCU "Software\RegisteredApplications" "Beckon"
    ${EndIf}
    !insertmacro UPDATEFILEASSOC
  ${EndIf}
!macroend
