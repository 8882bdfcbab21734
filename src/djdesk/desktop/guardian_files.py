"""File and process helpers for guardian.py, standard library only. Completed writes are flushed to
disk, and a kill in between leaves the old or the new file, never half of one."""

from __future__ import annotations

import base64
import contextlib
import ctypes
import errno
import hashlib
import json
import os
import shutil
import sqlite3
import stat
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from djdesk.messages import with_messages, without_messages

MIB = 2**20


def read_json(path: Path) -> dict[str, Any]:
    """An empty dict if the file is missing, damaged or not an object."""
    try:
        # As ownfiles.py, which is not copied beside this: do not block on a named pipe.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(descriptor, "rb") as file:
            regular = stat.S_ISREG(os.fstat(descriptor).st_mode)
            value = json.loads(file.read(MIB)) if regular else {}
    except (OSError, ValueError, RecursionError):
        return {}
    return without_messages(value) if isinstance(value, dict) else {}


def write_json(path: Path, value: dict[str, Any]) -> None:
    """Written completely and flushed to disk, or not at all."""
    temporary = path.with_name(path.name + ".new")
    data = json.dumps(with_messages(value), indent=1).encode()
    try:
        _write(temporary, data)
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        (path.parent / "reserve").unlink(missing_ok=True)  # reserved for this case
        _write(temporary, data)
    replace(temporary, path)


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def replace(source: Path, target: Path) -> None:
    """Rename and flush to disk. On Windows, waits for a program that has the file open."""
    for left in range(60, -1, -1):
        try:
            source.replace(target)
            break
        except PermissionError as error:
            if not left or getattr(error, "winerror", None) not in (5, 32):
                raise
            time.sleep(0.05)
    sync_folder(target.parent)


def sync_folder(folder: Path) -> None:
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_tree(folder: Path) -> None:
    """Flush every file of a tree to disk: one call for the whole file system if possible."""
    with contextlib.suppress(AttributeError, OSError, TypeError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            if ctypes.CDLL(None, use_errno=True).syncfs(descriptor) == 0:
                return
        finally:
            os.close(descriptor)
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            with path.open("rb+" if os.name == "nt" else "rb") as file:
                os.fsync(file.fileno())


def remove(path: Path) -> None:
    """Delete a file or tree if it exists. What cannot be deleted stays."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with contextlib.suppress(OSError):
            path.unlink()


def second_name(source: Path, target: Path) -> None:
    """Hard-link the file; copy it if the file system has no links."""
    temporary = target.with_name(f"{target.name}.link")
    remove(temporary)
    try:
        os.link(source, temporary)
    except OSError:
        shutil.copy2(source, temporary)
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
    replace(temporary, target)


def exchange(one: Path, other: Path) -> None:
    """Swap two folders atomically; with two renames if the file system cannot."""
    paths = os.fsencode(one), os.fsencode(other)
    with contextlib.suppress(AttributeError, TypeError):
        libc = ctypes.CDLL(None, use_errno=True)
        if sys.platform == "darwin":
            done = libc.renamex_np(*paths, 2) == 0  # RENAME_SWAP
        else:
            done = libc.renameat2(-100, paths[0], -100, paths[1], 2) == 0  # RENAME_EXCHANGE
        if done:
            sync_folder(one.parent)
            return
    aside = aside_of(other)
    other.rename(aside)
    one.rename(other)
    aside.rename(one)
    sync_folder(one.parent)


def aside_of(path: Path) -> Path:
    """Where ``exchange`` leaves the content of ``path`` if it is killed between its renames."""
    return path.with_name(f".{path.name}.aside")


def hash_of(path: Path) -> str:
    """SHA-512 in base64, as in latest.yml."""
    with path.open("rb") as file:
        return base64.b64encode(hashlib.file_digest(file, "sha512").digest()).decode()


def alive(pid: object) -> bool:
    """Whether the process exists and is not a zombie."""
    if not isinstance(pid, int) or pid <= 0:
        return False
    if sys.platform == "win32":
        handle = ctypes.windll.kernel32.OpenProcess(0x0010_0000, False, pid)  # SYNCHRONIZE
        if not handle:
            return False
        ended = ctypes.windll.kernel32.WaitForSingleObject(handle, 0) == 0
        ctypes.windll.kernel32.CloseHandle(handle)
        return not ended
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    with contextlib.suppress(OSError, IndexError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return True


@contextlib.contextmanager
def locked(path: Path, timeout: float = 0.0) -> Iterator[bool]:
    """Take the lock that lock.py takes in the app's processes; False if another process
    holds it.
    """
    end = time.monotonic() + timeout
    with path.open("a+b") as file:
        while True:
            try:
                if sys.platform == "win32":
                    import msvcrt

                    file.seek(0)
                    msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
                else:
                    import fcntl

                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                if time.monotonic() >= end:
                    yield False
                    return
                time.sleep(0.05)
            else:
                yield True
                return


def copy_live(source: Path, target: Path) -> None:
    """Copy a database that may be in use into a single file without a WAL, whatever the source's
    mode."""
    target.unlink(missing_ok=True)
    uri = f"{source.absolute().as_uri()}?mode=ro"
    with (
        contextlib.closing(sqlite3.connect(uri, uri=True, timeout=10.0)) as live,
        contextlib.closing(sqlite3.connect(target)) as copy,
    ):
        live.backup(copy, pages=4096, sleep=0.01)
        copy.execute("PRAGMA journal_mode=DELETE")


def copy_database(source: Path, target: Path) -> None:
    """A checked copy in one file, readable by this user only, flushed to disk."""
    copy_live(source, target)
    with contextlib.closing(sqlite3.connect(target)) as copy:
        found = [row[0] for row in copy.execute("PRAGMA integrity_check(5)")]
    if found != ["ok"]:
        raise sqlite3.DatabaseError("; ".join(found))
    target.chmod(0o600)
    with target.open("rb+") as file:
        os.fsync(file.fileno())
