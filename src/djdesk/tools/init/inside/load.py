"""Load the app as a user's computer would, and print the outcome as one line of JSON.

Run with the environment of a desktop process; the argument is the folder of the whole repository.
Writing below it is refused, because an installed app is in a read-only place. No network
connections are made while loading.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import re
import sys
import traceback
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from types import ModuleType
from typing import Any

PROJECT = ""
WHOLE = ""
CLASS = re.compile(r"[a-z_]\w*(\.\w+)*\.[A-Z]\w*")
PLACES = ("DIRS", "BASE_DIR", "PROJECT_ROOT", "SITE_ROOT", "ROOT_DIR")
# Settings that the overlay changed, or whose paths are only read.
LEFT = {
    "MEDIA_ROOT", "STATIC_ROOT", "DATABASES", "LOGGING", "TEMPLATES", "LOCALE_PATHS", "STORAGES",
    "STATICFILES_DIRS", "FIXTURE_DIRS", "CACHES", "HUEY", "DATA_DIR", "FILE_UPLOAD_TEMP_DIR",
    "EMAIL_FILE_PATH", "SESSION_FILE_PATH", "WEBPACK_LOADER", "DJANGO_VITE", "COMPRESS_ROOT",
    "WHITENOISE_ROOT", "CELERY_BROKER_TRANSPORT_OPTIONS", "BROKER_TRANSPORT_OPTIONS",
}  # fmt: skip
written: list[dict[str, Any]] = []


def main() -> None:
    global PROJECT, WHOLE
    from djdesk.app import current

    app = current()
    PROJECT = str(app.project) + os.sep
    WHOLE = os.path.join(sys.argv[1], "")  # noqa: PTH118
    os.chdir(app.project)
    sys.addaudithook(_watch)
    stage = "settings"
    try:
        from django.conf import settings

        _ = settings.INSTALLED_APPS
        stage = "apps"
        import django

        django.setup()
        stage = "urls"
        from django.urls import get_resolver

        _ = get_resolver().url_patterns
        stage = "migrations"
        from django.db.migrations.loader import MigrationLoader

        MigrationLoader(None)
        answer = {"ok": True, "django": django.get_version(), **_facts(settings)}
    except BaseException as error:
        answer = {"ok": False, "stage": stage, **_failure(error)}
    print("\n" + json.dumps(answer | {"written": written[:20]}))


def _facts(settings: Any) -> dict[str, Any]:
    languages = [settings.LANGUAGE_CODE]
    if settings.is_overridden("LANGUAGES"):
        languages += [code for code, _ in settings.LANGUAGES]
    return {
        "decisions": settings.DESKTOP_DECISIONS,
        "apps": list(settings.INSTALLED_APPS),
        "languages": list(dict.fromkeys(languages)),
        "paths": sorted(
            dotted
            for name in dir(settings)
            if name.isupper() and name not in LEFT and not name.endswith(PLACES)
            for dotted in _paths(name, getattr(settings, name))
        ),
        "commands": _commands(),
        "missing": _missing(settings),
    }


def _missing(settings: Any) -> list[dict[str, Any]]:
    """Classes named in settings whose modules cannot be imported."""
    found = []
    for setting in dir(settings):
        value = getattr(settings, setting) if setting.isupper() else None
        for name in _classes(setting, value):
            try:
                importlib.import_module(name.rpartition(".")[0])
            except Exception as error:
                found.append({"setting": setting, "name": name, **_failure(error)})
    return found


def _classes(setting: str, value: Any) -> list[str]:
    """Dotted names of classes in a setting; Django's own are skipped."""
    if setting in ("MIDDLEWARE", "AUTHENTICATION_BACKENDS"):
        rows = list(value)
    elif isinstance(value, dict):
        inner = [one for one in value.values() if isinstance(one, dict)]
        rows = [one.get(key) for one in (value, *inner) for key in ("ENGINE", "BACKEND")]
    else:
        rows = [value] if setting.endswith(("_BACKEND", "_ENGINE", "_RUNNER_CLASS")) else []
    return [
        one
        for one in rows
        if isinstance(one, str) and CLASS.fullmatch(one) and not one.startswith("django.")
    ]


def _commands() -> list[str]:
    from django.core.management import get_commands

    return sorted(get_commands())


def _paths(name: str, value: Any, depth: int = 0) -> list[str]:
    """Dotted names of settings that name a nonexistent path in the project or the repository: code
    that uses them will write there."""
    if isinstance(value, dict) and depth < 4:
        return [
            found
            for key, inner in value.items()
            if isinstance(key, str) and key.isidentifier()
            for found in _paths(f"{name}.{key}", inner, depth + 1)
        ]
    if not isinstance(value, str | Path):
        return []
    text = str(value)
    if not text.startswith((PROJECT, WHOLE)) or "\n" in text or "*" in text or len(text) > 500:
        return []
    return [] if Path(text).exists() else [name]


def _failure(error: BaseException) -> dict[str, Any]:
    """The innermost cause, and where in the project it occurred."""
    cause: BaseException = error
    chain = [error]
    while (inner := cause.__cause__ or cause.__context__) is not None and not isinstance(
        cause, ModuleNotFoundError | KeyError
    ):
        if isinstance(cause, PermissionError) and cause.strerror == REFUSED:
            break  # it was looked for in vain before being written
        cause = inner
        chain.append(inner)
    frames = [
        frame
        for one in chain
        for frame in traceback.extract_tb(one.__traceback__)
        if frame.filename.startswith(PROJECT) and "site-packages" not in frame.filename
    ]
    last = traceback.extract_tb(cause.__traceback__)[-1:]
    name = (getattr(cause, "name", None) or "") if isinstance(cause, ImportError) else ""
    inside = _home_of(name) if isinstance(cause, ModuleNotFoundError) else ""
    home = inside or (isinstance(cause, ImportError) and cause.path) or _lacking(cause) or ""
    place = frames[-1] if frames else None
    if isinstance(cause, SyntaxError) and (cause.filename or "").startswith(PROJECT):
        # The frame is that of the importing code.
        place = traceback.FrameSummary(
            str(cause.filename), cause.lineno or 1, "", line=(cause.text or "").strip()
        )
    return {
        "type": type(cause).__name__,
        "message": str(cause)[:800],
        "outer": f"{type(error).__name__}: {error}"[:800],
        "module": None if inside else name,
        # A module that is missing from the project's own package or from an installed one.
        "own_module": name if inside and inside.startswith(PROJECT) else "",
        "distribution": cause.name if isinstance(cause, PackageNotFoundError) else "",
        "place": f"{place.filename.removeprefix(PROJECT)}:{place.lineno}" if place else "",
        "line": place.line if place else "",
        "at": f"{last[0].filename}:{last[0].lineno}" if last else "",
        "packages": (packages := _packages(cause, inside)),
        # The package file that lacks a name which the project imports.
        "python": ".".join(map(str, sys.version_info[:2])),
        "lacking": home if not packages and _of_a_package(home) else "",
    }


def _lacking(cause: BaseException) -> str:
    """The file of the module that has no attribute of a name; empty for any other error."""
    owner = cause.obj if isinstance(cause, AttributeError) else None
    return str(getattr(owner, "__file__", None) or "") if isinstance(owner, ModuleType) else ""


def _home_of(module: str) -> str:
    """The file of the package that would contain a missing module; empty if there is none."""
    top, dot, _ = module.partition(".")
    try:
        spec = importlib.util.find_spec(top) if dot else None
    except (ImportError, ValueError):
        return ""
    places = [spec.origin, *(spec.submodule_search_locations or [])] if spec else []
    # Not a folder of that name that happens to be on the path.
    found = (one for one in places if one)
    return next((one for one in found if one.startswith(PROJECT) or "site-packages" in one), "")


def _packages(cause: BaseException, inside: str) -> list[str]:
    """Files of installed packages that may be too old: the one that lacks a name, and the one that
    imports it or failed. Empty if the project's own code failed. Errors raised by Django and the
    runtime are attributed to their callers."""
    found = []
    for frame in reversed(traceback.extract_tb(cause.__traceback__)):
        if frame.filename.startswith(PROJECT) and "site-packages" not in frame.filename:
            break
        found.append(frame.filename)
    if found and isinstance(cause, ImportError):
        found.insert(0, cause.path or inside)
    return list(dict.fromkeys(one for one in found if _of_a_package(one)))[:2]


def _of_a_package(file: str) -> bool:
    parts = Path(file).parts
    if "site-packages" not in parts:
        return False
    top = parts[len(parts) - parts[::-1].index("site-packages")]
    return top not in ("django", "djdesk")


MAKING = ("os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.symlink", "os.link", "os.truncate")
REFUSED = "an installed app may not be written"
FLAGS = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def _watch(event: str, args: tuple[Any, ...]) -> None:
    if event == "open":
        path, mode, flags = args[0], args[1], args[2]
        writes = (isinstance(mode, str) and set(mode) & set("wax+")) or (flags or 0) & FLAGS
        if writes and not isinstance(path, int):
            _refuse(event, path)
    elif event in MAKING or event == "sqlite3.connect":
        _refuse(event, args[0])


def _refuse(event: str, path: Any) -> None:
    try:
        text = os.fsdecode(path)
    except (TypeError, ValueError):
        return
    if event == "sqlite3.connect":
        text = text.removeprefix("file:").partition("?")[0]
        if text in ("", ":memory:"):
            return
    text = os.path.abspath(text)  # noqa: PTH100 - within an audit hook
    if not text.startswith((PROJECT, WHOLE)) or text.endswith((".pyc", "__pycache__")):
        return
    if "__pycache__" in text or (event == "os.mkdir" and os.path.isdir(text)):  # noqa: PTH112
        return
    frame: Any = sys._getframe(2)
    while frame is not None and not frame.f_code.co_filename.startswith(PROJECT):
        frame = frame.f_back
    place = f"{frame.f_code.co_filename.removeprefix(PROJECT)}:{frame.f_lineno}" if frame else ""
    written.append({"event": event, "path": os.path.relpath(text, PROJECT), "place": place})
    raise PermissionError(13, REFUSED, text)


if __name__ == "__main__":
    main()
