"""A connection that the server reads: every request on it is judged from its head.

The guard decides on the thread that reads the sockets, so that no body is read and no thread of the
pool is used for a refusal. ``strangers.py`` lets a connection in when its first request may be
ours, and takes it back when a request on it was not.
"""

from __future__ import annotations

import functools
import socket
from typing import TYPE_CHECKING, Any

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser

from . import guard, launch, uploads

if TYPE_CHECKING:
    from .strangers import Door

ENTERING = 4  # requests at once that may present a one-time code
ENTERING_BODY = 2048  # bytes
LOGGED_PATH = 60  # characters


class GuardedParser(HTTPRequestParser):
    """Asks the guard as soon as the head is there, before there is anywhere to put a body."""

    def __init__(self, channel: GuardedChannel, adj: Any) -> None:
        super().__init__(adj)
        self.channel = channel

    def received(self, data: bytes) -> int:
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
            self.channel.refuse(f"{self.command[:10]} {self.path[:LOGGED_PATH]}")
        else:
            # Who has proved nothing gets one answer on a connection.
            self.headers["CONNECTION"] = "close"

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
    """``ours``: the last request on it was; ``refused``: what was asked by one that was not."""

    ours = False
    refused = ""
    connected: bool

    def __init__(self, door: Door, server: Any, *args: Any, **values: Any) -> None:
        self._door = door
        self.parser_class = functools.partial(GuardedParser, self)
        super().__init__(server, *args, **values)

    def others_entering(self) -> int:
        channels = self.server.active_channels.values()
        return sum(not other.ours and bool(other.requests) for other in channels)

    def received(self, data: bytes) -> bool:
        received = bool(super().received(data))
        if not (self.ours or self.requests or self.refused):
            # The door lets in whole requests only, so this one means to keep us waiting.
            self.refuse("half a request")
        self._leave_if_refused()
        return received

    def refuse(self, what: str) -> None:
        self.refused = what
        self.ours = False

    # A refusal follows the answers that are still to come on its connection.

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
        self._door.send_back(connection, self.addr, self.refused)
