"""Facts in tables, written by the programs in tools/."""
