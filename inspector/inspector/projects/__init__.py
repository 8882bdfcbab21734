"""An opened project: what the app knows about it and does with it, except for scanning."""
