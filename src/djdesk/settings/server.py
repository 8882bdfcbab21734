"""An ordinary web server, for an app made from this starter that also ships to the web.

Everything comes from the environment. The Project Inspector reads the file system of the machine
that it runs on and has no login: it refuses to start here.
"""

import os

from django.core.exceptions import ImproperlyConfigured

from djdesk.desktop.database import sqlite_database

from . import base
from .base import *  # noqa: F403


def _required(name: str, meaning: str) -> str:
    try:
        return os.environ[name]
    except KeyError:
        raise ImproperlyConfigured(f"Set {name}: {meaning}.") from None


if "inspector" in base.INSTALLED_APPS:
    raise ImproperlyConfigured(
        "The Project Inspector shows files of the machine it runs on and must not be put on a "
        "server. Remove 'inspector' from INSTALLED_APPS before using djdesk.settings.server."
    )

from djdesk.desktop import datadir  # noqa: E402

DATA_DIR = datadir.current()
DEBUG = False
SECRET_KEY = _required("DJDESK_SECRET_KEY", "a long random string")
ALLOWED_HOSTS = _required("DJDESK_ALLOWED_HOSTS", "host names, separated by commas").split(",")
DATABASES = {"default": sqlite_database(DATA_DIR)}
MEDIA_ROOT = DATA_DIR / "media"

# There is no shell and no launch token on a server; a login takes their place.
MIDDLEWARE = [m for m in base.MIDDLEWARE if not m.endswith(".LaunchGuardMiddleware")]

SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 31_536_000
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
