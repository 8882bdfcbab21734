"""Scripts that run in the app's own environment."""
