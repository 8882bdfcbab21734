"""Produces the last sections of a large project in a forked copy of this process."""

import os
import signal
import sys
import tempfile
import warnings

from .config import CONFIG
from .guard import GUARD
from .limits import OutOfTime, limited
from .messages import loads
from .protocol import CLOCK, EXIT, GETPID, leave_copies, send, speak_on, write
from .section import section
from .sections import SECTIONS
from .sections.side_effects import FACTS


def count_models():
    from django.apps import apps

    return sum(1 for _ in apps.get_models(include_auto_created=True))


class Ahead:
    """Produces the last sections in a forked copy while this process continues with the others.

    In large projects they take as long as all earlier sections together. The copy is forked only
    where that is safe: on Linux, and only if no thread but our own could hold a lock. If anything
    goes wrong, the sections are produced in this process as usual.
    """

    NAMES = ("drift", "templates", "commands", "packages")

    def __init__(self):
        self.pid = self.file = None
        self.models = []
        self.lines = {}
        self.threads = self.count_threads()
        self.seen = []
        self.started = 0.0

    def count_threads(self):
        """Number of threads, including those unknown to Python; None if it cannot be determined."""
        try:
            return len(os.listdir("/proc/self/task"))
        except OSError:
            return None

    def wanted(self):
        if CONFIG["ahead"] is None or CONFIG["only"] is not None or sys.platform != "linux":
            return False
        alone = self.threads is not None and self.threads == self.count_threads()
        return alone and len(self.models) >= CONFIG["ahead"]

    def start(self):
        """Call this once the models exist and the migrations were imported."""
        self.models = known_models()
        if not self.wanted():
            return
        self.seen = [{key: one["count"] for key, one in facts.items()} for facts in FACTS]
        with GUARD.ours(), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about forking with threads, which are our own
            try:
                self.file = tempfile.TemporaryFile(dir=CONFIG["scratch"])
                self.pid = os.fork()
            except Exception:
                leave_copies()
                return
        self.started = CLOCK()
        if self.pid == 0:
            try:
                self.work()
            finally:
                EXIT(0)

    def work(self):
        """In the copy: one line per section, then a line with the side effects seen meanwhile."""
        speak_on(self.file.fileno())
        send({"hello": {"pid": GETPID()}})
        for name, make in SECTIONS:
            if name in self.NAMES:
                section(name, make)
        new = [
            [(key, fact) for key, fact in facts.items() if fact["count"] > old.get(key, 0)]
            for facts, old in zip(FACTS, self.seen)
        ]
        send({"seen": new})

    def send(self, name):
        """Send the line of that section, if it was produced and is still up to date."""
        if name not in self.NAMES:
            return False
        if self.pid:
            self.collect()
        if name not in self.lines or (name == "drift" and known_models() != self.models):
            return False
        write(self.lines[name])
        return True

    def collect(self):
        """Wait for the copy, then take over its lines and the side effects it saw."""
        limit = 2 * CONFIG["section_limit"] - (CLOCK() - self.started)
        if not self.said():
            limit = 1.0  # it has had enough time: a hook of the project is blocking it
        pid, self.pid = self.pid, None
        with GUARD.ours():
            try:
                with limited(max(1.0, limit)):
                    os.waitpid(pid, 0)
            except OutOfTime:
                os.kill(pid, signal.SIGKILL)
                reap(pid)
            except OSError:
                pass  # the project reaped its children itself: the copy has ended, and is complete
        lines = self.said().split(b"\n")[1:-1]
        if len(lines) != len(self.NAMES) + 1 or not lines[-1].startswith(b'{"seen"'):
            return
        self.lines = {name: line + b"\n" for name, line in zip(self.NAMES, lines)}
        merge(loads(lines[-1].decode("ascii"))["seen"])

    def said(self):
        # Read by position, because the copy writes with the same file offset.
        return os.pread(self.file.fileno(), os.fstat(self.file.fileno()).st_size, 0)


def reap(pid):
    try:
        os.waitpid(pid, 0)
    except OSError:
        pass


def merge(copied):
    """Add what a forked copy has seen.

    Something seen by both since the fork is usually one module imported in each: it counts once.
    """
    for facts, new in zip(FACTS, copied):
        for key, fact in new:
            key = tuple(key) if isinstance(key, list) else key
            known = facts.setdefault(key, fact)
            known["count"] = max(known["count"], fact["count"])


def known_models():
    """The parts of the models that importing more code can change."""
    from django.apps import apps

    return [
        (model._meta.label, len(model._meta.local_fields), len(model._meta.local_many_to_many))
        for model in apps.get_models(include_auto_created=True)
    ]
