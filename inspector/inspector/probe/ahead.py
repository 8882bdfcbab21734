"""The last sections of a large project, made in a copy of this process."""

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
    """The last sections, made in a copy of this process while it goes on with the others.

    In large projects they take as long as the sections before them. The copy is made only where
    that is safe: on Linux, and while no thread but our own is there that could hold a lock. When
    anything goes wrong with it, the sections are made here, as everywhere else.
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
        """Threads of this process, also those that Python does not know; None where unknown."""
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
        """To be called when the models are there and the migrations were imported."""
        self.models = known_models()
        if not self.wanted():
            return
        self.seen = [{key: one["count"] for key, one in facts.items()} for facts in FACTS]
        with GUARD.ours(), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of a fork beside threads, which are our own
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
        """In the copy: the sections, each a line, and a line with what was seen meanwhile."""
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
        """Send the line of that section, if it was made and nothing has changed since."""
        if name not in self.NAMES:
            return False
        if self.pid:
            self.collect()
        if name not in self.lines or (name == "drift" and known_models() != self.models):
            return False
        write(self.lines[name])
        return True

    def collect(self):
        """Wait for the copy; take its lines, and what it saw happen."""
        limit = 2 * CONFIG["section_limit"] - (CLOCK() - self.started)
        if not self.said():
            limit = 1.0  # it was long enough on its way: a hook of the project holds it
        pid, self.pid = self.pid, None
        with GUARD.ours():
            try:
                with limited(max(1.0, limit)):
                    os.waitpid(pid, 0)
            except OutOfTime:
                os.kill(pid, signal.SIGKILL)
                reap(pid)
            except OSError:
                pass  # the project has children waited for: this one has ended, and is complete
        lines = self.said().split(b"\n")[1:-1]
        if len(lines) != len(self.NAMES) + 1 or not lines[-1].startswith(b'{"seen"'):
            return
        self.lines = {name: line + b"\n" for name, line in zip(self.NAMES, lines)}
        merge(loads(lines[-1].decode("ascii"))["seen"])

    def said(self):
        # By position: the copy writes with the same offset.
        return os.pread(self.file.fileno(), os.fstat(self.file.fileno()).st_size, 0)


def reap(pid):
    try:
        os.waitpid(pid, 0)
    except OSError:
        pass


def merge(copied):
    """Add what a copy of this process has seen.

    What both have seen since is as a rule the same module, imported in each: it counts once.
    """
    for facts, new in zip(FACTS, copied):
        for key, fact in new:
            key = tuple(key) if isinstance(key, list) else key
            known = facts.setdefault(key, fact)
            known["count"] = max(known["count"], fact["count"])


def known_models():
    """What the models are made of, as far as importing more code can change it."""
    from django.apps import apps

    return [
        (model._meta.label, len(model._meta.local_fields), len(model._meta.local_many_to_many))
        for model in apps.get_models(include_auto_created=True)
    ]
