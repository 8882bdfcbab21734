"""The data folder: where all user data are kept, and who may read them."""

from __future__ import annotations

import errno
import os
import secrets
import time
from pathlib import Path

from djdesk.app import App
from djdesk.app import current as current_app
from djdesk.messages import say

from . import launch, ownfiles
from .launch import LaunchFailure

SUBFOLDERS = ("backups", "exports", "logs", "media", "uploads")


def chosen(app: App) -> Path:
    """The folder from the launch config, else from ``DJDESK_DATA_DIR``, else the app's default."""
    if config := launch.current():
        return config.data_dir
    if named := os.environ.get("DJDESK_DATA_DIR"):
        return Path(named).absolute()
    return default(app)


def default(app: App | None = None) -> Path:
    """The default data folder; must match the shell's (electron/backend/data-dir.js).

    Without ``app``, that of this process (djdesk.app.current; raises AppError if there is none).
    """
    from platformdirs import user_data_path

    app = app or current_app()
    named = app.name if os.name == "nt" or _is_mac() else app.slug
    return user_data_path(named, appauthor=False)


def ensure(folder: Path) -> Path:
    """Create the folder and its subfolders for this user only, and check that they are writable.

    Raises LaunchFailure ``data_dir_unwritable`` or ``disk_full``.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name in SUBFOLDERS:
            (folder / name).mkdir(mode=0o700, exist_ok=True)
        # mkdir and access() are unreliable on some mounts; only a real write is proof.
        probe = folder / f".write-{os.getpid()}-{secrets.token_hex(4)}"
        try:
            probe.write_bytes(b"\0" * 4096)
        finally:
            probe.unlink(missing_ok=True)
    except OSError as error:
        raise os_failure(error, folder) from error
    return folder


def os_failure(error: OSError, folder: Path) -> LaunchFailure:
    """Describe an OSError about the data folder."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return LaunchFailure(
            "disk_full",
            say("There is no space left for the data folder {folder}.", folder=folder),
            say("Free some space on that disk and start again. Nothing was lost."),
            str(error),
        )
    why = {
        errno.EROFS: say("it is on a read-only disk"),
        errno.EACCES: say("this user may not write there"),
        errno.EPERM: say("this user may not write there"),
        errno.ENOTDIR: say("a part of the path is a file"),
        errno.EEXIST: say("a file has that name"),
    }.get(error.errno or 0, (error.strerror or str(error)).lower())
    return LaunchFailure(
        "data_dir_unwritable",
        say("The data folder {folder} is not writable: {why_text}.", folder=folder, why_text=why),
        say("Give this user the right to write there, or choose another folder with --data-dir."),
        str(error),
    )


def secret_key(folder: Path) -> str:
    """The installation's secret key, created at the first start and readable by this user only."""
    path = folder / "secret.key"
    try:
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return _read_key(path)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            key = secrets.token_urlsafe(48)
            file.write(key)
        return key
    except OSError as error:
        raise os_failure(error, folder) from error


def _read_key(path: Path) -> str:
    # Server and worker may start together: the one that loses the race waits for the other's write.
    for _ in range(100):
        try:
            key = ownfiles.read_bytes(path).decode("ascii", "replace").strip()
        except ValueError:
            break
        except OSError:
            if path.is_file():
                raise
            break
        if len(key) >= 50:
            return key
        time.sleep(0.01)
    # A crash between create and write leaves an empty file, and a damaged folder may hold anything.
    # The key only signs cookies of one launch, so a new one loses nothing.
    path.unlink(missing_ok=True)
    return secret_key(path.parent)


def _is_mac() -> bool:
    import sys

    return sys.platform == "darwin"
