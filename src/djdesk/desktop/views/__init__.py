"""The runtime's own pages: data and backups, logs and diagnostics, and more."""
