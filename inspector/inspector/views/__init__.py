"""Views are thin: find the rows, let inspector.pages order them, and render."""
