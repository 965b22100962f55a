"""The contract of a return: what is issued to an owner, and how what comes back is read. Knows no workbook format."""
