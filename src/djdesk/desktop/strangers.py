"""Connections of strangers: few of them, for a moment, and nothing that they send is kept.

Any program of this computer can open connections to the server. Whoever has not yet sent a request
that may be ours is a stranger. A thread of its own accepts connections and waits for that request,
so strangers cost the loop that serves our pages nothing: it only gets connections whose first
request shows the token, a session or a one-time code (``connections.py``).
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

PATIENCE = 2.0  # seconds for a first request, and to take a refusal
# A crowd that may stay for its two seconds comes back less often than one that is thrown out at
# once, and waiting costs nothing. Windows can wait for 512 at a time.
MOST = 480  # strangers; of more the oldest goes at once
OURS = 300  # connections besides, for which files are asked of the system
AT_ONCE = 64  # connections accepted before those that wait are looked at again
DROPPED = 64 * 1024  # bytes that a refused connection may still send before it is cut off
# Time counts while the server looks at its sockets. One that was held up, or a computer that was
# asleep, must first see what has arrived meanwhile.
LONGEST_LOOK = 1.0  # seconds
LOG_EVERY = 60.0  # seconds
LOGGED_LINE = 70  # bytes

_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,9})[ \t]*\r\n", re.IGNORECASE)

logger = logging.getLogger(__name__)


class Stranger:
    """One connection; it has waited ``since`` this moment of the door's clock."""

    def __init__(self, connection: socket.socket, address: Any) -> None:
        self.connection = connection
        self.address = address
        self.since = 0.0
        self.said = b""
        self.refused = False
        self.dropped = 0  # bytes


class Door(threading.Thread):
    """Accepts the connections of the waitress ``server`` in its place."""

    def __init__(self, server: Any) -> None:
        super().__init__(name="door", daemon=True)
        self._server = server
        self._listener = server.socket
        self._longest = server.adj.max_request_header_size
        self._refusal = _refusal()
        self._tally = Tally()
        self._strangers: dict[socket.socket, Stranger] = {}  # the one that waits longest first
        self._sent_back: collections.deque[tuple[Stranger, str]] = collections.deque()
        self._clock = 0.0  # seconds that strangers were looked at
        self._looked = time.monotonic()
        self._closed = False
        self._wakened, self._waker = socket.socketpair()
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._listener, selectors.EVENT_READ)
        self._selector.register(self._wakened, selectors.EVENT_READ)
        server.accepting = False
        _allow_files(2 * (MOST + OURS))

    def run(self) -> None:
        while not self._closed:
            try:
                self._look()
            except Exception:
                # A server that accepts nobody any more would be worse than any fault of one turn.
                logger.exception("a connection could not be accepted")
                time.sleep(0.1)

    def close(self) -> None:
        """Nobody is let in from now on."""
        self._closed = True
        self._waker.send(b"x")

    def send_back(self, connection: socket.socket, address: Any, what: str) -> None:
        """Refuse ``what`` was asked on a connection that had been let in. For other threads."""
        self._sent_back.append((Stranger(connection, address), what))
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
            elif key.data.connection in self._strangers:
                self._read(key.data)
        self._end_the_overdue()

    def _oldest(self) -> Stranger | None:
        return next(iter(self._strangers.values()), None)

    def _until_the_next_is_overdue(self) -> float | None:
        if oldest := self._oldest():
            return min(max(oldest.since + PATIENCE - self._clock, 0.0), LONGEST_LOOK)
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
            stranger = Stranger(connection, address)
            self._keep(stranger)
            self._read(stranger)

    def _keep(self, stranger: Stranger) -> None:
        if len(self._strangers) >= MOST and (oldest := self._oldest()):
            self._cut_off(oldest)
        stranger.since = self._clock
        self._strangers[stranger.connection] = stranger
        self._selector.register(stranger.connection, selectors.EVENT_READ, stranger)

    def _read(self, stranger: Stranger) -> None:
        try:
            data = stranger.connection.recv(65536)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._forget(stranger)
            stranger.connection.close()
        elif stranger.refused:
            stranger.dropped += len(data)
            if stranger.dropped > DROPPED:
                self._cut_off(stranger)
        else:
            stranger.said += data
            self._decide(stranger)

    def _decide(self, stranger: Stranger) -> None:
        head, end, body = stranger.said.partition(b"\r\n\r\n")
        if not end:
            if len(head) > self._longest:
                self._refuse(stranger, "a head without end")
            return
        may = guard.may_be_ours(head, launch.current())
        if may is guard.Verdict.STRANGER:
            first = head.partition(b"\r\n")[0][:LOGGED_LINE]
            self._refuse(stranger, first.decode("latin-1"))
        elif may is guard.Verdict.ENTERING and len(body) < _length_of_a_small_body(head + end):
            return
        else:
            self._forget(stranger)
            self._server.trigger.pull_trigger(functools.partial(self._let_in, stranger))

    def _let_in(self, stranger: Stranger) -> None:
        """Runs in the server's loop, which reads the connection from now on."""
        server, connection = self._server, stranger.connection
        try:
            server.set_socket_options(connection)
            channel = GuardedChannel(
                self, server, connection, stranger.address, server.adj, map=server._map
            )
        except OSError:  # macOS says so of one that is gone already
            connection.close()
            return
        try:
            channel.received(stranger.said)
        except Exception:
            channel.handle_error()

    def _refuse(self, stranger: Stranger, what: str) -> None:
        """Answer at once, and close when the other side has, or when its time is over.

        Not at once: with something unread, closing would take the answer back.
        """
        self._tally.count(refused=what)
        self._forget(stranger)
        stranger.refused = True
        stranger.said = b""
        with contextlib.suppress(OSError):
            stranger.connection.send(self._refusal)
            stranger.connection.shutdown(socket.SHUT_WR)
        self._keep(stranger)

    def _end_the_overdue(self) -> None:
        while (oldest := self._oldest()) and self._clock - oldest.since >= PATIENCE:
            # What came while the server was held up has not been read yet.
            self._read(oldest)
            if self._oldest() is oldest:
                self._cut_off(oldest)

    def _cut_off(self, stranger: Stranger) -> None:
        if not stranger.refused:
            self._tally.count()
        self._forget(stranger)
        stranger.connection.close()

    def _forget(self, stranger: Stranger) -> None:
        if self._strangers.pop(stranger.connection, None) is not None:
            self._selector.unregister(stranger.connection)


class Tally:
    """What was refused, told in a line a minute: a stranger must not fill the log."""

    def __init__(self) -> None:
        self.refused = 0
        self.cut = 0
        self.told = -LOG_EVERY

    def count(self, *, refused: str = "") -> None:
        if refused:
            self.refused += 1
        else:
            self.cut += 1
        now = time.monotonic()
        if now - self.told >= LOG_EVERY:
            logger.warning(
                "strangers: %s requests refused%s, %s connections closed without one",
                self.refused,
                f" (the last: {refused!r})" if refused else "",
                self.cut,
            )
            self.refused = self.cut = 0
            self.told = now


def _length_of_a_small_body(head: bytes) -> int:
    """Bytes to wait for; one that is too long is refused from its head."""
    found = _LENGTH.search(head)
    length = int(found[1]) if found else 0
    return length if length <= ENTERING_BODY else 0


def _allow_files(wanted: int) -> None:
    """Each connection is an open file: some systems allow 256 of them unless a program asks."""
    if sys.platform == "win32":
        return
    import resource

    with contextlib.suppress(OSError, ValueError):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if soft != resource.RLIM_INFINITY and soft < wanted:
            most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def _refusal() -> bytes:
    body = guard.words_for_a_stranger(launch.current()).encode()
    headers = guard.REFUSAL_HEADERS | {"Content-Length": str(len(body)), "Connection": "close"}
    lines = [f"{name}: {value}\r\n" for name, value in headers.items()]
    return f"HTTP/1.1 403 Forbidden\r\n{''.join(lines)}\r\n".encode() + body
