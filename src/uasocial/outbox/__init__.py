"""The ledger, and what goes out by it: planned, sent once, found again, stopped at once."""
