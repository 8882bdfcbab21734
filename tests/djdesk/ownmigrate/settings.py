"""The child processes' settings with post_migrate receivers and a ``migrate`` of the project's."""

from tests.djdesk.child_settings import *  # noqa: F403
from tests.djdesk.child_settings import INSTALLED_APPS

INSTALLED_APPS = [
    "tests.djdesk.ownmigrate",
    *INSTALLED_APPS,
]
