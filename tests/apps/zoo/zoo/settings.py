"""One settings file for the desktop and a server: the environment says where the data is."""

import os
from pathlib import Path

from django import VERSION

BASE_DIR = Path(__file__).resolve().parent.parent
SECRET_KEY = "only for tests"
USE_TZ = True
TIME_ZONE = "Europe/Berlin"
INSTALLED_APPS = [
    "zoo",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sites",
    "django_tasks_db",
    "djdesk.desktop.jobs",
    "djdesk.web",
]
if VERSION < (6, 0):
    INSTALLED_APPS.append("django_tasks")
# This app's content types come first, so that all numbers differ on the server.
if extra := os.environ.get("ZOO_EXTRA_APP"):
    INSTALLED_APPS.insert(0, extra)
SITE_ID = 1
DATA_DIR = Path(os.environ.get("DATA_DIR", BASE_DIR / ".djdesk" / "data"))
MEDIA_ROOT = DATA_DIR / "media"
REPORTS = {"folder": DATA_DIR / "reports", "queue": DATA_DIR / "queue.db"}
DATABASES = {
    "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": DATA_DIR / "app.sqlite3"},
}
if port := os.environ.get("POSTGRES_PORT"):
    DATABASES["default"] = {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": "127.0.0.1",
        "PORT": port,
        "USER": "tester",
        "NAME": os.environ["POSTGRES_NAME"],
    }
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ROOT_URLCONF = "zoo.urls"
