"""Parts of the fault campaigns."""
