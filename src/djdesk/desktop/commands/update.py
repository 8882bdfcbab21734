"""``djdesk update``: install an update from a folder, without a network, and report the result."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

from djdesk import app

from .. import ownfiles
from .common import EXIT_FAILED, EXIT_NOT_FOUND, add_common, complain, data_dir, output

EPILOG = "exit codes: 0 done; 1 it failed, and the message says why; 2 usage; 3 no update there"


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "update",
        help="install an update from a folder",
        description="Install an update from a folder or a USB stick, or show the last result.",
        epilog=EPILOG,
    )
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    words = "install the update in a folder that holds the publisher's files"
    sub = actions.add_parser("install", help=words, description=words, epilog=EPILOG)
    sub.add_argument("--from", dest="folder", type=Path, required=True, metavar="DIR")
    add_common(sub)
    sub.set_defaults(run=install)
    words = "say how the last update went"
    sub = actions.add_parser("status", help=words, description=words, epilog=EPILOG)
    add_common(sub)
    sub.set_defaults(run=status)


def install(arguments: argparse.Namespace) -> int:
    """The shell installs it, because it checks signatures and confirms that the update works."""
    folder = arguments.folder.expanduser().absolute()
    if not folder.is_dir():
        complain(f"There is no folder {folder}.", "Name the one that holds the update's files.")
        return EXIT_NOT_FOUND
    if not any(folder.glob("*.yml.sig")):
        complain(
            f"There is no signed announcement of an update in {folder}.",
            "Copy all of the publisher's files there, the .yml and .sig files too.",
        )
        return EXIT_NOT_FOUND
    window = program()
    if window is None:
        complain(
            "This copy runs from its sources. Only an installed app can be updated.",
            "Build and install it with `djdesk package`.",
        )
        return EXIT_FAILED
    words = [str(window), f"--update-folder={folder}"]
    if arguments.data_dir:
        words.append(f"--data-dir={data_dir(arguments)}")
    quiet = subprocess.DEVNULL
    subprocess.Popen(words, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True)
    output(
        arguments,
        {"program": str(window), "folder": str(folder)},
        "The app's window checks the update and installs it. Its page “Updates” shows how it goes.",
    )
    return 0


def program() -> Path | None:
    """The executable of the installed app; None in development."""
    if os.environ.get("APPIMAGE") and app.packaged():
        return Path(os.environ["APPIMAGE"])
    packaged = app.packaged()
    if packaged is None:
        return None
    about, resources = app.load(packaged), packaged.parent.parent
    if sys.platform == "darwin":
        return resources.parent / "MacOS" / about.name
    name = f"{about.name}.exe" if sys.platform == "win32" else f"{about.slug}-app"
    return resources.parent / name


def status(arguments: argparse.Namespace) -> int:
    try:
        journal = ownfiles.read_json(data_dir(arguments) / "updates" / "update.json")
        found = {key: journal[key] for key in ("from", "to", "state", "reason")}
    except (OSError, ValueError, KeyError, TypeError):
        output(arguments, None, "There was no update yet.")
        return 0
    reason = f"\n{found['reason']}" if found["reason"] else ""
    output(arguments, found, f"{found['from']} → {found['to']}: {found['state']}{reason}")
    return 0
