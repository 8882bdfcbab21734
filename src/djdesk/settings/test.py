"""pytest: the desktop's middleware and database options on a throw-away data folder."""

import tempfile
from pathlib import Path

from djdesk.desktop import datadir
from djdesk.desktop.database import sqlite_database

from .base import *  # noqa: F403
from .base import STORAGES

# One folder per test process, removed when the process ends.
_temporary = tempfile.TemporaryDirectory(prefix="djdesk-test-", ignore_cleanup_errors=True)
DATA_DIR = datadir.ensure(Path(_temporary.name).resolve())

DEBUG = False
SECRET_KEY = "only-for-tests-" + "x" * 50
ALLOWED_HOSTS = ["127.0.0.1"]
DATABASES = {"default": sqlite_database(DATA_DIR)}
# A file, not :memory:, so that WAL, locks and data_version behave as they do for users.
DATABASES["default"]["TEST"] = {"NAME": DATA_DIR / "test.sqlite3"}
MEDIA_ROOT = DATA_DIR / "media"
STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
