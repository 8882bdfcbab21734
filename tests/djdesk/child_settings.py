"""The desktop's settings as the child processes get them, plus an app with tasks to run."""

from djdesk.overlay.settings import *  # noqa: F403
from djdesk.overlay.settings import INSTALLED_APPS, STORAGES

INSTALLED_APPS = [*INSTALLED_APPS, "tests.djdesk.taskapp"]
STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
