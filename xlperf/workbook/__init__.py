"""The only room that knows a workbook: a narrow port, and what implements it."""
