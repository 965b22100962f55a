"""What each sheet of the master says, as tables and facts; knows no cell address and no workbook format."""
