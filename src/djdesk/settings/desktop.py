"""The desktop app: one user, loopback only, everything in the data folder.

The data folder comes from the launch contract; a management command run by hand may name it
in ``DJDESK_DATA_DIR``.
"""

from djdesk.desktop import datadir, launch
from djdesk.desktop.database import sqlite_database
from djdesk.desktop.logs import logging_config

from .base import *  # noqa: F403

DATA_DIR = datadir.current()

DEBUG = False
SECRET_KEY = datadir.secret_key(DATA_DIR)

# The literal address and nothing else; LaunchGuardMiddleware also compares the port.
ALLOWED_HOSTS = ["127.0.0.1"]

DATABASES = {"default": sqlite_database(DATA_DIR)}
MEDIA_ROOT = DATA_DIR / "media"
MEDIA_URL = "/media/"
FILE_UPLOAD_TEMP_DIR = DATA_DIR / "uploads"
LOGGING = logging_config(launch.current())

SILENCED_SYSTEM_CHECKS = [
    "security.W004",  # HSTS: there is no TLS on loopback, and the port changes
    "security.W008",  # SSL redirect: as above
    "security.W012",  # SESSION_COOKIE_SECURE: cookies marked so are not sent over http
    "security.W016",  # CSRF_COOKIE_SECURE: as above
]
