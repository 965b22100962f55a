"""The rules: pure functions of plain values and arrays. They know no workbook, no file, no clock."""
