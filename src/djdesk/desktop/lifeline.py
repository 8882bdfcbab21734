"""stdin as the lifeline: its end means that the shell is gone, however it went."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from types import FrameType


def watch(stop: Callable[[], None], descriptor: int = 0) -> threading.Thread:
    """Call ``stop`` once, from a thread, when ``descriptor`` ends; SIGTERM and SIGINT do the same.

    Must be called in the main thread. What the shell still writes is read and dropped.
    """

    def on_signal(signum: int, frame: FrameType | None) -> None:
        stop()

    signal.signal(signal.SIGTERM, on_signal)
    signal.signal(signal.SIGINT, on_signal)

    def wait() -> None:
        try:
            while os.read(descriptor, 4096):
                pass
        except OSError:
            pass  # a broken pipe is an end, too
        stop()

    thread = threading.Thread(target=wait, name="lifeline", daemon=True)
    thread.start()
    return thread


def exit_within(seconds: float) -> None:
    """End this process after ``seconds`` whatever its threads do. A drain must be bounded."""
    timer = threading.Timer(seconds, os._exit, (0,))
    timer.daemon = True
    timer.start()
