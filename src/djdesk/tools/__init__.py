"""The developer's commands. Nothing in here is part of a packaged app."""
