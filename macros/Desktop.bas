Attribute VB_Name = "Desktop"
Option Explicit
Option Private Module
' The only module that touches anything outside Excel: it starts one program, the Python that the settings name.

' Start xlperf and do not wait for it; Problem is what to do instead where the desktop forbids it. A Sub, and not a
' Function, because a formula in any open workbook could use a Function.
Public Sub Start(Button As String, BookName As String, Problem As String)
    Dim CommandLine As String
    ' -P: Python takes no code from Excel's current folder, which may hold files that somebody sent.
    ' -E: nor is it led elsewhere, or ended at once, by a PYTHONHOME or PYTHONPATH that another program has set.
    CommandLine = Quoted(Setting("python").Value) & " -E -P -m xlperf.addin " & Button & " " & Quoted("--wb=" & BookName) & _
        " --from_xl=1 --hwnd=" & WindowNumber() & " " & Quoted("--workspace=" & Setting("workspace").Value) & _
        " --version=" & Setting("version").Value
    Setting("last command").Value = CommandLine
    On Error GoTo Forbidden
    CreateObject("WScript.Shell").Run CommandLine, 0, False
    Exit Sub
Forbidden:
    Problem = "This computer does not let Excel start xlperf (" & Err.Description & "). " & _
        "Use ""xlperf collate"" in the Start menu instead: it works on the workbook that is open here. " & _
        "To see what stands in the way, run: xlperf doctor"
End Sub

' The cell of a setting, by what stands before it on this add-in's own sheet; never in a workbook that is open.
Public Property Get Setting(Item As String) As Range
    Dim Row As Integer
    For Row = 1 To 9
        With ThisWorkbook.Worksheets("settings")
            If .Cells(Row, 1).Value = Item Then Set Setting = .Cells(Row, 2)
        End With
    Next
End Property

' The number of Excel's window, by which this Excel is found when several run; 0 where there is none, as on a Mac.
Private Function WindowNumber() As String
    WindowNumber = "0"
    On Error Resume Next
    WindowNumber = Application.Hwnd
End Function

' In double quotes for the line that is run; a backslash before the last quote would hide it, so it is doubled.
Private Function Quoted(ByVal Text As String) As String
    If Right(Text, 1) = "\" Then Text = Text & "\"
    Quoted = """" & Text & """"
End Function
