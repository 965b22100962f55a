"""The use cases of the cycle, by the names that the command line and the add-in give them."""
