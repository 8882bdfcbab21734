"""Scripts that run inside the staged interpreter; they import nothing from the tools."""
