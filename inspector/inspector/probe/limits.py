"""Time limits."""

import signal


class OutOfTime(BaseException):
    """A BaseException, so that `except Exception` in a loop does not swallow it."""


class Limit:
    """Interrupts what takes too long; fires again every second in case it was swallowed."""

    def __init__(self, seconds):
        self.seconds = seconds
        self.usable = hasattr(signal, "setitimer")

    def __enter__(self):
        if self.usable:
            self.before = signal.signal(signal.SIGALRM, self._fire)
            signal.setitimer(signal.ITIMER_REAL, max(0.05, self.seconds), 1.0)
        return self

    def __exit__(self, *exc):
        if self.usable:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, self.before)

    def _fire(self, number, frame):
        raise OutOfTime("took longer than %g seconds" % self.seconds)
