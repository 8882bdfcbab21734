"""Scripts that run inside of the staged interpreter; they import nothing of the tools."""
