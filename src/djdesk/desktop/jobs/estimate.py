"""Estimate when a job will be done, but only if the estimate is reliable.

It requires steady progress: the pace of the last third of the observations must match the overall
pace. A job that slows down, jumps or has only begun gets no estimate.
"""

from __future__ import annotations

from collections import deque

SEEN = 10.0  # seconds of work before the first estimate
STEPS = 4  # distinct progress values before the first estimate
EVEN = 1.35  # maximum ratio of the two paces
KEPT = 120  # points; older ones are thinned out


class Estimate:
    """For one run of a job; the pace of earlier runs says nothing about this one."""

    def __init__(self) -> None:
        self._points: deque[tuple[float, float]] = deque()
        self._total: float | None = None

    def add(self, worked: float, done: float | None, total: float | None) -> None:
        """``worked``: seconds of work in this run, not counting sleep."""
        if done is None or total is None:
            return
        if total != self._total or (self._points and done < self._points[-1][1]):
            self._points.clear()  # a new stage began
            self._total = total
        if self._points and self._points[-1][1] == done:
            return
        self._points.append((worked, done))
        if len(self._points) > KEPT:
            self._points = deque([*list(self._points)[:-1:2], self._points[-1]])

    def left(self, worked: float) -> float | None:
        """Seconds left as of ``worked``, or None."""
        if self._total is None or len(self._points) < STEPS:
            return None
        first, last = self._points[0], self._points[-1]
        if last[0] - first[0] < SEEN:
            return None
        turn = first[0] + (last[0] - first[0]) * 2 / 3
        middle = max((point for point in self._points if point[0] <= turn), default=first)
        whole, lately = _pace(first, last), _pace(middle, last)
        if not whole or not lately or max(whole, lately) / min(whole, lately) > EVEN:
            return None
        step = (last[0] - first[0]) / (len(self._points) - 1)
        silent = worked - last[0]
        if silent > 5 * step + SEEN:
            return None  # it has stalled
        return max(0.0, (self._total - last[1]) / whole - silent)


def _pace(begin: tuple[float, float], end: tuple[float, float]) -> float:
    time = end[0] - begin[0]
    return (end[1] - begin[1]) / time if time > 0 else 0.0
