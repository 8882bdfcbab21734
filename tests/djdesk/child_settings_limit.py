"""The children's settings for tests of uploads: a low limit."""

from .child_settings import *  # noqa: F403

DESKTOP_UPLOAD_LIMIT = 32 * 2**20
