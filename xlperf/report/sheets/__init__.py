"""The sheets of the master, one module for each: its columns and its rows."""
