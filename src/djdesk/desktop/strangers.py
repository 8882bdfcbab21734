"""Connections of strangers: few of them, for a moment, and nothing that they send is kept.

Any program of this computer can open connections to the server. Whoever has not yet sent a request
that the guard lets through is a stranger. A stranger has two seconds for the head of a request, and
half a second where there are many; the guard decides from that head alone, on the thread that reads
the sockets, so that no body is read and no thread of the pool is used for a refusal. A connection
that was ours once is treated as waitress treats it.
"""

from __future__ import annotations

import contextlib
import functools
import logging
import socket
import sys
import time
from typing import Any

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser

from . import guard, launch, uploads

PATIENCE = 2.0  # seconds for the head of a first request, and to take a refusal
FEW = 24  # strangers; a browser may open some connections before it has a use for them
CROWDED_PATIENCE = 0.5  # seconds, where there are more
MOST = 200  # strangers; of more the oldest goes at once
OURS = 300  # connections besides
ENTERING = 4  # requests at once that may present a one-time code
ENTERING_BODY = 2048  # bytes
DROPPED = 64 * 1024  # bytes that a refused connection may still send before it is cut off
# Time counts while the server looks at its sockets. One that was held up, or a computer that was
# asleep, must first see what has arrived meanwhile.
LONGEST_LOOK = 1.2  # seconds; waitress looks every second
LOG_EVERY = 60.0  # seconds
LOGGED_PATH = 60  # characters

logger = logging.getLogger(__name__)


def shield(server: Any) -> None:
    """Have the waitress ``server`` treat its connections in this way, from the next one on."""
    server.channel_class = functools.partial(GuardedChannel, Tally())
    server.adj.connection_limit = MOST + OURS
    _allow_files(2 * (MOST + OURS))


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


class Tally:
    """What was refused, told in a line a minute: a stranger must not fill the log."""

    def __init__(self) -> None:
        self.patience = PATIENCE
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
                f" (the last: {refused})" if refused else "",
                self.cut,
            )
            self.refused = self.cut = 0
            self.told = now


class GuardedParser(HTTPRequestParser):
    """Asks the guard as soon as the head is there, before there is anywhere to put a body."""

    def __init__(self, channel: GuardedChannel, adj: Any) -> None:
        super().__init__(adj)
        self.channel = channel

    def received(self, data: bytes) -> int:
        if self.channel.refused:
            self._be_nothing()
            return len(data)
        if isinstance(self.body_rcv, uploads.Dropped):
            # waitress counts what comes, and would cut the connection at the limit.
            self.body_bytes_received = 0
        try:
            taken = super().received(data)
        except OSError as error:
            # The disk of the data folder, while a body is written to it.
            if error.errno not in uploads.FULL or self.body_rcv is None or self.chunked:
                raise
            uploads.drop(self, "room", self.body_rcv.remain)
            taken = self.body_rcv.received(data)
            self.completed = self.body_rcv.completed
        # A head that cannot be parsed, or is too long, gets no words of waitress' either.
        if self.error and not self.channel.ours:
            self.channel.refuse("a request that cannot be parsed")
        if self.channel.refused:
            self._be_nothing()
            return len(data)
        return taken

    def parse_header(self, header_plus: bytes) -> None:
        super().parse_header(header_plus)
        config = launch.current()
        headers = {f"HTTP_{name}": value for name, value in self.headers.items()}
        asked = guard.visitor(headers, self.command, self.path, config.port if config else 0)
        verdict = guard.judge(asked, config)
        if verdict is guard.Verdict.OURS:
            self.channel.ours = True
            uploads.check(self)
        elif verdict is guard.Verdict.STRANGER or not self._is_small():
            self.channel.refuse(f"{self.command[:10]} {self.path[:LOGGED_PATH]!r}")

    def _is_small(self) -> bool:
        """Whether a request that has proved nothing may be handed on."""
        return (
            not self.chunked
            and self.content_length <= ENTERING_BODY
            and self.channel.others_entering() < ENTERING
        )

    def _be_nothing(self) -> None:
        self.error = None
        self.body_rcv = None
        self.expect_continue = False
        self.empty = self.completed = True


class GuardedChannel(HTTPChannel):
    """A connection, a stranger's until a request on it was ours."""

    ours = False
    refused = False
    will_close: bool

    def __init__(self, tally: Tally, server: Any, *args: Any, **values: Any) -> None:
        self._tally = tally
        self._waited = 0.0  # seconds
        self._looked: float | None = None
        self._overdue = False
        self._dropped = 0  # bytes
        self.parser_class = functools.partial(GuardedParser, self)
        super().__init__(server, *args, **values)
        strangers = [other for other in server.active_channels.values() if other.is_strange()]
        tally.patience = CROWDED_PATIENCE if len(strangers) > FEW else PATIENCE
        if len(strangers) > MOST:
            min(strangers, key=lambda other: other.creation_time).cut_off()

    def is_strange(self) -> bool:
        """Whether nobody waits for an answer here, and nothing that came was ours."""
        return not self.ours and not self.requests

    def others_entering(self) -> int:
        channels = self.server.active_channels.values()
        return sum(not other.ours and bool(other.requests) for other in channels)

    def readable(self) -> bool:
        if self.is_strange():
            self._wait()
        if self.refused:
            return not self.will_close
        return bool(super().readable())

    def _wait(self) -> None:
        """Count the time that the server has looked at this connection for nothing."""
        now = time.monotonic()
        if self._overdue and not self.will_close:
            if not self.refused:
                self._tally.count()
            self.will_close = True
        if self._looked is not None:
            self._waited += min(now - self._looked, LONGEST_LOOK)
        self._looked = now
        # Once more: what came while the server was held up has not been read yet.
        self._overdue = self._waited > self._tally.patience

    def received(self, data: bytes) -> bool:
        if not self.refused:
            return bool(super().received(data))
        self._dropped += len(data)
        if self._dropped > DROPPED:
            self.will_close = True
        return False

    def refuse(self, what: str) -> None:
        """Answer at once, and close when the other side has, or when its time is over.

        Not at once: with something unread, closing would take the answer back.
        """
        self.refused = True
        self.ours = self._overdue = False
        self._waited = 0.0
        self._tally.count(refused=what)
        with contextlib.suppress(OSError):
            self.send(_refusal())
            self.socket.shutdown(socket.SHUT_WR)

    def cut_off(self) -> None:
        if not self.refused:
            self._tally.count()
        self.handle_close()


def _refusal() -> bytes:
    body = guard.words_for_a_stranger(launch.current()).encode()
    headers = guard.REFUSAL_HEADERS | {"Content-Length": str(len(body)), "Connection": "close"}
    lines = [f"{name}: {value}\r\n" for name, value in headers.items()]
    return f"HTTP/1.1 403 Forbidden\r\n{''.join(lines)}\r\n".encode() + body
