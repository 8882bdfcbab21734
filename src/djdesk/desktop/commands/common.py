"""Helpers shared by the commands that work on a data folder."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any

from djdesk import app
from djdesk.messages import with_messages

from .. import data_owner, datadir

EXIT_FAILED = 1
EXIT_NOT_FOUND = 3


def add_common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--data-dir",
        type=Path,
        help="the data folder (default: this user's)",
    )
    parser.add_argument("--format", choices=("text", "json"), default="text")


def data_dir(arguments: argparse.Namespace) -> Path:
    """The absolute path of the chosen data folder, which is not created if missing.

    Raises LaunchFailure ``other_app`` for another app's data. Outside any project no app can be
    compared, so a folder named explicitly is accepted.
    """
    named = arguments.data_dir or os.environ.get("DJDESK_DATA_DIR")
    folder = Path(named).expanduser().absolute() if named else datadir.default()
    try:
        here = app.current()
    except app.AppError:
        return folder
    data_owner.check(folder, here)
    return folder


def output(arguments: argparse.Namespace, value: Any, text: str) -> None:
    print(json.dumps(value, indent=2) if arguments.format == "json" else text)


def complain(reason: str, hint: str = "", detail: str = "") -> None:
    """Report an error on stderr: text for people, or with ``DJDESK_ERRORS=json`` one line for the
    shell, which translates it."""
    if os.environ.get("DJDESK_ERRORS") == "json":
        event = {"event": "failed", "reason": reason, "hint": hint}
        print(json.dumps(with_messages(event)), file=sys.stderr)
    else:
        lines = filter(None, (reason, hint, detail))
        print(f"{app.program()}: " + "\n".join(lines), file=sys.stderr)
