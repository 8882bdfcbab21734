"""The lifeline: this process ends when its shell does, for whatever reason the shell ended.

The end of stdin means stop, on every OS. On POSIX the parent is watched too, in case another
process keeps the other end of stdin open.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from types import FrameType

PARENT_LOOK = 1.0  # seconds
# Even if draining or the main thread hangs, no process outlives a stop by more than this.
HARD_LIMIT = 8.0


def watch(stop: Callable[[], None], descriptor: int = 0, *, signals: bool = True) -> None:
    """Call ``stop`` from a thread when ``descriptor`` ends, the parent changes, or SIGTERM or
    SIGINT arrives; ``stop`` may be called more than once. Without ``signals`` the main thread
    handles those.

    Must be called in the main thread. Further input from the shell is read and dropped.
    """

    def end() -> None:
        stop()
        exit_within(HARD_LIMIT)

    def on_signal(signum: int, frame: FrameType | None) -> None:
        # Not in the handler: it may have interrupted code that holds the lock ``stop`` needs.
        threading.Thread(target=end, name="signal", daemon=True).start()

    if signals:
        signal.signal(signal.SIGTERM, on_signal)
        signal.signal(signal.SIGINT, on_signal)

    def read_to_the_end() -> None:
        try:
            while os.read(descriptor, 4096):
                pass
        except OSError:
            pass  # a broken pipe counts as an end
        end()

    threading.Thread(target=read_to_the_end, name="lifeline", daemon=True).start()
    if os.name == "posix":
        parent = os.getppid()

        def watch_parent() -> None:
            never = threading.Event()
            while os.getppid() == parent:
                never.wait(PARENT_LOOK)
            end()

        threading.Thread(target=watch_parent, name="parent", daemon=True).start()


def exit_within(seconds: float) -> None:
    """End this process after ``seconds`` whatever its threads do, so that draining is bounded."""
    timer = threading.Timer(seconds, os._exit, (0,))
    timer.daemon = True
    timer.start()
