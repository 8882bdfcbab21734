"""Imports Django while this process waits for its request, if that makes no difference.

A process that was started ahead of time waits in its sandbox until the source has been read.
Importing Django, with the parts of the standard library that it needs, takes about a third of the
time that a project of usual size takes to load. None of that is the project's code.
"""

import os
import re
import sys

from .bounded import read_bytes
from .limits import SOURCE_LIMIT

# Loaded in every project, and without access to settings.
MODULES = (
    "ctypes.util",
    "django.conf.urls.i18n",
    "django.core.management",
    "django.core.checks",
    "django.db.backends.sqlite3.base",
    "django.db.migrations.executor",
    "django.db.migrations.autodetector",
    "django.db.models",
    "django.forms",
    "django.middleware.common",
    "django.middleware.csrf",
    "django.shortcuts",
    "django.urls",
    "django.views.generic",
)
# They replace modules of the standard library, which must not have been imported before.
REPLACES_MODULES = re.compile(rb"\b(gevent|eventlet)\b")


def preload(base):
    """Import Django, unless something in ``base``, the folder of manage.py, must come first.

    That folder is the first on sys.path, so a calendar.py in it takes the place of the standard
    library's.
    """
    from importlib import import_module

    try:
        if not may_come_first(base):
            return
    except Exception:  # a file cannot be read, or a package's finder fails
        return
    # Should a module look at settings after all, it must not load the project's.
    chosen = os.environ.pop("DJANGO_SETTINGS_MODULE", None)
    try:
        for name in MODULES:
            import_module(name)
    except Exception:
        pass  # loading the project fails for the same reason, and tells it
    finally:
        if chosen is not None:
            os.environ["DJANGO_SETTINGS_MODULE"] = chosen


def may_come_first(base):
    """Whether the project notices no difference if Django was imported before its own code."""
    for entry in os.listdir(base):
        name, end = os.path.splitext(entry)
        path = os.path.join(base, entry)
        module = end == ".py" or os.path.isfile(os.path.join(path, "__init__.py"))
        if module and name.isidentifier() and is_module_elsewhere(name):
            return False
        if end == ".py" and REPLACES_MODULES.search(read_bytes(path, SOURCE_LIMIT)):
            return False
    return True


def is_module_elsewhere(name):
    """Whether the standard library or a package has a module of that name. A folder that was
    installed for editing is the project's own.
    """
    from importlib.util import find_spec

    if name in sys.modules or name in sys.builtin_module_names:
        return True
    spec = find_spec(name)
    file = (spec.origin or "") if spec is not None else ""
    packages = (os.sep + "site-packages" + os.sep, os.sep + "dist-packages" + os.sep)
    library = os.path.dirname(os.__file__) + os.sep
    return file.startswith(library) or any(part in file for part in packages)
