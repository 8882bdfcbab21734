"""``djdesk data``: backups, database checks, and export and import of all of an app's data."""

from __future__ import annotations

import argparse
import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from djdesk.app import program
from djdesk.messages import say
from djdesk.transfer.problem import TransferProblem

from .. import backups, data_startup
from ..database import FILE_NAME
from ..launch import LaunchFailure
from ..lock import SERVER_LOCK, WORKER_LOCK, FileLock
from . import transfer
from .common import EXIT_FAILED, EXIT_NOT_FOUND, add_common, complain, data_dir, output

EPILOG = "exit codes: 0 done; 1 it failed, and the message says why; 2 usage; 3 no such backup"


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "data",
        help="back up the app's data, or move it to or from a server",
        description="List, make, restore and delete backups, check the database, and move "
        "everything of the app to a server or back.",
        epilog=EPILOG,
    )
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    for name, action, words, named in (
        ("where", where, "print the data folder", False),
        ("list", listing, "list the backups, the latest first", False),
        ("backup", backup, "make a backup; the app may be running", False),
        ("check", check, "check the database and every backup", False),
        ("restore", restore, "replace the data with a backup; the app must be closed", True),
        ("delete", delete, "delete a backup", True),
    ):
        sub = actions.add_parser(name, help=words, description=words, epilog=EPILOG)
        if named:
            sub.add_argument("name", help="a name from `data list`")
        add_common(sub)
        sub.set_defaults(run=run, action_function=action)
    for name, action, words in (
        ("export", transfer.export, "write everything of the app to one file"),
        ("import", import_, "read such a file into an empty app, which must be closed"),
    ):
        sub = actions.add_parser(name, help=words, description=words, epilog=EPILOG)
        transfer.add_options(sub)
        add_common(sub)
        sub.set_defaults(run=run, action_function=action)


def run(arguments: argparse.Namespace) -> int:
    folder = data_dir(arguments)
    if not folder.is_dir() and arguments.action_function not in (where, import_):
        complain(f"There is no data folder {folder}.", "Name another one with --data-dir.")
        return EXIT_FAILED
    try:
        return arguments.action_function(arguments, folder)
    except (LaunchFailure, TransferProblem) as failure:
        complain(failure.reason, failure.hint)
        return EXIT_FAILED
    except LookupError as error:
        complain(str(error.args[0]), f"`{program()} data list` prints their names.")
        return EXIT_NOT_FOUND


def where(arguments: argparse.Namespace, folder: Path) -> int:
    output(arguments, {"data_dir": str(folder)}, str(folder))
    return 0


def listing(arguments: argparse.Namespace, folder: Path) -> int:
    found = backups.listed(folder)
    lines = [
        f"{b.name}  {b.created:%Y-%m-%d %H:%M} UTC  {b.size / 2**20:.1f} MiB  "
        f"version {b.version}, {b.reason}"
        for b in found
    ]
    output(arguments, [b.as_dict() for b in found], "\n".join(lines) or "There are no backups yet.")
    return 0


def backup(arguments: argparse.Namespace, folder: Path) -> int:
    _need_database(folder)
    version = data_startup.remembered(folder).version or data_startup.app_version()
    made = backups.make(folder, "manual", version)
    output(arguments, made.as_dict(), f"Made and checked {made.path}")
    return 0


def restore(arguments: argparse.Namespace, folder: Path) -> int:
    backups.find(folder, arguments.name)
    with _app_is_closed(folder):
        kept = data_startup.restore_now(folder, arguments.name)
        memory = data_startup.remembered(folder)
        memory.unfinished = memory.restore = ""
        data_startup.remember(folder, memory)
    text = f"Restored {arguments.name}."
    if kept:
        text += f" The previous data is kept as {kept}."
    output(arguments, {"restored": arguments.name, "kept": str(kept) if kept else None}, text)
    return 0


def import_(arguments: argparse.Namespace, folder: Path) -> int:
    return transfer.read(arguments, folder, _app_is_closed)


def delete(arguments: argparse.Namespace, folder: Path) -> int:
    backups.delete(folder, arguments.name)
    output(arguments, {"deleted": arguments.name}, f"Deleted {arguments.name}.")
    return 0


def check(arguments: argparse.Namespace, folder: Path) -> int:
    _need_database(folder)
    results = {}
    for path in (folder / FILE_NAME, *(b.path for b in backups.listed(folder))):
        try:
            backups.verify(path)
            results[path.name] = "ok"
        except sqlite3.Error as error:
            results[path.name] = str(error)
    output(arguments, results, "\n".join(f"{name}: {result}" for name, result in results.items()))
    return 0 if set(results.values()) == {"ok"} else EXIT_FAILED


def _need_database(folder: Path) -> None:
    if not (folder / FILE_NAME).is_file():
        raise LaunchFailure(
            "data_dir_unwritable",
            say("There is no database in {folder} yet.", folder=folder),
            say("Start the app once, or choose another folder with --data-dir."),
        )


@contextlib.contextmanager
def _app_is_closed(folder: Path) -> Iterator[None]:
    """Hold all locks, so that the app cannot start in the meantime."""
    others = sorted(path.name for path in folder.glob("process-*.lock"))
    locks = [FileLock(folder / name) for name in (SERVER_LOCK, WORKER_LOCK, *others)]
    try:
        for lock in locks:
            if not lock.acquire(timeout=1.0):
                raise LaunchFailure(
                    "already_running",
                    say("The app is running with this data."),
                    say("Close it and try again, or restore in the app: Help, Data and Backups."),
                )
        yield
    finally:
        for lock in locks:
            lock.release()
