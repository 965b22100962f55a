Attribute VB_Name = "Buttons"
Option Explicit
Option Private Module
' What each button does: look whether it can be done, then start xlperf, which does the work and says how it went.

Public Sub Generate()
    Press "generate", "making the returns", False
End Sub

Public Sub Collate()
    Press "collate", "reading the returns", True
End Sub

Public Sub Status()
    Press "status", "looking who has returned", False
End Sub

Public Sub Chase()
    Press "chase", "writing reminders", False
End Sub

Public Sub Publish()
    Press "publish", "freezing what the board will see", True
End Sub

Public Sub Packs()
    Press "packs", "making the packs of the meetings", True
End Sub

Public Sub OpenFolder()
    Press "open-folder", "opening the returns folder", False
End Sub

Public Sub Help()
    Press "help", "looking up what the buttons do", False
End Sub

Private Sub Press(Button As String, Doing As String, NeedsMaster As Boolean)
    Dim Problem As String
    Application.StatusBar = "xlperf: " & Doing & " ... (if this stays for minutes, run: xlperf doctor)"
    Problem = WhyNot(ActiveWorkbook, NeedsMaster)
    If Problem = "" Then Start Button, ActiveWorkbook.Name, Problem
    Setting("last message").Value = Problem
    ThisWorkbook.Saved = True ' so that Excel does not ask about it when it is closed
    If Problem = "" Then Exit Sub
    Application.StatusBar = False
    MsgBox Problem, vbExclamation, "xlperf"
End Sub

' Why a button cannot be used now, in words for a person; "" where it can.
Private Function WhyNot(Book As Workbook, NeedsMaster As Boolean) As String
    If Book Is Nothing Then
        WhyNot = "No workbook is open. Open the master, then press the button again."
    ElseIf Book.Name = ThisWorkbook.Name Then
        WhyNot = "No workbook is open. Open the master, then press the button again."
    ElseIf NeedsMaster And Not IsMaster(Book) Then
        WhyNot = Book.Name & " is not a master. Click on the master, then press the button again."
    ElseIf Book.Name Like "*[=""%]*" Then
        WhyNot = "The name of this workbook has one of = % "" in it, which xlperf cannot be told. " & _
            "Save it under a name without them, then press the button again."
    ElseIf Setting("python").Value = "" Then
        WhyNot = "The add-in has not been set up on this computer. Close Excel, then run: xlperf addin install"
    End If
End Function

Private Function IsMaster(Book As Workbook) As Boolean
    Dim Item As Name
    For Each Item In Book.Names
        If Item.Name = "dash_title" Then IsMaster = True
    Next
End Function
