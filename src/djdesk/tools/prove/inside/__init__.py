"""Scripts that run in the app's Python, with the desktop settings and watched."""
