"""A version of the app whose update fails halfway: one migration works, the next raises."""

from tests.djdesk.child_settings import *  # noqa: F403
from tests.djdesk.child_settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.djdesk.broken_update"]
