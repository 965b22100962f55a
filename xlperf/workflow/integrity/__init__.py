"""Whether the ledger is whole and still says what the originals say; the master made anew from it."""
