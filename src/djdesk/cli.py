"""``djdesk …``, or the command of an installed app: a list of commands that other packages extend.

This package knows no command by name. An installed package, or the current app, adds one through
the entry-point group ``djdesk.commands``: the entry point names a function that takes the
sub-parsers and adds its own, with ``set_defaults(run=…)``; ``run(arguments)`` returns the exit
code. Commands whose packages are missing are left out without an error.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib.metadata import EntryPoint, PackageNotFoundError, entry_points, version

from djdesk import app
from djdesk.desktop.commands.common import complain
from djdesk.desktop.launch import LaunchFailure

GROUP = "djdesk.commands"


def build_parser(commands: Sequence[EntryPoint] | None = None) -> argparse.ArgumentParser:
    """The parser with every command that can be loaded."""
    folder, program = app.packaged(), app.program()
    name = app.load(folder).name if folder else "DJDesk"
    parser = argparse.ArgumentParser(prog=program, description=f"{name} from the command line.")
    number = app.load(folder).version if folder else _version()
    parser.add_argument("--version", action="version", version=f"{program} {number}")
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND")
    for command in commands if commands is not None else _installed():
        try:
            add = command.load()
        except (ImportError, AttributeError) as error:
            print(f"{program}: the command {command.name} is left out: {error}", file=sys.stderr)
            continue
        add(subparsers)
    return parser


def _installed() -> list[EntryPoint]:
    unique = {point.name: point for point in [*entry_points(group=GROUP), *_of_the_app()]}
    return [unique[name] for name in sorted(unique)]


def _of_the_app() -> list[EntryPoint]:
    """The current app's commands from its pyproject.toml: a project need not be installed."""
    try:
        here = app.current()
    except app.AppError:
        return []
    if here.commands and str(here.root) not in sys.path:
        sys.path.append(str(here.root))
    return [EntryPoint(name, value, GROUP) for name, value in here.commands.items()]


def _version() -> str:
    try:
        return version("djdesk")
    except PackageNotFoundError:
        return "(not installed)"


def main(argv: Sequence[str] | None = None) -> int:
    parser = build_parser()
    arguments = parser.parse_args(argv)
    if not hasattr(arguments, "run"):
        parser.print_help(sys.stderr)
        return 2
    try:
        code: int = arguments.run(arguments)
    except app.AppError as error:
        # No data folder can be chosen: there is no app here, or its table is invalid.
        print(f"{parser.prog}: {error if error.line else error.reason}", file=sys.stderr)
        return 1
    except LaunchFailure as failure:
        # Another app's data, or settings that cannot be loaded.
        complain(failure.reason, failure.hint, failure.detail)
        return 1
    return code


if __name__ == "__main__":
    raise SystemExit(main())
