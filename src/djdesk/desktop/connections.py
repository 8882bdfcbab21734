"""The server's connections: every request is judged by its head before its body is read.

The guard decides on the thread that reads the sockets, so a refusal reads no body and occupies no
worker thread. ``acceptor.py`` accepts a connection if its first request may be ours, and takes it
back after a request that was not.
"""

from __future__ import annotations

import functools
import socket
from typing import TYPE_CHECKING, Any

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser

from . import guard, launch, uploads

if TYPE_CHECKING:
    from .acceptor import Acceptor

ENTERING = 4  # concurrent requests that may present a one-time code
ENTERING_BODY = 2048  # bytes
LOGGED_PATH = 60  # characters


class GuardedParser(HTTPRequestParser):
    """Asks the guard as soon as the head is parsed, before a buffer for the body exists."""

    def __init__(self, channel: GuardedChannel, adj: Any) -> None:
        super().__init__(adj)
        self.channel = channel

    def received(self, data: bytes) -> int:
        if isinstance(self.body_rcv, uploads.Dropped):
            # waitress counts received bytes and would close the connection at the limit.
            self.body_bytes_received = 0
        try:
            taken = super().received(data)
        except OSError as error:
            # The data folder's disk is full while a body is being written to it.
            if error.errno not in uploads.FULL or self.body_rcv is None or self.chunked:
                raise
            uploads.drop(self, "room", self.body_rcv.remain)
            taken = self.body_rcv.received(data)
            self.completed = self.body_rcv.completed
        # Nor does a refused client get waitress's own error text for a malformed or oversized head.
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
        visitor = guard.visitor(headers, self.command, self.path, config.port if config else 0)
        verdict = guard.judge(visitor, config)
        if verdict is guard.Verdict.OURS:
            self.channel.ours = True
            uploads.check(self)
        elif verdict is guard.Verdict.REFUSED or not self._is_small():
            self.channel.refuse(f"{self.command[:10]} {self.path[:LOGGED_PATH]}")
        else:
            # An unauthenticated visitor gets one answer per connection.
            self.headers["CONNECTION"] = "close"

    def _is_small(self) -> bool:
        """Whether an unauthenticated request is small enough to be passed on."""
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
    """``ours``: whether the last request was; ``refused``: what a refused request asked for."""

    ours = False
    refused = ""
    connected: bool

    def __init__(self, acceptor: Acceptor, server: Any, *args: Any, **values: Any) -> None:
        self._acceptor = acceptor
        self.parser_class = functools.partial(GuardedParser, self)
        super().__init__(server, *args, **values)

    def others_entering(self) -> int:
        channels = self.server.active_channels.values()
        return sum(not other.ours and bool(other.requests) for other in channels)

    def received(self, data: bytes) -> bool:
        received = bool(super().received(data))
        if not (self.ours or self.requests or self.refused):
            # acceptor.py accepts only complete requests, so this one is stalling deliberately.
            self.refuse("half a request")
        self._leave_if_refused()
        return received

    def refuse(self, what: str) -> None:
        self.refused = what
        self.ours = False

    # Queued behind the answers that are still pending on this connection.

    def readable(self) -> bool:
        return not self.refused and bool(super().readable())

    def writable(self) -> bool:
        return bool((self.refused and not self.requests) or super().writable())

    def handle_write(self) -> None:
        super().handle_write()
        self._leave_if_refused()

    def _leave_if_refused(self) -> None:
        if not self.refused or not self.connected or self.requests or self.total_outbufs_len:
            return
        self.del_channel()
        self.connected = False
        connection = socket.socket(fileno=self.socket.detach())
        self._acceptor.send_back(connection, self.addr, self.refused)
