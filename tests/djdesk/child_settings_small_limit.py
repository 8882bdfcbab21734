"""The children's settings for tests of uploads: a limit below what arrives at once."""

from .child_settings import *  # noqa: F403

DESKTOP_UPLOAD_LIMIT = 100_000
