"""The path that a user dropped or named: it may contain a project, or is refused with a reason."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

from djdesk.messages import say
from djdesk.projects.discovery.walk import is_environment

SYSTEM = [
    "/bin",
    "/boot",
    "/dev",
    "/etc",
    "/lib",
    "/lib32",
    "/lib64",
    "/proc",
    "/run",
    "/sbin",
    "/sys",
    "/usr",
    "/var/lib",
    "/var/run",
    "/System",
    "/Library",
    "/Applications",
    "/private/etc",
    "/private/var/db",
]
ARCHIVES = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.xz", ".tar.bz2", ".7z", ".rar", ".whl")


class DiscoveryError(Exception):
    """No project here. ``reason``: a sentence; ``looked_for`` and ``found``: lists of sentences."""

    def __init__(
        self, reason: str, looked_for: list[str] | None = None, found: list[str] | None = None
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.looked_for = looked_for or []
        self.found = found or []


def resolve(path: Path) -> Path:
    """The real path. Raises `DiscoveryError` for what cannot be opened as a project."""
    path = path.expanduser()
    try:
        real = path.resolve(strict=True)
        mode = real.stat().st_mode
    except FileNotFoundError:
        raise DiscoveryError(say("{path} does not exist.", path=path)) from None
    except PermissionError:
        raise DiscoveryError(say("{path} cannot be read: permission denied.", path=path)) from None
    except (OSError, RuntimeError, ValueError) as error:
        raise DiscoveryError(say("{path} cannot be opened: {why}", path=path, why=error)) from None
    if not stat.S_ISDIR(mode) and not stat.S_ISREG(mode):
        raise DiscoveryError(
            say("{path} is neither a folder nor a file (a device, socket or pipe).", path=path)
        )
    if stat.S_ISREG(mode) and real.name.lower().endswith(ARCHIVES):
        raise DiscoveryError(
            say(
                "{name} is an archive. Unpack it, and open the folder that comes out.",
                name=real.name,
            )
        )
    if stat.S_ISREG(mode) and real.suffix not in {".py", ".toml", ".txt", ".cfg", ".lock", ".ini"}:
        raise DiscoveryError(
            say("{name} is a file, not a project folder.", name=real.name),
            [say("A folder that holds a manage.py")],
            [say("A file of {size} bytes", size=real.stat().st_size)],
        )
    if not os.access(real, os.R_OK) or (real.is_dir() and not os.access(real, os.X_OK)):
        raise DiscoveryError(say("{path} cannot be read: permission denied.", path=path))
    return real


def refuse(folder: Path) -> None:
    """Raise `DiscoveryError` for places that contain no project, or far too many."""
    if folder == Path(folder.anchor):
        raise DiscoveryError(say("This is the whole disk. Choose the project's own folder."))
    text = str(folder)
    if sys.platform == "win32":
        windows = os.environ.get("SYSTEMROOT", r"C:\Windows")
        protected = [windows, os.environ.get("PROGRAMFILES", r"C:\Program Files")]
        if any(folder.is_relative_to(place) for place in protected if place):
            raise DiscoveryError(
                say("{path} belongs to the system. Choose the project's own folder.", path=text)
            )
    elif (
        text in SYSTEM
        or any(
            text.startswith(f"{place}/")
            for place in SYSTEM
            if place not in {"/usr", "/Applications"}
        )
        or (
            text.startswith("/usr/")
            and not text.startswith(("/usr/local/", "/usr/src/", "/usr/home/"))
        )
    ):
        raise DiscoveryError(
            say("{path} belongs to the system. Choose the project's own folder.", path=text)
        )
    home = home_folder()
    crowded = home is not None and (folder == home or home.is_relative_to(folder))
    if crowded and not (folder == home and (folder / "manage.py").is_file()):
        raise DiscoveryError(
            say("This folder contains all your files. Choose the project's own folder."),
            [say("A manage.py directly in it")],
            [],
        )
    if is_environment(folder):
        raise DiscoveryError(
            say("This is a virtual environment, not a project. Choose the folder of your code.")
        )


def home_folder() -> Path | None:
    """None if it is unknown."""
    try:
        return Path.home().resolve()
    except (OSError, RuntimeError):
        return None
