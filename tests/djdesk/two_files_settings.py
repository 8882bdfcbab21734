"""The child processes' settings with a second database file and its router."""

from tests.djdesk.child_settings import *  # noqa: F403
from tests.djdesk.child_settings import DATABASES

_default = DATABASES["default"]
DATABASES = {
    **DATABASES,
    "labels": {**_default, "NAME": _default["NAME"].with_name("labels.sqlite3")},
}
DATABASE_ROUTERS = ["tests.djdesk.two_files_settings.Router"]


class Router:
    def allow_migrate(self, db, app_label, **hints):
        return db == "default" or app_label == "contenttypes"
