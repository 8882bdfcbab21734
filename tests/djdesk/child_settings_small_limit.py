"""The child processes' settings for upload tests: a limit smaller than one read."""

from .child_settings import *  # noqa: F403

DESKTOP_UPLOAD_LIMIT = 100_000
