Attribute VB_Name = "Ribbon"
Option Explicit
' What the buttons in ribbon.xml are tied to. Each passes the click on to the Sub of its name in Buttons.

Public Sub OnGenerate(control As IRibbonControl)
    Generate
End Sub

Public Sub OnCollate(control As IRibbonControl)
    Collate
End Sub

Public Sub OnStatus(control As IRibbonControl)
    Status
End Sub

Public Sub OnChase(control As IRibbonControl)
    Chase
End Sub

Public Sub OnPublish(control As IRibbonControl)
    Publish
End Sub

Public Sub OnPacks(control As IRibbonControl)
    Packs
End Sub

Public Sub OnOpenFolder(control As IRibbonControl)
    OpenFolder
End Sub

Public Sub OnHelp(control As IRibbonControl)
    Help
End Sub
