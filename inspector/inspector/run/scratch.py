"""A private folder for one child process, and the environment that points to it.

Only the variables in ``ALLOWED`` are passed on to the child: environments hold tokens and
passwords, and the app's `DJANGO_SETTINGS_MODULE` would make the project load the app's settings.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import stat
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psutil
from platformdirs import user_cache_path

# Variables that Python needs to find its libraries, time zone and language.
ALLOWED = (
    "PATH",
    "LANG",
    "LANGUAGE",
    "TZ",
    "SYSTEMROOT",  # Windows: sockets and random numbers fail without it
    "WINDIR",
    "COMSPEC",
    "PATHEXT",
    "NUMBER_OF_PROCESSORS",
    "PROCESSOR_ARCHITECTURE",
    # Windows: the only source of getpass.getuser(), and the folders of installed programs.
    "USERNAME",
    "SYSTEMDRIVE",
    "PROGRAMDATA",
    "PROGRAMFILES",
    "PROGRAMFILES(X86)",
    "PROGRAMW6432",
    "LD_LIBRARY_PATH",
    "DYLD_LIBRARY_PATH",
    "DYLD_FALLBACK_LIBRARY_PATH",
)


PREFIX = "djdesk-inspect-"
# Linux keeps files here in memory. Creating thousands of them for a private copy takes a fraction
# of the time that it takes on a disk.
IN_MEMORY = Path("/dev/shm")  # noqa: S108 - the folders in it are made by mkdtemp
MEMORY_NEEDED = 4 * 2**30  # bytes that must be free: a private copy has up to 1 GiB


def _sweep() -> None:
    """Remove folders left behind by killed inspectors."""
    places = (Path(tempfile.gettempdir()), IN_MEMORY)
    for folder in (found for place in places for found in place.glob(f"{PREFIX}*-*")):
        owner = folder.name.removeprefix(PREFIX).partition("-")[0]
        if not owner.isdigit():
            continue
        with contextlib.suppress(OSError):
            # On Windows the folder for temporary files belongs to the user.
            foreign = sys.platform != "win32" and folder.stat().st_uid != os.getuid()
            # Not os.kill(pid, 0), which on Windows kills the process.
            if not foreign and not psutil.pid_exists(int(owner)):
                remove(folder)


def remove(folder: Path) -> None:
    """Remove the folder and its contents as far as possible.

    On Windows, read-only files such as git's are made writable first; files still in use are swept
    later.
    """

    def again(function: Callable[[str], object], path: str, error: BaseException) -> None:
        with contextlib.suppress(OSError):
            Path(path).chmod(stat.S_IWRITE | stat.S_IREAD)
            function(path)

    shutil.rmtree(folder, **({"onexc": again} if os.name == "nt" else {"ignore_errors": True}))


def memory_folder() -> Path | None:
    """Where files are kept in memory, if the system has such a folder, much memory is free, and
    programs and libraries may be run from it."""
    if sys.platform != "linux" or not os.access(IN_MEMORY, os.W_OK | os.X_OK):
        return None
    known = os.statvfs(IN_MEMORY)
    free = min(known.f_bavail * known.f_frsize, psutil.virtual_memory().available)
    return None if known.f_flag & os.ST_NOEXEC or free < MEMORY_NEEDED else IN_MEMORY


_removing: list[threading.Thread] = []


def finish_removing() -> None:
    """Wait until the folders passed to `Scratch.remove_later` are deleted."""
    while _removing:
        _removing.pop().join()


class Scratch:
    """Folders ``home``, ``tmp``, ``config``, ``cache`` and ``data``, deleted on exit.

    ``in_memory``: put them into `memory_folder`, if there is one."""

    def __init__(self, *, in_memory: bool = False) -> None:
        _sweep()
        place = memory_folder() if in_memory else None
        made = tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=place)
        self.path = Path(made).resolve()
        for name in ("home", "tmp", "config", "cache", "data"):
            (self.path / name).mkdir(mode=0o700)

    def __enter__(self) -> Scratch:
        return self

    def __exit__(self, *exc: object) -> None:
        remove(self.path)

    def remove_later(self) -> None:
        """Delete the folders in a thread, because a private copy may have thousands of files."""
        thread = threading.Thread(target=remove, args=(self.path,))
        _removing.append(thread)
        thread.start()

    @property
    def home(self) -> Path:
        return self.path / "home"

    def environment(self, *, bytecode: Path | None = None) -> dict[str, str]:
        """The child's complete environment. ``bytecode``: cache folder, or None for no cache."""
        env = {name: os.environ[name] for name in ALLOWED if name in os.environ}
        env.update({name: value for name, value in os.environ.items() if name.startswith("LC_")})
        env.update(
            HOME=str(self.home),
            USERPROFILE=str(self.home),
            APPDATA=str(self.path / "config"),
            LOCALAPPDATA=str(self.path / "data"),
            TMPDIR=str(self.path / "tmp"),
            TEMP=str(self.path / "tmp"),
            TMP=str(self.path / "tmp"),
            XDG_CONFIG_HOME=str(self.path / "config"),
            XDG_CACHE_HOME=str(self.path / "cache"),
            XDG_DATA_HOME=str(self.path / "data"),
            XDG_RUNTIME_DIR=str(self.path / "tmp"),
            PYTHONNOUSERSITE="1",
            PYTHONUTF8="1",
            GIT_OPTIONAL_LOCKS="0",
        )
        if bytecode is None:
            env["PYTHONDONTWRITEBYTECODE"] = "1"
        else:
            env["PYTHONPYCACHEPREFIX"] = str(bytecode)
        return env


BYTECODE_LIMIT = 1024 * 2**20
PRUNED = ".pruned"  # marker file next to the projects' folders: when pruning last ran
DAY = 86400.0  # seconds
MANY = 20  # projects; each adds some 20 MiB of bytecode


def prune_bytecode_if_due(keep: Path) -> None:
    """`prune_bytecode` once a day, and after every `MANY` projects. Not after each scan, because it
    looks at all files of all projects.
    """
    mark = keep.parent / PRUNED
    with contextlib.suppress(OSError):
        last = mark.stat().st_mtime
        scanned = sum(entry.stat().st_mtime > last for entry in os.scandir(keep.parent))
        if time.time() - last < DAY and scanned < MANY:
            return
    prune_bytecode(keep)
    with contextlib.suppress(OSError):
        mark.touch()


def prune_bytecode(keep: Path, limit: int = BYTECODE_LIMIT) -> None:
    """Remove the bytecode of the least recently scanned projects until the rest fits the limit."""
    rows: list[tuple[float, int, Path]] = []
    try:
        folders = [Path(entry.path) for entry in os.scandir(keep.parent) if entry.is_dir()]
    except OSError:
        return
    for folder in folders:
        size = 0
        for path, _, files in os.walk(folder):
            for file in files:
                with contextlib.suppress(OSError):
                    size += os.lstat(os.path.join(path, file)).st_size  # noqa: PTH118 - many files
        with contextlib.suppress(OSError):
            rows.append((folder.stat().st_mtime, size, folder))
    total = sum(size for _, size, _ in rows)
    for _, size, folder in sorted(rows):
        if total <= limit:
            return
        if folder != keep:
            shutil.rmtree(folder, ignore_errors=True)
            total -= size


def bytecode_cache(root: Path) -> Path | None:
    """Folder for one project's bytecode between scans; None if it cannot be created.

    One folder per project: bytecode left by a hostile project must never be loaded by another.
    """
    name = hashlib.sha256(os.fsencode(root)).hexdigest()[:24]
    folder = user_cache_path("djdesk", appauthor=False) / "bytecode" / name
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.utime(folder)  # last used
    except OSError:
        return None
    return folder.resolve()


def static_cache() -> Path:
    """Cache of facts about unchanged files between scans; the static child creates it."""
    return user_cache_path("djdesk", appauthor=False) / "static"
