"""Temporary obstacles: the database is locked, or the disk is full. Unlike faults they are waited
out and reported; they end no task and no lane.
"""

from __future__ import annotations

import contextlib
import errno
import logging
import shutil
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, TypeVar

from django.db import DatabaseError

from djdesk.messages import dumps, loads, say

from . import ownfiles
from .holders import in_words, lock_holders
from .launch import Events
from .tasks import Ended

Kind = Literal["locked", "full"]
T = TypeVar("T")

logger = logging.getLogger(__name__)

AGAIN = 0.25  # seconds between attempts
TELL = 10.0  # seconds between repeated reports of a wait, each with the current lock holder
CHAIN = 20  # exceptions to follow along the chain of causes
# On a full disk SQLite reports a WAL that cannot grow as an I/O error.
HARDLY_ANY = 64 * 1024  # bytes
# Created with a fixed size while there is space, so that it can be written when there is none.
BOARD_SIZE = 2048  # bytes
BUSY_TIMEOUT = 2.0  # seconds that SQLite itself waits for a lock before the wait is reported


def obstacle(error: BaseException | None, folder: Path | None = None) -> Kind | None:
    """The obstacle behind an error, or None for a fault.

    ``folder`` is the database's folder: on a full disk SQLite may report only an I/O error.
    """
    for _ in range(CHAIN):
        if error is None:
            return None
        if isinstance(error, sqlite3.Error):
            code = getattr(error, "sqlite_errorcode", 0) & 0xFF
            if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                return "locked"
            if code == sqlite3.SQLITE_FULL:
                return "full"
            if code == sqlite3.SQLITE_IOERR and folder is not None and _no_room(folder):
                return "full"
        elif isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            return "full"
        error = error.__cause__ or error.__context__
    return None


def _no_room(folder: Path) -> bool:
    try:
        return shutil.disk_usage(folder).free < HARDLY_ANY
    except OSError:
        return False


@dataclass(frozen=True, slots=True)
class Wait:
    """``by`` names the lock holder; ``since`` is in seconds since the epoch."""

    kind: Kind
    by: str
    since: float

    @property
    def sentence(self) -> str:
        """The obstacle as a sentence for the user."""
        time_ = f"{datetime.fromtimestamp(self.since):%H:%M}"
        if self.kind == "full":
            return say("The disk of the data folder has been full since {time}.", time=time_)
        return say(
            "The database has been locked by {by_text} since {time}.", by_text=self.by, time=time_
        )


class Waits:
    """All waits of one process: the state begins with the first and ends with the last.

    ``tell`` is called with a Wait when the state begins and every TELL seconds while it lasts, and
    with None when it is over.
    """

    def __init__(self, database: Path, tell: Callable[[Wait | None], None]) -> None:
        self._database = database  # for actions that are not statements of a connection
        self._tell = tell
        self._lock = threading.Lock()
        self._waiting = 0
        self._kind: Kind = "locked"
        self._since = 0.0
        self._told = 0.0
        self._thread = threading.local()

    def until_clear(self, action: Callable[..., T], *args: Any) -> T:
        """Call ``action`` until no obstacle stops it, and return its result. It must leave nothing
        behind when it meets an obstacle. Other errors are raised."""
        return self._until_clear(self._database, action, *args)

    def _until_clear(self, database: Path, action: Callable[..., T], *args: Any) -> T:
        met = False
        try:
            while True:
                try:
                    return action(*args)
                except (DatabaseError, sqlite3.Error, OSError) as error:
                    kind = obstacle(error, database.parent)
                    unless = getattr(self._thread, "unless", None)
                    if kind is None or (unless is not None and unless.is_set()):
                        raise
                    self._end_if_asked()
                self._meet(kind, database, first=not met)
                met = True
                time.sleep(AGAIN)
        finally:
            if met:
                self._over()

    @contextlib.contextmanager
    def unless(self, event: threading.Event) -> Iterator[None]:
        """Inside the block this thread waits only until ``event`` is set; then the
        error is raised.
        """
        self._thread.unless = event
        try:
            yield
        finally:
            self._thread.unless = None

    @contextlib.contextmanager
    def unless_asked(self, asked: Callable[[], bool]) -> Iterator[None]:
        """Inside the block this thread waits until ``asked()``; then Ended is raised, once: what
        the task writes about its end waits again."""
        self._thread.asked = asked
        try:
            yield
        finally:
            self._thread.asked = None

    def _end_if_asked(self) -> None:
        asked = getattr(self._thread, "asked", None)
        if asked is not None and asked():
            self._thread.asked = None
            raise Ended("It was asked to end while it waited for the database.")

    def __call__(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        """For ``connection.execute_wrappers``: a statement outside a transaction, or one that
        begins it, waits. Inside a transaction the error is raised, because earlier statements may
        be lost."""
        connection = context["connection"]
        if connection.in_atomic_block:
            return execute(sql, params, many, context)
        database = Path(connection.settings_dict["NAME"])
        return self._until_clear(database, execute, sql, params, many, context)

    def watch(self, sender: object, connection: Any, **kwargs: object) -> None:
        """Receiver of ``connection_created``: makes statements of that connection wait."""
        if connection.vendor == "sqlite" and self not in connection.execute_wrappers:
            connection.execute_wrappers.append(self)

    def _meet(self, kind: Kind, database: Path, *, first: bool) -> None:
        now = time.time()
        with self._lock:
            if first:
                self._waiting += 1
            if (self._waiting == 1 and first) or kind != self._kind:
                self._kind, self._since, self._told = kind, now, 0.0
            if now - self._told < TELL:
                return
            self._told = now
            since = self._since
        by = in_words(lock_holders(database)) if kind == "locked" else ""
        self._tell(Wait(kind, by or say("another program"), since))

    def _over(self) -> None:
        with self._lock:
            self._waiting -= 1
            if self._waiting:
                return
        self._tell(None)


def wait_out(events: Events, board: Board | None = None) -> Waits:
    """From here on this process's SQLite writes wait for locks and for disk space. Reports waits to
    the shell, and to the pages by ``board``."""
    from django.db import connections
    from django.db.backends.signals import connection_created

    def tell(wait: Wait | None) -> None:
        if board:
            board.write(wait)
        if wait is None:
            logger.info("the database can be written to again")
            events.send("resumed")
            return
        logger.warning("waiting: %s", wait.sentence)
        events.send("waiting", why=wait.kind, reason=wait.sentence, since=wait.since)

    for connection in connections.all():
        if connection.vendor == "sqlite":
            # This dict is shared by the connections of all threads.
            connection.settings_dict["OPTIONS"]["timeout"] = BUSY_TIMEOUT
    waits = Waits(Path(connections["default"].settings_dict["NAME"]), tell)
    connection_created.connect(waits.watch, weak=False)
    if board:
        board.write(None)
    return waits


class Board:
    """A file in which the worker notes what it waits for, for the server to read."""

    def __init__(self, data_dir: Path) -> None:
        # Not *.json: those are process records (records.py).
        self._path = data_dir / "run" / "waiting"

    def write(self, wait: Wait | None) -> None:
        """Never raises: the wait may be for space on this very disk."""
        text = dumps(asdict(wait) if wait else None).ljust(BOARD_SIZE).encode()
        with contextlib.suppress(OSError):
            self._path.touch()
            with self._path.open("r+b") as file:
                file.write(text[:BOARD_SIZE])

    def read(self) -> Wait | None:
        try:
            wait = Wait(**loads(ownfiles.read_bytes(self._path)))
            return wait if isinstance(wait.since, int | float) and wait.sentence else None
        except (OSError, ValueError, TypeError, OverflowError, RecursionError):
            return None
