"""The commands of the Excel side: the add-in, and what works on this desktop."""
