"""The contents of every sheet and message, as tables and sentences; knows no cell address and no workbook format."""
