"""The use cases, in rooms: the cycle, what is incoming, the master, the ledger's integrity, the workspace."""
