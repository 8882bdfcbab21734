"""Scripts that run in the app's Python, under the desktop's settings and watched."""
