"""Unauthenticated connections: few at a time, briefly, and without storing what they send.

Any program on this computer can connect to the server. A connection is pending until it has sent
a request that may be ours. A separate thread accepts connections and waits for that request, so
they do not slow the loop that serves our pages: it gets only connections whose first request
shows the token, a session or a one-time code (``connections.py``).
"""

from __future__ import annotations

import collections
import contextlib
import errno
import functools
import logging
import re
import selectors
import socket
import sys
import threading
import time
from typing import Any

from . import guard, launch
from .connections import ENTERING_BODY, GuardedChannel

TIMEOUT = 2.0  # seconds for a first request, and to receive a refusal
# Clients of a flood that may wait for two seconds reconnect less often than those closed at once,
# and waiting is cheap. select() on Windows can wait for 512 sockets.
MOST = 480  # pending connections; beyond that the oldest is closed at once
SPARE_FILES = 300  # further connections for which file descriptors are requested
AT_ONCE = 64  # connections accepted before waiting ones are read again
DROPPED = 64 * 1024  # bytes that a refused connection may still send before it is closed
# Only time spent watching the sockets counts: after the server was blocked or the computer asleep,
# first read what arrived meanwhile.
LONGEST_LOOK = 1.0  # seconds
LOG_EVERY = 60.0  # seconds
LOGGED_LINE = 70  # bytes

_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,9})[ \t]*\r\n", re.IGNORECASE)

logger = logging.getLogger(__name__)


class Pending:
    """One connection; ``since`` is on the acceptor's clock."""

    def __init__(self, connection: socket.socket, address: Any) -> None:
        self.connection = connection
        self.address = address
        self.since = 0.0
        self.said = b""
        self.refused = False
        self.dropped = 0  # bytes


class Acceptor(threading.Thread):
    """Accepts connections instead of the waitress ``server``."""

    def __init__(self, server: Any) -> None:
        super().__init__(name="acceptor", daemon=True)
        self._server = server
        self._listener = server.socket
        self._longest = server.adj.max_request_header_size
        self._refusal = _refusal()
        self._tally = Tally()
        self._pending: dict[socket.socket, Pending] = {}  # in order of arrival
        self._sent_back: collections.deque[tuple[Pending, str]] = collections.deque()
        self._clock = 0.0  # seconds spent watching pending connections
        self._looked = time.monotonic()
        self._closed = False
        self._wakened, self._waker = socket.socketpair()
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._listener, selectors.EVENT_READ)
        self._selector.register(self._wakened, selectors.EVENT_READ)
        server.accepting = False
        _allow_files(2 * (MOST + SPARE_FILES))

    def run(self) -> None:
        while not self._closed:
            try:
                self._look()
            except Exception:
                # One failing iteration must not stop the server from accepting connections.
                logger.exception("a connection could not be accepted")
                time.sleep(0.1)

    def close(self) -> None:
        """Accept no more connections."""
        self._closed = True
        self._waker.send(b"x")

    def send_back(self, connection: socket.socket, address: Any, what: str) -> None:
        """Refuse ``what`` was requested on an accepted connection. Called from other threads."""
        self._sent_back.append((Pending(connection, address), what))
        self._waker.send(b"x")

    def _look(self) -> None:
        ready = self._selector.select(self._until_the_next_is_overdue())
        now = time.monotonic()
        self._clock += min(now - self._looked, LONGEST_LOOK)
        self._looked = now
        while self._sent_back:
            self._refuse(*self._sent_back.popleft())
        for key, _events in ready:
            if key.fileobj is self._listener:
                self._accept()
            elif key.fileobj is self._wakened:
                self._wakened.recv(4096)
            elif key.data.connection in self._pending:
                self._read(key.data)
        self._end_the_overdue()

    def _oldest(self) -> Pending | None:
        return next(iter(self._pending.values()), None)

    def _until_the_next_is_overdue(self) -> float | None:
        if oldest := self._oldest():
            return min(max(oldest.since + TIMEOUT - self._clock, 0.0), LONGEST_LOOK)
        return None

    def _accept(self) -> None:
        for _ in range(AT_ONCE):
            try:
                connection, address = self._listener.accept()
            except (BlockingIOError, ConnectionAbortedError):
                return
            except OSError as error:
                oldest = self._oldest()
                if error.errno not in (errno.EMFILE, errno.ENFILE) or oldest is None:
                    raise
                self._cut_off(oldest)
                continue
            connection.setblocking(False)
            pending = Pending(connection, address)
            self._keep(pending)
            self._read(pending)

    def _keep(self, pending: Pending) -> None:
        if len(self._pending) >= MOST and (oldest := self._oldest()):
            self._cut_off(oldest)
        pending.since = self._clock
        self._pending[pending.connection] = pending
        self._selector.register(pending.connection, selectors.EVENT_READ, pending)

    def _read(self, pending: Pending) -> None:
        try:
            data = pending.connection.recv(65536)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._forget(pending)
            pending.connection.close()
        elif pending.refused:
            pending.dropped += len(data)
            if pending.dropped > DROPPED:
                self._cut_off(pending)
        else:
            pending.said += data
            self._decide(pending)

    def _decide(self, pending: Pending) -> None:
        head, end, body = pending.said.partition(b"\r\n\r\n")
        if not end:
            if len(head) > self._longest:
                self._refuse(pending, "a head without end")
            return
        may = guard.may_be_ours(head, launch.current())
        if may is guard.Verdict.REFUSED:
            first = head.partition(b"\r\n")[0][:LOGGED_LINE]
            self._refuse(pending, first.decode("latin-1"))
        elif may is guard.Verdict.ENTERING and len(body) < _length_of_a_small_body(head + end):
            return
        else:
            self._forget(pending)
            self._server.trigger.pull_trigger(functools.partial(self._let_in, pending))

    def _let_in(self, pending: Pending) -> None:
        """Runs in the server's loop, which reads the connection from now on."""
        server, connection = self._server, pending.connection
        try:
            server.set_socket_options(connection)
            channel = GuardedChannel(
                self, server, connection, pending.address, server.adj, map=server._map
            )
        except OSError:  # macOS, if the connection is gone already
            connection.close()
            return
        try:
            channel.received(pending.said)
        except Exception:
            channel.handle_error()

    def _refuse(self, pending: Pending, what: str) -> None:
        """Answer at once, but close only when the client does or its time is up.

        Closing with unread data would reset the connection and lose the answer.
        """
        self._tally.count(refused=what)
        self._forget(pending)
        pending.refused = True
        pending.said = b""
        with contextlib.suppress(OSError):
            pending.connection.send(self._refusal)
            pending.connection.shutdown(socket.SHUT_WR)
        self._keep(pending)

    def _end_the_overdue(self) -> None:
        while (oldest := self._oldest()) and self._clock - oldest.since >= TIMEOUT:
            # Data that arrived while the server was blocked have not been read yet.
            self._read(oldest)
            if self._oldest() is oldest:
                self._cut_off(oldest)

    def _cut_off(self, pending: Pending) -> None:
        if not pending.refused:
            self._tally.count()
        self._forget(pending)
        pending.connection.close()

    def _forget(self, pending: Pending) -> None:
        if self._pending.pop(pending.connection, None) is not None:
            self._selector.unregister(pending.connection)


class Tally:
    """Counts refusals and logs one line per minute, so that nobody can fill the log."""

    def __init__(self) -> None:
        self.refused = 0
        self.cut = 0
        self.logged = -LOG_EVERY

    def count(self, *, refused: str = "") -> None:
        if refused:
            self.refused += 1
        else:
            self.cut += 1
        now = time.monotonic()
        if now - self.logged >= LOG_EVERY:
            logger.warning(
                "unauthenticated: %s requests refused%s, %s connections closed without one",
                self.refused,
                f" (the last: {refused!r})" if refused else "",
                self.cut,
            )
            self.refused = self.cut = 0
            self.logged = now


def _length_of_a_small_body(head: bytes) -> int:
    """Bytes to wait for; a body that is too long is refused by its head alone."""
    found = _LENGTH.search(head)
    length = int(found[1]) if found else 0
    return length if length <= ENTERING_BODY else 0


def _allow_files(wanted: int) -> None:
    """Each connection needs a file descriptor: some systems allow only 256 unless a program raises
    the limit.
    """
    if sys.platform == "win32":
        return
    import resource

    with contextlib.suppress(OSError, ValueError):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if soft != resource.RLIM_INFINITY and soft < wanted:
            most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def _refusal() -> bytes:
    body = guard.refusal_text(launch.current()).encode()
    headers = guard.REFUSAL_HEADERS | {"Content-Length": str(len(body)), "Connection": "close"}
    lines = [f"{name}: {value}\r\n" for name, value in headers.items()]
    return f"HTTP/1.1 403 Forbidden\r\n{''.join(lines)}\r\n".encode() + body
