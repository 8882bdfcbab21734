"""Examine an installation and its data: one finding per question, each with advice."""

from __future__ import annotations

import contextlib
import importlib.metadata
import os
import shutil
import socket
import sqlite3
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from djdesk.app import program

from . import backups, installation, places
from .database import FILE_NAME
from .lock import is_held
from .process import why_ended

Verdict = Literal["ok", "warning", "error"]
LOW_SPACE = 512 * 2**20  # bytes


@dataclass(frozen=True, slots=True)
class Finding:
    """``advice`` is empty if there is nothing to do."""

    verdict: Verdict
    topic: str
    text: str
    advice: str = ""

    def as_dict(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in ("verdict", "topic", "text", "advice")}


def examine(data_dir: Path) -> list[Finding]:
    """Examine without changing anything. A question that cannot be answered becomes a finding."""
    findings: list[Finding] = []
    questions: tuple[Callable[[Path], Iterator[Finding]], ...] = (
        _python, _packages, _installation, _folder, _space, _database, _backups,
        _running, _loopback,
    )  # fmt: skip
    for question in questions:
        try:
            findings.extend(question(data_dir))
        except Exception as error:
            topic = question.__name__.strip("_")
            findings.append(
                Finding("error", topic, f"could not be examined: {error}", "See the log folder.")
            )
    return findings


def _python(data_dir: Path) -> Iterator[Finding]:
    version = ".".join(str(part) for part in sys.version_info[:3])
    yield Finding("ok", "python", f"Python {version} at {sys.executable}")
    if sqlite3.sqlite_version_info >= (3, 37):
        yield Finding("ok", "sqlite", f"SQLite {sqlite3.sqlite_version}")
    else:
        yield Finding(
            "error", "sqlite", f"SQLite {sqlite3.sqlite_version} is too old.", "Use 3.37 or newer."
        )


def _packages(data_dir: Path) -> Iterator[Finding]:
    for name in ("django", "django-tasks-db", "waitress", "whitenoise", "platformdirs", "psutil"):
        try:
            yield Finding("ok", "packages", f"{name} {importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            yield Finding(
                "error",
                "packages",
                f"{name} is missing.",
                "Install the app again; in a checkout run npm start.",
            )


def _installation(data_dir: Path) -> Iterator[Finding]:
    if not installation.is_packaged():
        return
    found = installation.damage()
    if found:
        more = f", and {len(found) - 3} more" if len(found) > 3 else ""
        yield Finding(
            "error",
            "installation",
            f"differs from what was built: {'; '.join(found[:3])}{more}",
            "Install the app again; your data stays. A virus scanner may be taking files away.",
        )
    else:
        yield Finding("ok", "installation", "every file is as it was built")


def _folder(data_dir: Path) -> Iterator[Finding]:
    if not data_dir.is_dir():
        yield Finding("ok", "data folder", f"{data_dir} does not exist yet; a start makes it.")
        return
    if os.access(data_dir, os.W_OK | os.X_OK):
        yield Finding("ok", "data folder", str(data_dir))
    else:
        yield Finding(
            "error",
            "data folder",
            f"{data_dir} cannot be written by this user.",
            "Give this user the right to write there, or choose another folder with --data-dir.",
        )
    if text := places.warning(data_dir):
        yield Finding("warning", "data folder", text, "Move the data to a local disk.")


def _space(data_dir: Path) -> Iterator[Finding]:
    place = next(folder for folder in (data_dir, *data_dir.parents) if folder.exists())
    free = shutil.disk_usage(place).free
    text = f"{free / 2**30:.1f} GiB free"
    if free < LOW_SPACE:
        yield Finding("warning", "disk space", text, "Free some space: backups need room, too.")
    else:
        yield Finding("ok", "disk space", text)


def _database(data_dir: Path) -> Iterator[Finding]:
    path = data_dir / FILE_NAME
    if not path.exists():
        yield Finding("ok", "database", "None yet.")
        return
    try:
        backups.verify(path)
    except sqlite3.Error as error:
        yield Finding(
            "error",
            "database",
            f"The check found: {error}",
            "Start the app: it saves what can be read and keeps the damaged file. Or restore a "
            f"backup with `{program()} data restore`.",
        )
    else:
        yield Finding("ok", "database", f"whole, {path.stat().st_size / 2**20:.1f} MiB")


def _backups(data_dir: Path) -> Iterator[Finding]:
    found = backups.listed(data_dir)
    bad = []
    for backup in found:
        try:
            backups.verify(backup.path)
        except sqlite3.Error:
            bad.append(backup.name)
    if bad:
        yield Finding(
            "warning",
            "backups",
            f"damaged: {', '.join(bad)}",
            f"Delete them with `{program()} data delete` and make a new one with "
            f"`{program()} data backup`.",
        )
    else:
        yield Finding("ok", "backups", f"{len(found)}, all whole" if found else "None yet.")


def _running(data_dir: Path) -> Iterator[Finding]:
    found = (*data_dir.glob("process-*.lock"), *data_dir.glob("process-*.ended"))
    processes = sorted({path.stem for path in found})
    for name in ("server", "worker", *processes):
        running = is_held(data_dir / f"{name}.lock")
        process = name.removeprefix("process-")
        if not running and process != name and (reason := why_ended(data_dir, process)):
            log = data_dir / "logs" / f"{process}.log"
            yield Finding("warning", name, f"not running: {reason}", f"Read its log: {log}")
        else:
            yield Finding("ok", name, "running" if running else "not running")


def _loopback(data_dir: Path) -> Iterator[Finding]:
    try:
        with contextlib.closing(socket.socket()) as listener:
            listener.bind(("127.0.0.1", 0))
            listener.listen()
            with socket.create_connection(listener.getsockname(), timeout=3):
                pass
    except OSError as error:
        yield Finding(
            "error",
            "loopback",
            f"A program cannot reach itself on 127.0.0.1: {error}",
            "A firewall or security program blocks local connections: allow them for this app.",
        )
    else:
        yield Finding("ok", "loopback", "127.0.0.1 can be reached")
