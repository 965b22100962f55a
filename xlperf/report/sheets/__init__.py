"""The sheets of the master, one module each: its columns, and what its rows are about."""
