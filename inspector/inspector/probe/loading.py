"""Loads the project as manage.py does, and blocks its databases."""

import os
import platform
import sys

from .config import CONFIG, STATE
from .guard import GUARD
from .limits import OutOfTime
from .messages import say
from .places import DJANGO, module_file, real, relative
from .protocol import CLOCK
from .redact import scrub

PACKAGE = __name__.partition(".")[0]
COPY_LIMIT = 1024 * 2**20  # bytes of a database and its side files
COPY = say("The project writes while it loads: a private copy of it was inspected.")


class _Learned(BaseException):
    """Raised when manage.py reaches the point where it would run a command."""


def run_manage(path):
    """Execute manage.py up to its command: it may load `.env` files and change sys.path."""
    import runpy

    import django.core.management as management

    def stop(argv=None):
        raise _Learned

    original = management.execute_from_command_line
    management.execute_from_command_line = stop
    argv = sys.argv
    sys.argv = [path, "check"]
    try:
        runpy.run_path(path, run_name="__main__")
    except _Learned:
        pass
    except OutOfTime:
        raise
    except BaseException as error:
        STATE["assumed"].append(
            say(
                "manage.py ended with {error}: {why}",
                error=type(error).__name__,
                why=scrub(str(error))[:200],
            )
        )
    finally:
        sys.argv = argv
        management.execute_from_command_line = original


def import_single(name):
    """Import a single-file site, which calls `settings.configure()`, without running it."""
    from importlib import import_module

    import django.core.management as management

    original = management.execute_from_command_line
    management.execute_from_command_line = lambda argv=None: None
    try:
        import_module(name)
    finally:
        management.execute_from_command_line = original


def there(name):
    """Whether a module of that name exists and has any code; imports its parent package."""
    from importlib.util import find_spec

    try:
        spec = find_spec(name)
        if spec is None or not str(spec.origin).endswith("__init__.py"):
            return spec is not None
        # An empty package that only holds the settings modules has no settings itself.
        with open(spec.origin, encoding="utf-8", errors="replace") as file:
            return any(line.strip() and not line.startswith("#") for line in file)
    except ModuleNotFoundError as error:
        return not name.startswith(error.name or name)
    except Exception:
        return True  # it exists; importing it will show what is wrong with it


def load():
    """Load the settings and call `django.setup()`. Stores the facts for `runtime`."""
    import django

    DJANGO[0] = os.path.dirname(os.path.abspath(django.__file__))
    forced = CONFIG["settings"] if CONFIG["settings_forced"] else None
    if forced:
        os.environ["DJANGO_SETTINGS_MODULE"] = forced
    STATE["settings_source"] = CONFIG["settings_source"]
    if CONFIG.get("single"):
        import_single(CONFIG["settings"])
        forced = None
    elif CONFIG["manage_py"]:
        run_manage(CONFIG["manage_py"])
        if os.environ.get("DJANGO_SETTINGS_MODULE") and not forced:
            STATE["settings_source"] = os.path.basename(CONFIG["manage_py"])
    named = os.environ.get("DJANGO_SETTINGS_MODULE")
    if forced:
        os.environ["DJANGO_SETTINGS_MODULE"] = forced
    elif named and CONFIG["settings"] and not there(named):
        # `production.py` is created at deployment: use the module that discovery chose instead.
        os.environ["DJANGO_SETTINGS_MODULE"] = CONFIG["settings"]
        STATE["settings_source"] = CONFIG["settings_source"]
    elif not os.environ.get("DJANGO_SETTINGS_MODULE") and CONFIG["settings"]:
        os.environ["DJANGO_SETTINGS_MODULE"] = CONFIG["settings"]
        STATE["settings_source"] = CONFIG["settings_source"]
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured

    if os.environ.get("DJANGO_CONFIGURATION"):
        import configurations

        configurations.setup()
    settings.INSTALLED_APPS  # noqa: B018 - loads the module
    try:
        settings.SECRET_KEY  # noqa: B018
    except ImproperlyConfigured:
        settings.SECRET_KEY = "inspection-placeholder-" + "0" * 40
        text = say("SECRET_KEY is empty: a placeholder was used for this inspection.")
        STATE["assumed"].append(text)
    # Logging handlers would open log files.
    settings.LOGGING_CONFIG = None
    refuse_databases()
    started = CLOCK()
    django.setup()
    STATE["setup_seconds"] = round(CLOCK() - started, 3)
    from django.utils import translation

    translation.deactivate_all()


def refuse_databases():
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.utils import OperationalError

    def refuse(self, *args, **kwargs):
        GUARD.note("database", say("query on {name}", name=repr(self.alias)), True)
        raise OperationalError(say("databases are not opened during an inspection"))

    originals = BaseDatabaseWrapper.connect, BaseDatabaseWrapper.ensure_connection
    STATE["connect"] = originals

    def connect(self, *args, **kwargs):
        if not CONFIG["scratch_database"] or self.vendor != "sqlite":
            refuse(self)
        GUARD.note("database", say("query on {name}", name=repr(self.alias)), False)
        own = private_database(str(self.settings_dict.get("NAME") or ""))
        params = self.get_connection_params
        self.get_connection_params = lambda: dict(params(), database=own)
        try:
            return originals[0](self, *args, **kwargs)
        finally:
            self.get_connection_params = params

    def ensure_connection(self):
        if not CONFIG["scratch_database"] or self.vendor != "sqlite":
            refuse(self)
        return originals[1](self)

    BaseDatabaseWrapper.connect = connect
    BaseDatabaseWrapper.ensure_connection = ensure_connection


def private_database(name):
    """Copy a SQLite file to the scratch folder; an empty database if it does not
    exist or is too large.
    """
    import shutil

    if not name or ":memory:" in name or "mode=memory" in name:
        return ":memory:"
    path = os.path.abspath(name[5:].partition("?")[0] if name.startswith("file:") else name)
    target = os.path.join(CONFIG["scratch"], "tmp", "own-%x.sqlite3" % abs(hash(path)))
    with GUARD.ours():
        sides = [path + end for end in ("", "-wal") if os.path.isfile(path + end)]
        if sum(map(os.path.getsize, sides)) > COPY_LIMIT:
            return ":memory:"
        for side in sides:
            copy = target + side[len(path) :]
            if not os.path.exists(copy):
                shutil.copyfile(side, copy)
    return target


def runtime():
    if CONFIG["real_root"]:
        STATE["assumed"].append(COPY)
    load()
    import django
    from django.conf import settings

    name = os.environ.get("DJANGO_SETTINGS_MODULE")
    return {
        "python": platform.python_version(),
        "implementation": platform.python_implementation(),
        "executable": sys.executable,
        "prefix": sys.prefix,
        "in_venv": sys.prefix != sys.base_prefix,
        "platform": platform.platform(),
        "django": django.get_version(),
        "django_path": DJANGO[0],
        "settings_module": name,
        "settings_source": STATE["settings_source"],
        "settings_file": relative(module_file(getattr(settings, "SETTINGS_MODULE", name) or "")),
        "base": real(CONFIG["base"]),
        "setup_seconds": STATE["setup_seconds"],
        "modules_loaded": sum(1 for one in sys.modules if not one.startswith(PACKAGE)),
        "assumed": STATE["assumed"],
    }
