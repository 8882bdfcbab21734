"""Runs the live child in a sandbox of the operating system, if one works.

The guard inside the child catches accidents, but code can bypass it on purpose. A sandbox cannot be
bypassed from inside. It is tested once per process. If none works, only the guard protects the
project, and pages say so before a folder is trusted. If the sandbox worked then but does not start
now, the child is not run without it unless the user agrees (``containment.py``).
"""

from __future__ import annotations

import functools
import os
import stat
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from platformdirs import user_data_path

from djdesk.messages import say

SYSTEM = ("/usr/bin", "/bin", "/usr/local/bin", "/run/current-system/sw/bin")
# Folders in the home directory that hold keys; no project needs them.
PRIVATE = (
    ".ssh",
    ".gnupg",
    ".aws",
    ".azure",
    ".kube",
    ".docker",
    ".config/gcloud",
    ".netrc",
    ".pypirc",
    "Library/Keychains",  # macOS
)
TRY = 5.0  # seconds
# Data folders of this app in addition to the usual ones; set when the app starts.
own_data: list[Path] = []
SANDBOXES = ("bubblewrap", "Landlock", "sandbox-exec")
LANDLOCK_PROGRAM = Path(__file__).with_name("landlock.py")

NET_NOTE = say(
    "The guard runs inside the process. It catches accidents, but code can bypass it on purpose."
)
NO_SANDBOX = say("No sandbox of the operating system works on this computer.")
NO_BWRAP = say("For a full sandbox, install bubblewrap (the package of that name).")
BROKEN_BWRAP = say("bubblewrap is installed, but this system does not let it make namespaces.")
LANDLOCK = say(
    "The kernel (Landlock) lets the project write only into a scratch folder, reach no network and "
    "no other program, and read neither your keys nor the data and the memory of this app. It can "
    "still see the names of all files, and change modes and dates of yours."
)
SIGNALS = say("On this kernel, older than 6.12, it can also end your other programs.")
OPEN_LANDLOCK = say(
    "The system refuses writes as before, but neither the network nor other programs, which cannot "
    "be opened for one server only. The guard lets through the connection to this database and no "
    "other; code that wants to can go around it."
)
OPEN_NOTE = say(
    "The system refuses writes as before, but not the network, which cannot be opened for one "
    "server only. The guard lets through the connection to this database and no other; code that "
    "wants to can go around it."
)
WINDOWS = say(
    "A job object ends whatever the project starts and limits its memory. It does not refuse "
    "writes or the network: that is left to the guard, and to a private copy."
)


@dataclass(frozen=True)
class Sandbox:
    """``program``: absolute path of bwrap or sandbox-exec, or for Landlock our own ``landlock.py``,
    which the child's subreaper imports. None if there is only the guard.
    """

    level: str = "guard"
    program: str | None = None
    notes: list[str] = field(default_factory=list)
    network: bool = False

    def wrap(
        self,
        argv: Sequence[str],
        *,
        cwd: Path,
        writable: Sequence[Path],
        needed: Sequence[Path],
        status: int | None = None,
    ) -> list[str]:
        """Wrap the command in the sandbox.

        ``needed``: what must stay readable even inside a hidden folder. ``status``: descriptor to
        which bubblewrap reports.
        """
        if self.program is None or name_of(self) == "Landlock":
            return list(argv)
        if name_of(self) == "bubblewrap":
            words = bubblewrap(cwd, writable, needed, network=self.network)
            told = [] if status is None else ["--json-status-fd", str(status)]
            return [self.program, *told, *words, "--", *argv]
        return [self.program, "-p", seatbelt(writable, needed, network=self.network), *argv]


def bubblewrap(
    cwd: Path, writable: Sequence[Path], needed: Sequence[Path], *, network: bool = False
) -> list[str]:
    """Everything readable, the given folders writable, no network, no other process visible."""
    words = ["--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"]
    # Writable folders are mounted later, so they may lie inside a hidden folder.
    for place in hidden([one for one in needed if one not in writable]):
        if place.is_dir():
            words += ["--tmpfs", str(place)]
        else:
            words += ["--ro-bind", "/dev/null", str(place)]
    for folder in writable:
        words += ["--bind", str(folder), str(folder)]
    # A network namespace cannot open access to one server only: it is all or nothing.
    words += [] if network else ["--unshare-net"]
    words += ["--unshare-pid", "--unshare-ipc", "--unshare-uts"]
    # The kernel kills everything inside when bwrap or the inspector dies.
    return [*words, "--die-with-parent", "--chdir", str(cwd)]


def hidden(needed: Sequence[Path]) -> list[Path]:
    """The user's keys, this app's data, and sockets that a network namespace does not block."""
    home = Path.home()
    places = [home / name for name in PRIVATE]
    # macOS looks up folders case-insensitively, but its sandbox compares the real name.
    places += [user_data_path(name, appauthor=False) for name in ("djdesk", "DJDesk")]
    places += own_data
    places += [
        Path("/run/docker.sock"),
        Path("/run/podman/podman.sock"),
        Path(f"/run/user/{_uid()}"),
    ]
    found = []
    for place in places:
        try:
            real = place.resolve(strict=True)
            kind = real.stat().st_mode
        except (OSError, RuntimeError):
            continue
        if any(one.is_relative_to(real) for one in needed):
            continue
        if stat.S_ISDIR(kind) or stat.S_ISREG(kind) or stat.S_ISSOCK(kind):
            found.append(real)
    return found


def _uid() -> int:
    if sys.platform == "win32":
        return 0
    return os.getuid()


def seatbelt(
    writable: Sequence[Path], needed: Sequence[Path] = (), *, network: bool = False
) -> str:
    """A profile for macOS' sandbox-exec: no network, writes only to the given folders, and the same
    hidden places as with bubblewrap. The last matching rule wins.
    """
    allowed = "".join(f' (subpath "{_escaped(folder)}")' for folder in writable)
    secret = "".join(
        f' ({"subpath" if place.is_dir() else "literal"} "{_escaped(place)}")'
        for place in hidden(needed)
    )
    return (
        f"(version 1)(allow default){'' if network else '(deny network*)'}(deny file-write*)"
        f'(allow file-write*{allowed} (literal "/dev/null") (literal "/dev/dtracehelper"))'
        + (f"(deny file-read* file-write*{secret})" if secret else "")
    )


def _escaped(folder: Path) -> str:
    return str(folder).replace("\\", "\\\\").replace('"', '\\"')


@functools.cache
def detect() -> Sandbox:
    """The strongest sandbox that works here, found by testing each once."""
    if sys.platform == "win32":
        return Sandbox("guard + job object", notes=[NET_NOTE, WINDOWS])
    if sys.platform == "darwin":
        program = _program("sandbox-exec")
        if program and _works([program, "-p", seatbelt([]), "/usr/bin/true"]):
            return Sandbox(
                "guard + sandbox-exec",
                program,
                [say("The system refuses the network, and writes outside a scratch folder.")],
            )
        return Sandbox(notes=[NET_NOTE, say("sandbox-exec does not work on this system.")])
    program = _program("bwrap")
    words = ["--json-status-fd", "2", *bubblewrap(Path("/"), [], [])]
    if program and _works([program, *words, "--", "/bin/sh", "-c", "exit 0"]):
        note = say(
            "The kernel shows the project a read-only system without a network; only a scratch "
            "folder can be written."
        )
        return Sandbox("guard + bubblewrap", program, [note])
    return landlock() or Sandbox(notes=[NET_NOTE, BROKEN_BWRAP if program else NO_BWRAP])


def landlock() -> Sandbox | None:
    """The Landlock sandbox, which needs no program, if the kernel supports it."""
    if sys.platform == "linux" and _works([sys.executable, "-I", "-S", str(LANDLOCK_PROGRAM)]):
        from inspector.run.landlock import version

        notes = [LANDLOCK, *([SIGNALS] if version() < 6 else [])]
        return Sandbox("guard + Landlock", str(LANDLOCK_PROGRAM), notes)
    return None


def notes_before_trust() -> list[str]:
    """What protects the user besides the guard, as sentences to show before trusting a project."""
    found = detect()
    notes = [note for note in found.notes if note != NET_NOTE]
    return notes if found.program else [NO_SANDBOX, *notes]


def with_network(sandbox: Sandbox) -> Sandbox:
    """The same sandbox with network access, for a database server that the user wants asked."""
    if sandbox.program is None:
        return replace(sandbox, network=True)
    level = say("{name}, with the network", name=sandbox.level)
    note = OPEN_LANDLOCK if name_of(sandbox) == "Landlock" else OPEN_NOTE
    return Sandbox(level, sandbox.program, [note], network=True)


def without(sandbox: Sandbox) -> Sandbox:
    """No sandbox, only the guard, because the user agreed to it for this run."""
    if sandbox.program is None:
        return sandbox
    note = say("You chose to run it this once without {name}.", name=name_of(sandbox))
    return Sandbox(notes=[NET_NOTE, note], network=sandbox.network)


def name_of(sandbox: Sandbox) -> str:
    """Name of the sandbox; empty if there is only the guard."""
    return next((one for one in SANDBOXES if sandbox.program and one in sandbox.level), "")


def _program(name: str) -> str | None:
    """Look in system folders only: PATH may contain a folder that other users can write."""
    return next((f"{one}/{name}" for one in SYSTEM if os.access(f"{one}/{name}", os.X_OK)), None)


def _works(argv: list[str]) -> bool:
    try:
        done = subprocess.run(
            argv,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=TRY,
            env={"PATH": "/usr/bin:/bin"},
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
