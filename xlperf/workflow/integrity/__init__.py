"""Whether the ledger is complete and still says what the originals say; and making a new master from it."""
