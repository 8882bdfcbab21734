"""An audit hook that refuses and records forbidden operations."""

import errno
import os
import re
import socket
import stat
import sys
import threading

from .config import CONFIG, STATE
from .messages import say
from .places import inside, is_ours, origin, relative
from .programs import only_reads
from .redact import scrub

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
CHANGES = {
    "os.mkdir": 0,
    "os.remove": 0,
    "os.rmdir": 0,
    "os.rename": 0,
    "os.link": 1,
    "os.symlink": 1,
    "os.truncate": 0,
    "os.chmod": 0,
    "os.chown": 0,
    "os.utime": 0,
    "os.setxattr": 0,
    "os.removexattr": 0,
    "os.mkfifo": 0,
    "os.mknod": 0,
}


class Guard:
    """Refuses what an inspection must not do, with errors that projects already handle.

    It catches accidents. Code can bypass it on purpose, even in plain Python: whatever this process
    uses to allow its own work is within reach of the project's code too.
    """

    __slots__ = ("allowed", "env", "events", "local", "lost", "read", "server")

    def __init__(self):
        self.events = {}
        self.env = {}
        self.local = threading.local()
        self.allowed = []
        self.read = set()  # project files that were read, if requested
        self.lost = None  # the missing project folder in which a file was last to be written
        self.server = None  # (host, port, its addresses) while querying a database for the user

    def start(self):
        self.allowed = [
            os.path.realpath(path) for path in (CONFIG["scratch"], CONFIG["bytecode"]) if path
        ]
        sys.addaudithook(self.hook)
        self._watch_environment()
        self._watch_access()

    def ours(self):
        return _Ours(self)

    def frames(self):
        found = []
        frame = sys._getframe(2)
        while frame is not None and len(found) < 6:
            file = frame.f_code.co_filename
            if not is_ours(file) and origin(file) == "project":
                found.append((file, frame.f_lineno, frame.f_code.co_name))
            frame = frame.f_back
        return found

    def culprit(self):
        """Whose code is closest on the stack, if it has no frame of the project."""
        frame = sys._getframe(2)
        while frame is not None:
            file = frame.f_code.co_filename
            if not is_ours(file) and origin(file) in ("third-party", "django"):
                return origin(file)
            frame = frame.f_back
        return "outside"

    def note(self, kind, what, denied):
        frames = self.frames()
        first = frames[0] if frames else (None, None, None)
        key = (kind, what, first[0], first[1])
        if key in self.events:
            self.events[key]["count"] += 1
            return
        if len(self.events) > 500:
            return
        self.events[key] = {
            "kind": kind,
            "what": scrub(str(what)),
            "denied": denied,
            "count": 1,
            "file": relative(first[0]),
            "line": first[1],
            "frames": ["%s:%s in %s" % (relative(f), n, name) for f, n, name in frames],
            "during": STATE["phase"],
            "origin": "project" if frames else self.culprit(),
        }
        if threading.current_thread() is not threading.main_thread():
            self.events[key]["thread"] = True

    def refused(self):
        """How often each kind of operation was refused so far: ``{what: count}``."""
        counts = {}
        for one in self.events.values():
            if one["denied"]:
                counts[one["what"]] = counts.get(one["what"], 0) + one["count"]
        return counts

    def hook(self, event, args):
        # This runs at every import, so return early for the many irrelevant events.
        handler = HANDLERS.get(event)
        if handler is None and event not in CHANGES:
            return
        if getattr(self.local, "busy", False):
            return
        self.local.busy = True
        try:
            if handler is not None:
                handler(self, args)
            else:
                self.change(event, args)
        finally:
            self.local.busy = False

    def may_write(self, path):
        if not isinstance(path, (str, bytes, os.PathLike)):
            return True  # an already open descriptor
        path = os.fsdecode(path)
        if path in (os.devnull, "/dev/stdout", "/dev/stderr", "nul", "NUL"):
            return True
        full = os.path.realpath(os.path.join(os.getcwd(), path))
        return any(inside(full, folder) for folder in self.allowed)

    def opened(self, args):
        path, mode, flags = (list(args) + [None, None])[:3]
        writing = bool(flags & WRITING) if isinstance(flags, int) else False
        if isinstance(mode, str):
            writing = writing or any(letter in mode for letter in "wax+")
        if not writing:
            if CONFIG["tell_files"] and isinstance(path, str) and len(self.read) < 20000:
                whole = os.path.abspath(path)
                if inside(whole, CONFIG["root"]):
                    self.read.add(whole)
            return
        if not self.may_write(path):
            self.refuse_write(path)
        self.look_around(path)
        if CONFIG["real_root"] and isinstance(path, (str, bytes, os.PathLike)):
            full = os.path.realpath(os.fsdecode(path))
            if inside(full, CONFIG["root"]):
                self.note("write", relative(full), False)

    def look_around(self, path):
        """Remember a missing project folder in which a file was to be written."""
        if isinstance(path, (str, bytes, os.PathLike)) and os.fsdecode(path):
            folder = os.path.dirname(os.path.abspath(os.fsdecode(path)))
            if inside(folder, CONFIG["root"]) and not os.path.isdir(folder):
                self.lost = folder

    def refuse_write(self, path):
        shown = os.fsdecode(path)
        self.note("write", relative(os.path.abspath(shown)), True)
        raise OSError(errno.EROFS, "Read-only: the inspector writes nothing here", shown)

    def change(self, event, args):
        index = CHANGES[event]
        path = args[index] if index < len(args) else None
        paths = [path, args[1]] if event == "os.rename" and len(args) > 1 else [path]
        for one in paths:
            if one is None or self.may_write(one):
                continue
            if event == "os.mkdir" and os.path.isdir(one):
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), os.fsdecode(one))
            self.refuse_write(one)

    def sqlite(self, args):
        name = (
            os.fsdecode(args[0]) if args and isinstance(args[0], (str, bytes, os.PathLike)) else ""
        )
        if name in (":memory:", "") or "mode=memory" in name or self.may_write(name):
            self.look_around(name)
            return
        self.note("sqlite-open", relative(os.path.abspath(name)), True)
        import sqlite3

        raise sqlite3.OperationalError(say("unable to open database file (inspection)"))

    def connect(self, args):
        address = args[1] if len(args) > 1 else None
        if self.server and self.is_server(address):
            return
        self.note("connect", address_text(address), True)
        raise ConnectionRefusedError(errno.ECONNREFUSED, os.strerror(errno.ECONNREFUSED))

    def sent(self, args):
        # Without an address it is a connected socket, already checked
        if len(args) > 1 and args[1] is not None:
            self.connect(args)

    def is_server(self, address):
        """Whether this is exactly the database server that the user wants asked."""
        host, port, addresses = self.server
        if isinstance(address, (str, bytes)):
            return bool(host) and host[0] == "/" and inside(os.fsdecode(address), host)
        if not isinstance(address, tuple) or len(address) < 2:
            return False
        return address[0] in addresses and address[1] == port

    def resolve(self, args):
        host = args[0] if args else None
        if isinstance(host, bytes):
            host = host.decode("ascii", "replace")
        if self.server and host == self.server[0]:
            return
        if (
            not host
            or host in ("localhost", "localhost.localdomain")
            or re.match(r"^[\d.:a-f]+$", host)
        ):
            return
        if host == socket.gethostname():
            return
        self.note("resolve", host, True)
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    def spawn(self, args):
        words = args[1] if len(args) > 1 and args[1] else [args[0] if args else ""]
        if isinstance(words, (str, bytes)):
            words = os.fsdecode(words).split()
        try:
            words = [os.fsdecode(word) for word in words]
        except TypeError:
            words = [str(word) for word in words]
        program = os.path.basename(words[0]) if words else ""
        given, env = (args[0], args[-1]) if args else (None, None)
        if only_reads(given, words, env, self.may_write):
            return
        self.note("spawn", " ".join(words)[:200], True)
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), program)

    def system(self, args):
        self.note("spawn", os.fsdecode(args[0])[:200] if args else "", True)
        raise FileNotFoundError(errno.ENOENT, "commands are not run during an inspection")

    def forked(self, args):
        # The copy keeps this guard and ends with this process.
        self.note("spawn", "fork", False)

    def kill(self, args):
        target, number = args[0], args[1]
        if number != 0 and target != os.getpid():
            self.note("spawn", "signal %s to %s" % (number, target), True)
            raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    def _watch_access(self):
        """Answer `os.access` as outside a scan, whose sandbox makes every folder read-only."""
        original = os.access

        def access(path, mode, **options):
            allowed = original(path, mode, **options)
            if allowed or options or not isinstance(mode, int) or not mode & os.W_OK:
                return allowed
            return original(path, mode & ~os.W_OK) and writable(path)

        if hasattr(os, "geteuid"):
            os.access = access

    def _watch_environment(self):
        guard = self
        kind = type(os.environ)
        original = kind.__getitem__

        def getitem(self, key):
            try:
                value = original(self, key)
            except KeyError:
                guard._asked(key, False)
                raise
            guard._asked(key, True)
            return value

        kind.__getitem__ = getitem

    def _asked(self, key, present):
        if not isinstance(key, str) or len(self.env) > 2000:
            return
        frame = sys._getframe(2)
        for _ in range(12):
            if frame is None:
                return
            if origin(frame.f_code.co_filename) == "project":
                if key in self.env:
                    self.env[key]["count"] += 1
                else:
                    self.env[key] = {
                        "name": key,
                        "set": present,
                        "file": relative(frame.f_code.co_filename),
                        "line": frame.f_lineno,
                        "count": 1,
                        "origin": "project",
                    }
                return
            frame = frame.f_back


def writable(path):
    """Whether this user may write the file or folder, by its permissions alone."""
    try:
        found = os.stat(path)
    except OSError:
        return False
    user = os.geteuid()
    if user == 0:
        return True
    if found.st_uid == user:
        return bool(found.st_mode & stat.S_IWUSR)
    if found.st_gid in os.getgroups() or found.st_gid == os.getegid():
        return bool(found.st_mode & stat.S_IWGRP)
    return bool(found.st_mode & stat.S_IWOTH)


def address_text(address):
    """Host and port as usually written; the path of a local socket."""
    if isinstance(address, tuple) and len(address) >= 2:
        host = "[%s]" % address[0] if ":" in str(address[0]) else address[0]
        return "%s:%s" % (host, address[1])
    return os.fsdecode(address) if isinstance(address, bytes) else str(address)


class _Ours:
    """While this is open, the guard allows the probe's own work (in this thread only)."""

    def __init__(self, guard):
        self.guard = guard

    def __enter__(self):
        self.guard.local.busy = True

    def __exit__(self, *exc):
        self.guard.local.busy = False


HANDLERS = {
    "open": Guard.opened,
    "sqlite3.connect": Guard.sqlite,
    "socket.connect": Guard.connect,
    "socket.sendto": Guard.connect,
    "socket.sendmsg": Guard.sent,
    "socket.getaddrinfo": Guard.resolve,
    "socket.gethostbyname": Guard.resolve,
    "subprocess.Popen": Guard.spawn,
    "os.posix_spawn": Guard.spawn,
    "os.spawn": lambda guard, args: Guard.spawn(guard, args[1:]),
    "os.exec": Guard.spawn,
    "os.system": Guard.system,
    "os.startfile": Guard.system,
    "os.fork": Guard.forked,
    "os.forkpty": Guard.forked,
    "os.kill": Guard.kill,
    "os.killpg": Guard.kill,
}
GUARD = Guard()
