"""``manage.py runserver`` for work on pages: debug pages, unhashed static files, no launch token.

The database has the desktop's pragmas, so that locking behaves as it will for users.
"""

from djdesk.desktop import datadir
from djdesk.desktop.database import sqlite_database

from .base import *  # noqa: F403
from .base import BASE_DIR, MIDDLEWARE, STORAGES

DATA_DIR = datadir.ensure(BASE_DIR / "build" / "development")

DEBUG = True
SECRET_KEY = datadir.secret_key(DATA_DIR)
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
DATABASES = {"default": sqlite_database(DATA_DIR)}
MEDIA_ROOT = DATA_DIR / "media"

MIDDLEWARE = [m for m in MIDDLEWARE if not m.endswith(".LaunchGuardMiddleware")]
STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
