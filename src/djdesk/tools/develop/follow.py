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

import psutil
from django.apps import apps
from django.contrib.staticfiles.finders import get_finders
from django.utils.autoreload import StatReloader, autoreload_started, file_changed

from djdesk.app import current
from djdesk.desktop import launch, live

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
        """As Django's, but it also notices files changed or created since this process started."""
        begun = psutil.Process().create_time()
        known: dict[Path, float] = {}
        while True:
            for file, mtime in self.snapshot_files():
                before = known.get(file, begun)
                known[file] = mtime
                if mtime > before:
                    self.notify_file_changed(file)
            time.sleep(self.SLEEP_TIME)
            yield

    def watch_static_files(self) -> None:
        for finder in get_finders():
            for storage in getattr(finder, "storages", {}).values():
                self.watch_dir(Path(storage.location), "**/*")

    def notify_file_changed(self, path: Path) -> None:
        handled = any(answer for _, answer in file_changed.send(sender=self, file_path=path))
        if handled or path.suffix != ".py":
            logger.info("%s changed: the page is loaded again", _short(path))
            page_changed()
        elif loads():
            logger.info("%s changed: server and worker start again", _short(path))
            if not launch.ask_for_restart(f"{_short(path)} changed"):
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
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-m", "djdesk.cli", "manage", "check"],
        cwd=current().root, capture_output=True, text=True, timeout=120, check=False,
        env=os.environ | {"DJDESK_DATA_DIR": str(config.data_dir)},
    )  # fmt: skip
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


def _short(path: Path) -> str:
    return str(path.relative_to(_root())) if path.is_relative_to(_root()) else str(path)


def _root() -> Path:
    return current().project
