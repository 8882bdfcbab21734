"""Live pages: a commit by any process wakes the open event streams.

SQLite counts other connections' commits in ``PRAGMA data_version``; reading it takes microseconds
and no lock. One thread polls it, and only while a page listens. A database server has no such
counter; there the streams poll once a second.
"""

from __future__ import annotations

import contextlib
import copy
import json
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import resolve
from django.utils import translation
from django.views.decorators.http import require_GET

from . import heartbeat

INTERVAL = 0.05  # seconds between polls of data_version
SERVER_INTERVAL = 1.0  # seconds between polls of a database without a commit counter
HEARTBEAT = 15.0  # seconds before an idle stream sends a heartbeat
STREAMS = 12  # at once, one per browser; each holds a server thread (see serve.THREADS)
PARTS = 200  # streams carried by one connection
_PART = "_djdesk_part_of_a_stream"

# Takes the cursor of the last call (None at first), returns the new one and the events to send.
Changes = Callable[[Any], tuple[Any, Iterable[tuple[str, Any]]]]


class CommitWatcher:
    """Counts commits on one database file. Its thread starts and stops with its subscribers."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._commits = 0
        self._users = 0
        self._thread: threading.Thread | None = None
        self.closed = False

    @contextlib.contextmanager
    def subscribed(self, path: Path | None) -> Iterator[None]:
        """Keep the polling thread alive for the length of the block. ``path`` is None for a
        database that is not a file."""
        with self._condition:
            self._users += 1
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._watch if path else self._tick,
                    args=(path,) if path else (),
                    name="commit-watcher",
                    daemon=True,
                )
                self._thread.start()
        try:
            yield
        finally:
            with self._condition:
                self._users -= 1

    def commits(self) -> int:
        with self._condition:
            return self._commits

    def wait(self, seen: int, timeout: float) -> int:
        """Return the count once it differs from ``seen``, or after ``timeout`` seconds."""
        with self._condition:
            self._condition.wait_for(lambda: self._commits != seen or self.closed, timeout)
            return self._commits

    def wake(self) -> None:
        """Act as if there had been a commit: something outside the database changed."""
        with self._condition:
            self._commits += 1
            self._condition.notify_all()

    def close(self) -> None:
        """Wake all waiters for good: the server is stopping."""
        with self._condition:
            self.closed = True
            self._condition.notify_all()

    def _watch(self, path: Path) -> None:
        with contextlib.closing(sqlite3.connect(path, check_same_thread=False)) as database:
            last = None
            while True:
                with contextlib.suppress(sqlite3.Error):
                    version = database.execute("PRAGMA data_version").fetchone()[0]
                    if version != last:
                        last = version
                        with self._condition:
                            self._commits += 1
                            self._condition.notify_all()
                with self._condition:
                    if self.closed or not self._users:
                        self._thread = None
                        return
                time.sleep(INTERVAL)

    def _tick(self) -> None:
        while True:
            self.wake()
            with self._condition:
                if self.closed or not self._users:
                    self._thread = None
                    return
            time.sleep(SERVER_INTERVAL)


watcher = CommitWatcher()
_streams = threading.BoundedSemaphore(STREAMS)


def event_stream(request: HttpRequest, changes: Changes) -> HttpResponseBase:
    """A ``text/event-stream`` response that calls ``changes`` at once and after every commit.

    A page subscribes with ``follow`` of ``desktop/events.js``, which carries the streams of all
    tabs over one connection. 503 with Retry-After if too many streams are open: EventSource gives
    up on that, so clients should retry by themselves.
    """
    if getattr(request, _PART, False):
        return _Part(_in_language(changes))
    return _stream(request, _in_language(changes))


@require_GET
def events(request: HttpRequest) -> HttpResponseBase:
    """The streams of the views at the paths ``s``, multiplexed: messages ``{"url", "event",
    "data"}``.

    A view that returns no stream yields the single event ``refused`` with ``{"status"}``.
    """
    parts = {url: _part(request, url) for url in request.GET.getlist("s")[:PARTS]}

    def changes(cursors: dict[str, Any] | None) -> tuple[Any, Iterable[tuple[str, Any]]]:
        cursors = {} if cursors is None else cursors
        found: list[tuple[str, Any]] = []
        for url, part in list(parts.items()):
            if isinstance(part, _Part):
                cursors[url], news = part.changes(cursors.get(url))
            else:
                news = [("refused", {"status": part})]
                del parts[url]
            found += [("message", {"url": url, "event": n, "data": data}) for n, data in news]
        return cursors, found

    return _stream(request, changes)


def _part(request: HttpRequest, url: str) -> _Part | int:
    """The stream of the view at ``url`` for the same visitor, or the status of its refusal."""
    split = urlsplit(url)
    if split.scheme or split.netloc or not split.path.startswith("/"):
        return 400
    part = copy.copy(request)
    part.path = part.path_info = split.path
    part.GET = QueryDict(split.query)
    part.META = request.META | {"PATH_INFO": split.path, "QUERY_STRING": split.query}
    try:
        part.resolver_match = match = resolve(split.path)
        setattr(part, _PART, True)
        response = match.func(part, *match.args, **match.kwargs)
    except Http404:
        return 404
    except PermissionDenied:
        return 403
    if isinstance(response, _Part):
        return response
    response.close()
    return response.status_code if response.status_code >= 300 else 404


class _Part(HttpResponse):
    """A stream that is carried inside another one."""

    def __init__(self, changes: Changes) -> None:
        super().__init__()
        self.changes = changes


def _stream(request: HttpRequest, changes: Changes) -> HttpResponseBase:
    if watcher.closed or not _streams.acquire(blocking=False):
        return HttpResponse(status=503, headers={"Retry-After": "2"})
    is_file = connection.vendor == "sqlite"
    path = Path(os.fspath(connection.settings_dict["NAME"])) if is_file else None
    gone = request.environ.get("waitress.client_disconnected", lambda: False)
    response = _EventStream(_events(path, changes, gone), content_type="text/event-stream")
    response["Cache-Control"] = "no-store"
    return response


def _in_language(changes: Changes) -> Changes:
    """Generates in the request's language; the request is over when the stream is read."""
    language = translation.get_language()

    def run(cursor: Any) -> tuple[Any, Iterable[tuple[str, Any]]]:
        with translation.override(language):
            return changes(cursor)

    return run


class _EventStream(StreamingHttpResponse):
    """Releases its slot when the server closes it, even if it was never iterated."""

    def close(self) -> None:
        if not self.closed:
            _streams.release()
        super().close()


def _events(path: Path | None, changes: Changes, gone: Callable[[], bool]) -> Iterator[bytes]:
    heartbeat.this_is_a_stream()
    yield b"retry: 500\n\n"
    cursor = None
    spoke = time.monotonic()
    with watcher.subscribed(path):
        while not watcher.closed and not gone():
            # Counted before the query: a commit in between is seen in the next round.
            seen = watcher.commits()
            cursor, events = changes(cursor)
            for name, data in events:
                yield f"event: {name}\ndata: {json.dumps(data)}\n\n".encode()
                spoke = time.monotonic()
            if time.monotonic() - spoke > HEARTBEAT:
                yield b": still here\n\n"
                spoke = time.monotonic()
            # Short waits, so that a closed tab frees its thread within a second.
            while not watcher.closed and not gone() and watcher.wait(seen, 1.0) == seen:
                if time.monotonic() - spoke > HEARTBEAT:
                    break
