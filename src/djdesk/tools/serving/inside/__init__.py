"""Scripts that run in the app's Python; they import nothing from the tools."""
