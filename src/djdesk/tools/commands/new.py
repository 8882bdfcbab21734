"""``djdesk new NAME``: create a new app."""

from __future__ import annotations

import argparse
from pathlib import Path

from djdesk.tools.problem import ToolProblem


def add_parser(subparsers: argparse._SubParsersAction) -> None:
    parser = subparsers.add_parser(
        "new",
        help="create an app",
        description="Creates a new app: an ordinary Django project with one table, in a git "
        "repository.",
    )
    parser.add_argument("name", help="name of the folder and of the Python package, like my-shelf")
    parser.add_argument(
        "--in", dest="parent", type=Path, metavar="FOLDER", help="where to create it"
    )
    parser.add_argument(
        "--example", default="", metavar="NAME",
        help="start from an example: simulation (long-running jobs, with numpy)",
    )  # fmt: skip
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    import sys

    from djdesk.tools.new import make_app

    try:
        folder = make_app(options.name, (options.parent or Path.cwd()).absolute(), options.example)
    except ToolProblem as problem:
        print(f"djdesk: {problem}", file=sys.stderr)
        return 1
    print(f"Made {folder}\n\nNow:\n  cd {_quoted(options, folder)}\n  djdesk start")
    return 0


def _quoted(options: argparse.Namespace, folder: Path) -> str:
    import shlex

    return shlex.quote(str(folder) if options.parent else options.name)
