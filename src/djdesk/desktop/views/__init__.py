"""Pages of the runtime itself: the data and its backups, logs and diagnostics."""
