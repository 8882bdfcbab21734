"""The desktop's settings as the children get them, plus one app with tasks to run."""

from djdesk.settings.desktop import *  # noqa: F403
from djdesk.settings.desktop import INSTALLED_APPS, STORAGES

INSTALLED_APPS = [*INSTALLED_APPS, "tests.djdesk.taskapp"]
STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
