"""Reload on changes: Python files restart both children, other files reload only the page.

Uses Django's autoreloader to find the files; instead of exiting the process, it asks the shell for
a restart, which keeps the data folder, the port and the page.
"""

from __future__ import annotations

import itertools
import logging
import os
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.contrib.staticfiles.finders import get_finders
from django.utils.autoreload import StatReloader, autoreload_started, file_changed

from djdesk.app import current
from djdesk.desktop import launch, live

LIMIT = 120  # seconds for loading the changed app

logger = logging.getLogger(__name__)
_process = secrets.token_hex(4)
_changes = itertools.count(1)
_state = f"{_process}-0"


def state() -> str:
    """A string that changes whenever open pages are out of date."""
    return _state


def page_changed() -> None:
    global _state
    _state = f"{_process}-{next(_changes)}"
    live.watcher.wake()


class Follower(StatReloader):
    """Django's reloader, asking the shell for a restart instead of exiting."""

    SLEEP_TIME = 0.4

    def tick(self) -> Iterator[None]:
        """As Django's, with three differences: it notices files changed or created since this
        process began to import the app, and files replaced by older ones; and it handles all files
        saved together at once."""
        config = launch.current()
        assert config is not None
        known: dict[Path, float] = {}
        while True:
            changed = []
            for file, mtime in self.snapshot_files():
                if mtime != known[file] if file in known else mtime > config.read_at:
                    changed.append(file)
                known[file] = mtime
            if changed:
                self.notify_files_changed(changed)
            time.sleep(self.SLEEP_TIME)
            yield

    def watch_static_files(self) -> None:
        for finder in get_finders():
            for storage in getattr(finder, "storages", {}).values():
                self.watch_dir(Path(storage.location), "**/*")

    def notify_files_changed(self, paths: list[Path]) -> None:
        code = []
        for path in paths:
            handled = any(answer for _, answer in file_changed.send(sender=self, file_path=path))
            if not handled and path.suffix == ".py":
                code.append(path)
        names = _named(code or paths)
        if not code:
            logger.info("%s changed: the page is loaded again", names)
            page_changed()
        elif loads():
            logger.info("%s changed: server and worker start again", names)
            if not launch.ask_for_restart(f"{names} changed"):
                page_changed()


def start() -> None:
    threading.Thread(target=_follow, name="follow-changes", daemon=True).start()


def _follow() -> None:
    warn_of_missing_migrations()
    follower = Follower()
    autoreload_started.send(sender=follower)
    follower.watch_static_files()
    follower.run_loop()


def loads() -> bool:
    """Whether the changed app loads, tried in a separate process. If not, the error is printed and
    the running app continues until the next change."""
    config = launch.current()
    assert config is not None
    try:
        done = subprocess.run(
            [sys.executable, "-X", "utf8", "-m", "djdesk.cli", "manage", "check"],
            cwd=current().root, capture_output=True, text=True, timeout=LIMIT, check=False,
            env=os.environ | {"DJDESK_DATA_DIR": str(config.data_dir)},
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        logger.error("The change was not taken, because the app did not load within %d s.", LIMIT)
        return False
    if done.returncode != 0:
        logger.error(
            "The change was not taken, because the app cannot be loaded:\n%s",
            done.stderr.strip()[-4000:],
        )
    return done.returncode == 0


def warn_of_missing_migrations() -> None:
    """Models without migrations work here but fail on users' computers."""
    from django.db.migrations.autodetector import MigrationAutodetector
    from django.db.migrations.loader import MigrationLoader
    from django.db.migrations.state import ProjectState

    loader = MigrationLoader(None, ignore_no_migrations=True)
    changes = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps)).changes(
        graph=loader.graph
    )
    ours = sorted(label for label in changes if _is_ours(Path(apps.get_app_config(label).path)))
    if ours:
        logger.warning(
            "Models of %s have changes that are in no migration: djdesk manage makemigrations",
            ", ".join(ours),
        )


def _is_ours(path: Path) -> bool:
    return path.resolve().is_relative_to(_root()) and "site-packages" not in path.parts


def _named(paths: list[Path]) -> str:
    """``shelf/models.py``, or ``shelf/models.py and 2 more files``."""
    more = len(paths) - 1
    first = _short(paths[0])
    return f"{first} and {more} more file{'s' * (more > 1)}" if more else first


def _short(path: Path) -> str:
    return str(path.relative_to(_root())) if path.is_relative_to(_root()) else str(path)


def _root() -> Path:
    return current().project
