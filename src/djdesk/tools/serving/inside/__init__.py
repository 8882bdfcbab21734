"""Scripts that run in the Python of the app; they import nothing of the tools."""
