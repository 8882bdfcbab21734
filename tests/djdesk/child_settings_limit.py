"""The child processes' settings for upload tests: a low limit."""

from .child_settings import *  # noqa: F403

DESKTOP_UPLOAD_LIMIT = 32 * 2**20
