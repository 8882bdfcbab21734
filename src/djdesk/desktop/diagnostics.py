"""One zip that describes the app's state without private data."""

from __future__ import annotations

import io
import json
import platform
import sys
import zipfile
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from djdesk import __version__
from djdesk.app import program

from . import backups, choices, data_startup, notices
from .doctor import examine
from .redact import redact

LOG_TAIL = 512 * 1024  # bytes per log file, from its end


def file_name(now: datetime | None = None) -> str:
    return f"{program()}-diagnostics-{now or datetime.now(UTC):%Y%m%dT%H%M%S}.zip"


def collect(data_dir: Path) -> bytes:
    """The zip's bytes: doctor's findings, versions, names of settings, state files, and the end of
    every log, all redacted. No database content, no setting's value, no secret key."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:

        def add(name: str, text: str) -> None:
            archive.writestr(name, redact(text))

        add("README.txt", _readme())
        add("versions.json", json.dumps(_versions(), indent=2))
        add("doctor.json", json.dumps([f.as_dict() for f in examine(data_dir)], indent=2))
        add("backups.json", json.dumps([b.as_dict() for b in backups.listed(data_dir)], indent=2))
        add("data.json", json.dumps(asdict(data_startup.remembered(data_dir)), indent=2))
        add("notices.json", json.dumps([n.as_dict() for n in notices.current()], indent=2))
        add("settings.txt", "\n".join(_settings_names()))
        # Not updates/choices.json: its random number, which decides on rollouts, stays private.
        for name in ("state.json", choices.FILE_NAME, "updates/update.json", "updates/last.json"):
            if (data_dir / name).is_file():
                add(name, _tail(data_dir / name))
        for path in sorted((data_dir / "logs").glob("*.log*")):
            if path.is_file():
                add(f"logs/{path.name}", _tail(path))
    return buffer.getvalue()


def _tail(path: Path) -> str:
    try:
        with path.open("rb") as file:
            file.seek(0, 2)
            file.seek(max(0, file.tell() - LOG_TAIL))
            return file.read().decode(errors="replace")
    except OSError as error:
        return f"could not be read: {error}"


def _versions() -> dict[str, str]:
    import importlib.metadata
    import sqlite3

    packages = {
        d.metadata["Name"]: d.version for d in importlib.metadata.distributions() if d.metadata
    }
    return {
        "djdesk": __version__,
        "python": sys.version,
        "platform": platform.platform(),
        "sqlite": sqlite3.sqlite_version,
        **{f"package {name}": packages[name] for name in sorted(packages)},
    }


def _settings_names() -> list[str]:
    """Names only: any value may be a secret, and we cannot guess which."""
    from django.conf import settings

    if not settings.configured:
        return ["(Django was not running)"]
    return sorted(name for name in dir(settings) if name.isupper())


def _readme() -> str:
    return (
        f"What is in here: versions, the findings of `{program()} doctor`, the list of backups, "
        "the names of settings, and the end of each log.\n"
        "What is not: the contents of the database, values of settings, keys and tokens. Home "
        "folders are written as ~.\n"
        "Read it before you send it: it is all text.\n"
    )
