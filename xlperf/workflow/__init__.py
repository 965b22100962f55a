"""The use cases, in the order of the cycle: init, check, generate, import, collate, status, chase, publish."""
