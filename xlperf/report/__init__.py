"""What each sheet of the master says, as tables and assessment; knows no cell address and no workbook format."""
