"""Runs inside the staged interpreter: can everything that the app can reach be imported?

Imports every module of djdesk, and those of the app that its settings and URLs lead to, then parses
the imports in all loaded modules, including those inside functions. A name that is missing was
pruned although it is used. Prints one JSON object.

Its argument is a file with the names of the modules that pruning removed from packages and from the
standard library; names that were never there (in code for other versions) do not count.
"""

import ast
import importlib
import importlib.util
import json
import os
import pkgutil
import sys
import sysconfig
from pathlib import Path

# Imported by code that never runs here, each with its reason.
PRUNED = {
    "tkinter": "turtle's and pdb's windows",
    "pydoc_data": "the topics of help()",
    "_pyrepl": "the interactive prompt",
    "readline": "the interactive prompt",
    "curses": "the interactive prompt",
    "_curses": "the interactive prompt",
    "ensurepip": "makes environments",
    "venv": "makes environments",
    "test": "Python's own tests",
    "lib2to3": "old refactoring",
    "idlelib": "an editor",
    "turtle": "a drawing board",
    "django.contrib.gis": "wants GDAL",
    "django.contrib.postgres": "wants psycopg",
    "django.contrib.flatpages": "not used",
    "django.contrib.redirects": "not used",
    "django.contrib.admindocs": "not used",
    "psutil.tests": "psutil's own tests",
    "djdesk.tools": "the developer's commands",
}


def main() -> None:
    import django
    from django.urls import get_resolver

    django.setup()
    _ = get_resolver().url_patterns
    gone = set(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
    failures = load_all("djdesk") + look_inside(os.environ["DJDESK_APP"], gone)
    print(json.dumps({"modules": len(sys.modules), "failures": failures}))


def load_all(top: str) -> list[str]:
    failures = []
    package = importlib.import_module(top)
    for found in pkgutil.walk_packages(package.__path__, f"{top}."):
        name = found.name
        if name.endswith("__main__"):
            continue
        try:
            importlib.import_module(name)
        except Exception as error:
            failures.append(f"{name} cannot be imported: {type(error).__name__}: {error}")
    return failures


def look_inside(app: str, gone: set[str]) -> list[str]:
    known = set(sys.stdlib_module_names)
    known |= {module.name for module in pkgutil.iter_modules()}
    # Names of other systems and of build options, missing from an unpruned Python too.
    absent = absent_from_any()
    failures = set()
    for module in list(sys.modules.values()):
        file = getattr(module, "__file__", None)
        if not file or not file.endswith(".py"):
            continue
        for name in imported(module, file):
            if name.split(".")[0] not in known or name.split(".")[0] in absent:
                continue
            if name.startswith("psutil._psutil_"):  # one extension per system
                continue
            # The app's own code does run: what it imports must exist.
            pruned = any(name == gone or name.startswith(f"{gone}.") for gone in PRUNED)
            if pruned and not Path(file).is_relative_to(app):
                continue
            if name in gone and not exists(name):
                failures.add(f"{module.__name__} imports {name}, which is missing")
    return sorted(failures)


def absent_from_any() -> set[str]:
    windows = {
        "_overlapped", "_scproxy", "_winapi", "_wmi", "msilib", "msvcrt", "nt", "ntpath", "winreg",
        "winsound", "_winreg",
    }  # fmt: skip
    unix = {
        "_posixshmem", "_posixsubprocess", "fcntl", "grp", "nis", "posix", "pty", "pwd",
        "resource", "spwd", "syslog", "termios", "tty", "crypt", "ossaudiodev",
    }  # fmt: skip
    options = {"_dbm", "_gdbm", "_android_support", "_apple_support", "_ios_support", "_bootlocale"}
    if sys.platform == "darwin":
        windows.discard("_scproxy")
    if not sysconfig.get_config_var("HAVE_LIBREADLINE"):
        options.add("readline")
    return options | (unix if sys.platform == "win32" else windows)


def imported(module, file: str) -> set[str]:
    tree = ast.parse(Path(file).read_bytes())
    names = set()
    package = module.__spec__.parent if module.__spec__ else module.__package__
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = (package or "").split(".")
                above = above[: len(above) - node.level + 1]
                base = ".".join([*above, base] if base else above)
            if base:
                names.add(base)
    return names


def exists(name: str) -> bool:
    if name in sys.modules:
        return True
    try:
        return importlib.util.find_spec(name) is not None
    except (ImportError, ValueError, AttributeError):
        return False


if __name__ == "__main__":
    main()
