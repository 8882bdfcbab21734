"""Management commands that the runtime adds to the app."""
