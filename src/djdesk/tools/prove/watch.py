"""Runs inside the processes of an app being proved and records what they do: errors behind pages,
redirects, deleted rows, writes outside the data folder, connections and programs.

A user's installation may be read-only and offline, so writes into the app's folder and all
connections are refused, and the app behaves as it would there. It sees what Python does, not what C
libraries do.
"""

from __future__ import annotations

import errno
import json
import os
import re
import socket
import sys
import sysconfig
import threading
import traceback
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any

CONFIG = "watch.json"
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
# Audit events that change the file system, and which argument is the path.
CHANGES = {
    "os.mkdir": 0, "os.remove": 0, "os.rmdir": 0, "os.rename": 1, "os.link": 1, "os.symlink": 1,
    "os.truncate": 0, "os.chmod": 0, "os.chown": 0, "os.utime": 0,
}  # fmt: skip
NOWHERE = {os.devnull, "nul", "NUL", "/dev/stdout", "/dev/stderr", "/dev/tty"}
DELETING = re.compile(r"""\s*DELETE\s+FROM\s+["`\[]?(\w+)""", re.IGNORECASE)
LIMIT = 1000  # records per process
Place = tuple[str, int]


def begin(folder: Path) -> None:
    """Watch this process from now on. ``folder`` holds the configuration ``{"installed": […],
    "writable": […], "temporary": "…", "folders": […]}`` and receives the records, ``<pid>.jsonl``.
    ``folders``: those that a package contains although nothing created them here."""
    config = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
    if sys.pycache_prefix is None:
        # As in a package: no byte code is written beside the sources.
        sys.dont_write_bytecode = True
    watcher = Watcher(folder, config)
    _have(config.get("folders", []))
    sys.addaudithook(watcher.hook)
    from django.core.signals import got_request_exception

    got_request_exception.connect(watcher.page_failed, weak=False, dispatch_uid=__name__)
    _notice_redirects(watcher)
    _notice_deleting(watcher)


def _have(folders: list[str]) -> None:
    """Creating one of these does nothing, because it exists in an installation. Programs that check
    first cannot be helped."""
    there = set(map(os.path.abspath, folders))
    make = os.mkdir

    def mkdir(path: Any, mode: int = 0o777, *, dir_fd: int | None = None) -> None:
        if dir_fd is None and os.path.abspath(os.fsdecode(path)) in there:  # noqa: PTH100
            return
        make(path, mode, dir_fd=dir_fd)

    if there:
        os.mkdir = mkdir


def _notice_redirects(watcher: Watcher) -> None:
    """Django does not report which middleware or view redirects a visitor."""
    from django.http.response import HttpResponseRedirectBase

    made = HttpResponseRedirectBase.__init__

    def init(self: Any, redirect_to: Any, *args: Any, **kwargs: Any) -> None:
        made(self, redirect_to, *args, **kwargs)
        watcher.redirected(str(redirect_to))

    HttpResponseRedirectBase.__init__ = init


def _notice_deleting(watcher: Watcher) -> None:
    from django.db.backends.signals import connection_created

    def connected(sender: object, connection: Any, **kwargs: object) -> None:
        if watcher.queried not in connection.execute_wrappers:
            connection.execute_wrappers.append(watcher.queried)

    connection_created.connect(connected, weak=False, dispatch_uid=__name__)


class Watcher:
    def __init__(self, folder: Path, config: dict[str, Any]) -> None:
        self._file = (folder / f"{os.getpid()}.jsonl").open("a", encoding="utf-8", buffering=1)
        self._installed = _real(config["installed"])
        self._writable = _real([*config["writable"], str(folder)])
        self._temporary = _real([config["temporary"]])
        self._seen: set[str] = set()
        self._local = threading.local()

    def hook(self, event: str, args: tuple[Any, ...]) -> None:
        # Skip the many irrelevant events first.
        if event not in HANDLERS or getattr(self._local, "busy", False):
            return
        self._local.busy = True
        try:
            HANDLERS[event](self, event, args)
        finally:
            self._local.busy = False

    def opened(self, event: str, args: tuple[Any, ...]) -> None:
        path, mode, flags = (*args, None, None)[:3]
        writing = isinstance(flags, int) and flags & WRITING
        if writing or (isinstance(mode, str) and set(mode) & set("wax+")):
            self._written(path)

    def changed(self, event: str, args: tuple[Any, ...]) -> None:
        if event != "os.truncate" and args[-1] != -1:
            return  # a name relative to an open folder, as in shutil.rmtree
        path = args[CHANGES[event]]
        # The first call of os.makedirs(…, exist_ok=True).
        if event == "os.mkdir" and isinstance(path, str | os.PathLike) and Path(path).is_dir():
            return
        self._written(path)

    def database(self, event: str, args: tuple[Any, ...]) -> None:
        name = os.fsdecode(args[0]) if isinstance(args[0], str | bytes | os.PathLike) else ""
        if name.startswith("file:"):
            name = "" if "mode=memory" in name or "mode=ro" in name else name[5:].partition("?")[0]
        if name and name != ":memory:":
            self._written(name)

    def _written(self, path: object) -> None:
        if not isinstance(path, str | bytes | os.PathLike):
            return  # a descriptor that is already open
        name = os.fsdecode(path)
        full = os.path.realpath(name)
        if name in NOWHERE or full.startswith(("/dev/", "/proc/")) or _below(full, self._writable):
            return
        installed = _below(full, self._installed)
        if not installed and _below(full, self._temporary):
            return
        self._note("write", what=full, refused=installed)
        if installed:
            raise OSError(errno.EROFS, os.strerror(errno.EROFS), name)

    def connecting(self, event: str, args: tuple[Any, ...]) -> None:
        address = args[1]
        if isinstance(address, str | bytes):
            name = os.fsdecode(address)
            if _below(os.path.realpath(name), [*self._writable, *self._temporary]):
                return
        elif isinstance(address, tuple) and len(address) >= 2:
            if sys._getframe(2).f_code.co_filename == socket.__file__:
                return  # Windows has no socketpair: Python connects two sockets
            name = f"{address[0]}:{address[1]}"
        else:
            return
        self._note("connect", what=name, refused=True)
        raise ConnectionRefusedError(errno.ECONNREFUSED, os.strerror(errno.ECONNREFUSED))

    def looked_up(self, event: str, args: tuple[Any, ...]) -> None:
        host, port = (*args, None)[:2]
        host = os.fsdecode(host) if isinstance(host, str | bytes) else ""
        if host in ("", "localhost", "127.0.0.1", "::1", "0.0.0.0", socket.gethostname()):  # noqa: S104
            return
        self._note("connect", what=f"{host}:{port}" if port else host, refused=True)
        raise socket.gaierror(socket.EAI_NONAME, f"{host} is not known: there is no network")

    def started(self, event: str, args: tuple[Any, ...]) -> None:
        program = args[0] or (args[1][0] if args[1] else "")
        name = os.fsdecode(program) if isinstance(program, str | bytes | os.PathLike) else ""
        # The runtime itself starts system programs; only those that the app starts count.
        if (place := nearest(sys._getframe(2))) != ("", 0):
            self._note("program", place, what=name)

    def page_failed(self, sender: object, request: Any = None, **kwargs: object) -> None:
        error = sys.exc_info()[1]
        if error is None:
            return
        self._note(
            "error",
            blamed(error.__traceback__, error),
            path=request.get_full_path() if request else "",
            what=f"{type(error).__name__}: {error}"[:1000],
            traceback="".join(traceback.format_exception(error))[-8000:],
        )

    def redirected(self, to: str) -> None:
        """Recorded with the path of the current request, taken from a Django frame."""
        frame: FrameType | None = sys._getframe(2)
        place = nearest(frame)
        while frame is not None and not hasattr(frame.f_locals.get("request"), "get_full_path"):
            frame = frame.f_back
        if frame is not None:
            path = frame.f_locals["request"].get_full_path()
            self._note("redirect", place, path=path, what=to)

    def queried(self, execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        """Wraps every query of Django. Records deletions with the table's name as in `traces.rows`,
        and whether the server made them, which runs the code at the app's start."""
        if isinstance(sql, str) and (match := DELETING.match(sql)):
            table = f"{context['connection'].alias}.{match[1]}"
            self._note("delete", what=table, server="serve" in sys.argv[1:])
        return execute(sql, params, many, context)

    def _note(self, kind: str, place: Place | None = None, **values: object) -> None:
        file, line = place or nearest(sys._getframe(2))
        text = json.dumps({"kind": kind, "file": file, "line": line, **values})
        if text not in self._seen and len(self._seen) < LIMIT:
            self._seen.add(text)
            self._file.write(text + "\n")


HANDLERS = {
    "open": Watcher.opened,
    **dict.fromkeys(CHANGES, Watcher.changed),
    "sqlite3.connect": Watcher.database,
    "socket.connect": Watcher.connecting,
    "socket.getaddrinfo": Watcher.looked_up,
    "subprocess.Popen": Watcher.started,
    "os.system": Watcher.started,
}


def nearest(frame: FrameType | None) -> Place:
    """The line of the app's own code nearest to ``frame``; empty if there is none."""
    while frame is not None:
        if own(frame.f_code.co_filename):
            return frame.f_code.co_filename, frame.f_lineno
        frame = frame.f_back
    return "", 0


def blamed(trace: TracebackType | None, error: BaseException | None = None) -> Place:
    """The last line of the app's own code in a traceback, in Python or in a template. ``error``:
    for a template that cannot be parsed, it holds the line."""
    found = ("", 0)
    while trace is not None:
        code = trace.tb_frame.f_code
        if own(code.co_filename):
            found = (code.co_filename, trace.tb_lineno)
        elif code.co_name == "render_annotated":
            # Django records template locations only for its debug page, but each node knows its
            # own.
            node = trace.tb_frame.f_locals.get("self")
            name = getattr(getattr(node, "origin", None), "name", "") or ""
            if own(name):
                found = (name, getattr(getattr(node, "token", None), "lineno", 0) or 0)
        elif code.co_name == "compile_nodelist":
            template = trace.tb_frame.f_locals.get("self")
            name = getattr(getattr(template, "origin", None), "name", "") or ""
            if own(name):
                found = (name, getattr(getattr(error, "token", None), "lineno", 0) or 0)
        trace = trace.tb_next
    return found


_PATHS = sysconfig.get_paths()
_FOREIGN = [
    os.path.realpath(_PATHS[name]) for name in ("stdlib", "platstdlib", "purelib", "platlib")
]
_RUNTIME = str(Path(__file__).resolve().parents[2])


def own(file: str) -> bool:
    """Whether a file belongs to the app, rather than Python, a package or the runtime."""
    if not file or file.startswith("<") or "site-packages" in file or "dist-packages" in file:
        return False
    return not _below(os.path.realpath(file), [*_FOREIGN, _RUNTIME])


def _real(paths: list[str]) -> list[str]:
    return [os.path.realpath(path) for path in paths]


def _below(path: str, folders: list[str]) -> bool:
    return any(path == folder or path.startswith(folder + os.sep) for folder in folders)
