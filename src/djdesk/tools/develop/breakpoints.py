"""``breakpoint()`` in a view or a task: pdb in the terminal of ``djdesk start``.

The child processes cannot read from stdin, which is the lifeline to the shell. They open the
command's terminal by the name in DJDESK_TERMINAL.
"""

from __future__ import annotations

import os
import pdb
import sys
import threading
from typing import IO, Any

# One debugger at a time: two would share the keyboard.
_turn = threading.Lock()
TIMEOUT = 600.0  # seconds that a request waits for its turn


class Terminal:
    """The terminal, opened anew for each breakpoint."""

    def __init__(self, name: str) -> None:
        self.reader: IO[str] = open(name, encoding="utf-8", errors="replace")  # noqa: PTH123, SIM115
        self.writer: IO[str] = open(name, "w", encoding="utf-8", errors="replace")  # noqa: PTH123, SIM115

    def close(self) -> None:
        self.reader.close()
        self.writer.close()


class TerminalDebugger(pdb.Pdb):
    """Releases the terminal to the next breakpoint when the program continues."""

    def __init__(self, terminal: Terminal) -> None:
        super().__init__(stdin=terminal.reader, stdout=terminal.writer, nosigint=True)
        self.use_rawinput = False
        self._terminal = terminal
        self._has_turn = True

    def set_continue(self) -> None:
        super().set_continue()
        self._release(done=not self.breaks)

    def set_quit(self) -> None:
        super().set_quit()
        self._release(done=True)

    def _release(self, *, done: bool) -> None:
        if self._has_turn:
            self._has_turn = False
            _turn.release()
        if done:
            self._terminal.close()


def install() -> None:
    """Make ``breakpoint()`` stop if there is a terminal; otherwise it stays ignored."""
    if os.environ.get("DJDESK_TERMINAL"):
        sys.breakpointhook = stop_here


def stop_here(*args: Any, **kwargs: Any) -> None:
    frame = sys._getframe(1)
    if not _turn.acquire(timeout=TIMEOUT):
        print("breakpoint() was skipped: another one is using the terminal.", file=sys.stderr)
        return
    try:
        terminal = Terminal(os.environ["DJDESK_TERMINAL"])
    except OSError as error:
        _turn.release()
        print(f"breakpoint() was skipped: the terminal is gone ({error}).", file=sys.stderr)
        return
    place = f"{frame.f_code.co_filename}:{frame.f_lineno}"
    print(f"\nbreakpoint() at {place}: c continues, q ends the request", file=terminal.writer)
    TerminalDebugger(terminal).set_trace(frame)
