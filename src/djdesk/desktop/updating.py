"""Preparing an update while the app runs: ``python -m djdesk.desktop update
begin|stage|rehearse|drop|unpause|guard`` (docs/update-contract.md). rehearsing.py does the
rehearsal, guardian.py the installation.
"""

from __future__ import annotations

import _thread
import argparse
import contextlib
import json
import os
import secrets
import shutil
import signal
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from djdesk import messages
from djdesk.messages import say, without_messages

from .guardian import BEFORE_BACK, BEFORE_DRAIN, DATABASE, Transaction
from .guardian_files import MIB, locked, remove, sync_folder, sync_tree, write_json
from .guardian_journal import Refused, at_dashes, in_words, tell
from .guardian_kinds import KINDS, Bundle, Folder, Installed, OneFile
from .rehearsing import rehearse

HERE = Path(__file__).resolve().parent
ROOM = 200 * MIB  # bytes to keep free beyond what the update needs
RESERVE = 256 * 1024  # bytes for writing the journal when the disk is full
SETTLED = ("confirmed", "rolled_back", "refused", "abandoned")
ENDED = ("", *SETTLED)


def begin(transaction: Transaction, given: argparse.Namespace) -> None:
    """Start a journal for the downloaded file. Raises Refused."""
    if given.to == given.from_:
        raise Refused(say("This is already version {version}.", version=given.to))
    old = transaction.journal
    if given.to in old.get("held", []):
        raise Refused(
            say("Version {version} did not work on this computer.", version=given.to),
            say("Wait for a newer one."),
        )
    if transaction.state in BEFORE_DRAIN and old.get("staged"):
        remove(Path(old["staged"]))
    if command := old.get("guardian"):
        # Whatever the outcome of the last update, no guardian is left in the temporary folder.
        remove_guardian(transaction, Path(command[-1]).parent)
    if transaction.state == "confirmed":
        write_json(transaction.folder / "last.json", old)
    transaction.journal = {
        "format": 1,
        "id": secrets.token_hex(8),
        "product": given.product,
        "from": given.from_,
        "to": given.to,
        "kind": given.kind,
        "target": str(given.target),
        "artefact": {"path": str(given.artefact), "sha512": given.sha512, "size": given.size},
        "program": given.program,
        "start": [],
        "guardian": [],
        "staged": "",
        "previous": "",
        "backup": "",
        "kept": "",
        "boots": 0,
        "reason": "",
        "asked": False,
        "handed_over": False,
        "held": old.get("held", []),
        "paused": bool(old.get("paused")),
        "history": [],
    }
    kind = transaction.kind
    check_artefact(transaction)
    check_place(kind)
    check_room(
        (kind.target.parent, given.unpacked or given.size),
        (transaction.data, 2 * size_of(transaction.data / DATABASE) + ROOM),
    )
    (transaction.folder / "reserve").write_bytes(os.urandom(RESERVE))
    transaction.enter("downloaded")


def check_artefact(transaction: Transaction) -> None:
    """Check the file before each use: it may have been changed since the download."""
    artefact = transaction.journal["artefact"]
    path = Path(artefact["path"])
    if not path.is_file():
        raise Refused(say("The downloaded file {name} no longer exists.", name=path.name))
    if not KINDS["appimage"](transaction.journal).is_new(path):
        raise Refused(
            say("The downloaded file {name} is not the one that was announced.", name=path.name),
            say("Download it again."),
        )


def check_place(kind: OneFile) -> None:
    """Raises Refused if this user cannot replace the target."""
    if not kind.target.exists():
        raise Refused(say("{target} no longer exists.", target=kind.target))
    probe = kind.target.with_name(f".{kind.target.name}.probe")
    try:
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise Refused(
            say(
                "{folder} cannot be written to ({error}), so the app cannot replace itself there.",
                folder=kind.target.parent,
                error=error.strerror,
            ),
            say("Save the new version somewhere else and start it there."),
        ) from error


def check_room(*needs: tuple[Path, int]) -> None:
    """``needs``: pairs of folder and bytes; those on the same disk are added up. Raises Refused."""
    disks: dict[int, tuple[Path, int]] = {}
    for folder, needed in needs:
        device = folder.stat().st_dev
        disks[device] = (folder, disks.get(device, (folder, 0))[1] + needed)
    for folder, needed in disks.values():
        free = shutil.disk_usage(folder).free
        if free < needed:
            raise Refused(
                say(
                    "There is not enough space for the update: {needed} MiB are needed on the "
                    "disk of {folder}, {free} MiB are free.",
                    needed=needed // MIB + 1,
                    folder=folder,
                    free=free // MIB,
                ),
                say("Free some space and try again. Nothing was changed."),
            )


def size_of(path: Path) -> int:
    names = [path, path.with_name(path.name + "-wal")]
    return sum(one.stat().st_size for one in names if one.exists())


def stage(transaction: Transaction, given: argparse.Namespace) -> None:
    """Make a complete copy of the new version beside the target, flushed to disk.
    Raises Refused.
    """
    kind = transaction.kind
    check_artefact(transaction)
    # Journalled first, so that leftovers of a killed run can be found.
    transaction.note(staged=str(kind.new))
    remove(kind.new)
    put_beside(kind, Path(transaction.journal["artefact"]["path"]))
    transaction.note(guardian=put_guardian(transaction))
    transaction.enter("staged")


def put_beside(kind: OneFile, artefact: Path) -> None:
    if isinstance(kind, Bundle):
        unpack_bundle(kind, artefact)
    elif isinstance(kind, Folder) and not isinstance(kind, Installed):
        unpack_archive(kind, artefact)
    else:
        shutil.copyfile(artefact, kind.new)
        kind.new.chmod(0o755)
        with kind.new.open("rb+") as file:
            os.fsync(file.fileno())
        sync_folder(kind.new.parent)


def unpack_archive(kind: Folder, artefact: Path) -> None:
    total = artefact.stat().st_size
    reported = 0
    with artefact.open("rb") as file, tarfile.open(fileobj=file) as archive:
        for member in archive:
            # Strip the archive's top folder, whose name contains the version.
            member.name = member.name.partition("/")[2]
            if member.islnk():
                member.linkname = member.linkname.partition("/")[2]
            if member.name:
                archive.extract(member, kind.new, filter="data")
            if file.tell() - reported > 4 * MIB:
                reported = file.tell()
                tell("progress", done=reported, total=total)
    check_version(kind, kind.new)
    # An empty file of this name keeps the data beside the program (electron/backend/portable.js).
    if (kind.target / "portable").exists():
        (kind.new / "portable").touch()
    sync_tree(kind.new)
    sync_folder(kind.new.parent)


def unpack_bundle(kind: Bundle, artefact: Path) -> None:
    """macOS: unpacked by ditto, which keeps links and signatures."""
    unpacked = kind.new.with_name(f"{kind.new.name}.zip")
    remove(unpacked)
    subprocess.run(["/usr/bin/ditto", "-x", "-k", artefact, unpacked], check=True)
    (bundle,) = unpacked.glob("*.app")
    check_version(kind, bundle)
    team = team_of(kind.target)
    checked = subprocess.run(["/usr/bin/codesign", "--verify", "--deep", "--strict", bundle])
    if team and (checked.returncode or team_of(bundle) != team):
        remove(unpacked)
        raise Refused(say("The new version is not signed by the publisher of this one."))
    bundle.rename(kind.new)
    remove(unpacked)
    sync_tree(kind.new)


def team_of(bundle: Path) -> str:
    """The developer team that signed it; empty if it is not signed by a registered developer."""
    words = ["/usr/bin/codesign", "-dv", "--verbose=2", str(bundle)]
    said = subprocess.run(words, capture_output=True, text=True).stderr
    found = [line for line in said.splitlines() if line.startswith("TeamIdentifier=")]
    team = found[0].partition("=")[2] if found else ""
    return "" if team == "not set" else team


def check_version(kind: Folder, root: Path) -> None:
    about, journal = kind.about(root), kind.journal
    if (about.get("id"), about.get("version")) != (journal["product"], journal["to"]):
        raise Refused(
            say(
                "The download contains {name} {version}, not version {to} of this app.",
                name=about.get("id"),
                version=about.get("version"),
                to=journal["to"],
            )
        )


def put_guardian(transaction: Transaction) -> list[str]:
    """Copy the guardian's files, and this interpreter if it lies inside the app. Returns the
    command that runs it. Raises Refused if no folder allows executables."""
    target = transaction.kind.target
    places = [
        transaction.folder,
        Path(tempfile.gettempdir()) / temporary_name(transaction),
    ]
    for place in places:
        if place.is_relative_to(target):
            continue  # portable data: the folder moves while the guardian runs
        folder = place / "guardian"
        remove(folder)
        folder.mkdir(mode=0o700, parents=True)
        for file in HERE.glob("guardian*.py"):
            shutil.copyfile(file, folder / file.name)
        (folder / "more" / "djdesk").mkdir(parents=True)
        shutil.copyfile(messages.__file__, folder / "more" / "djdesk" / "messages.py")
        python = copy_of_interpreter(folder, target)
        command = [str(python), "-I", "-B", "-X", "utf8", str(folder / "guardian.py")]
        words = [*command, "probe", f"--data-dir={transaction.data}"]
        with contextlib.suppress(OSError, subprocess.SubprocessError):
            if subprocess.run(words, timeout=60, capture_output=True).returncode == 0:
                return command
        remove_guardian(transaction, folder)
    raise Refused(
        say("Programs cannot be run from the data folder or the folder for temporary files."),
        say("Install the new version yourself. Nothing was changed."),
    )


def temporary_name(transaction: Transaction) -> str:
    return f"update-{transaction.journal['id']}"


def copy_of_interpreter(folder: Path, target: Path) -> Path:
    prefix = Path(sys.base_prefix).resolve()
    mounted = Path(os.environ.get("APPDIR") or target)
    if not (prefix.is_relative_to(target.resolve()) or prefix.is_relative_to(mounted.resolve())):
        return Path(sys.executable)
    copy = folder / "python"
    shutil.copytree(
        prefix, copy, symlinks=True, ignore=shutil.ignore_patterns("site-packages", "__pycache__")
    )
    sync_tree(copy)
    return copy / Path(sys.executable).relative_to(sys.prefix)


def forget_guardian(transaction: Transaction) -> None:
    """Delete the copy of the interpreter, which is no longer needed."""
    if command := transaction.journal.get("guardian"):
        transaction.note(guardian=[])
        remove_guardian(transaction, Path(command[-1]).parent)


def remove_guardian(transaction: Transaction, folder: Path) -> None:
    """Delete ``folder``, and its temporary folder if one was created."""
    remove(folder)
    if folder.parent.name == temporary_name(transaction):
        remove(folder.parent)


def guard(transaction: Transaction, given: argparse.Namespace) -> None:
    """Copy the guardian again, to go back to the previous version. Raises Refused."""
    transaction.note(guardian=put_guardian(transaction))


def drop(transaction: Transaction, given: argparse.Namespace) -> None:
    values = {"reason": given.reason, "messages": json.loads(given.messages or "{}")}
    transaction.abandon(without_messages(values)["reason"])
    forget_guardian(transaction)


def unpause(transaction: Transaction, given: argparse.Namespace) -> None:
    transaction.note(paused=False)


# Commands, and the states in which each is allowed.
COMMANDS: dict[str, tuple[Callable[[Transaction, Any], None], tuple[str, ...]]] = {
    "begin": (begin, (*ENDED, *BEFORE_DRAIN)),
    "stage": (stage, ("downloaded",)),
    "rehearse": (rehearse, ("staged",)),
    "drop": (drop, BEFORE_DRAIN),
    "guard": (guard, BEFORE_BACK),
    "unpause": (unpause, (*ENDED, *BEFORE_DRAIN)),
}


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m djdesk.desktop update")
    parser.add_argument("command", choices=sorted(COMMANDS))
    parser.add_argument("--data-dir", type=Path, required=True)
    parser.add_argument("--from", dest="from_", default="")
    parser.add_argument("--kind", choices=sorted(KINDS), default="folder")
    for name in ("--product", "--to", "--program", "--sha512", "--reason", "--messages"):
        parser.add_argument(name, default="")
    for name in ("--target", "--artefact"):
        parser.add_argument(name, type=Path, default=Path())
    for name in ("--size", "--unpacked"):
        parser.add_argument(name, type=int, default=0)
    parser.add_argument("--until-stdin-ends", action="store_true")
    words, start = at_dashes(words)
    given = parser.parse_args(words)
    given.start = start
    if given.until_stdin_ends:
        end_with_stdin()
    run, states = COMMANDS[given.command]
    folder = given.data_dir / "updates"
    with contextlib.ExitStack() as stack:
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not stack.enter_context(locked(folder / "guardian.lock")):
                return 4
        except OSError as error:
            tell("refused", reason=in_words(error), hint="")
            return 3
        transaction = Transaction(given.data_dir)
        foreign = transaction.journal.get("format", 1) != 1  # written by a newer version
        if foreign or transaction.state not in states:
            return 2
        try:
            run(transaction, given)
        except (Refused, OSError, sqlite3.Error, tarfile.TarError, ValueError) as error:
            return refuse(transaction, error)
        except KeyboardInterrupt:  # cancelled; the shell or the next start drops it
            return 3
    return 0


def end_with_stdin() -> None:
    """Cancelled, or the shell is gone: end what is under way and its child processes."""

    def follow() -> None:
        with contextlib.suppress(OSError):
            while os.read(0, 4096):
                pass
        _thread.interrupt_main()

    def end(*_: object) -> None:
        for name in names:  # cleaning up must not be interrupted by a second signal
            signal.signal(name, signal.SIG_IGN)
        raise KeyboardInterrupt

    names = (signal.SIGTERM, signal.SIGINT)
    for name in names:
        signal.signal(name, end)
    threading.Thread(target=follow, daemon=True).start()


def refuse(transaction: Transaction, error: Exception) -> int:
    reason = in_words(error)
    with contextlib.suppress(OSError):
        transaction.abandon(reason, "refused")
        forget_guardian(transaction)
    tell("refused", reason=reason, hint=getattr(error, "hint", ""))
    return 3
