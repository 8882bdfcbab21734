"""Forms that check what the user typed or chose before any expensive look at the disk."""
