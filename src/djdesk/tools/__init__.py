"""The developer's commands. None of this is in a packaged app."""
