"""``djdesk eject``: copy the shell into the app, for developers who want to change it."""

from __future__ import annotations

import argparse
import shutil

from djdesk import __version__
from djdesk.tools.problem import ToolProblem
from djdesk.tools.project import add_app_option, on_app


def add_parser(subparsers: argparse._SubParsersAction) -> None:
    parser = subparsers.add_parser(
        "eject",
        help="copy the window's sources into the app, to change them",
        description="Copies the window's sources to electron/ in the app's folder; start and "
        "package use them from then on. Later changes to djdesk's own shell do not reach them. "
        "Delete the folder to go back.",
    )
    add_app_option(parser)
    parser.set_defaults(run=on_app(_eject))


def _eject(app, options: argparse.Namespace) -> int:
    from djdesk.tools import plan

    target = app.root / "electron"
    if target.exists():
        raise ToolProblem(f"{target} already exists.", "Move it first. Nothing was changed.")
    shutil.copytree(plan.shell_sources(), target)
    (target / "VERSION").write_text(f"{__version__}\n", encoding="utf-8")
    print(f"Copied the shell of djdesk {__version__} to {target}. To go back, delete that folder.")
    return 0
