"""Find the app for a command: that of the current folder."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from djdesk.app import App, AppError, find, load

from .problem import ToolProblem

Command = Callable[[App, argparse.Namespace], int]


def add_app_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--app", type=Path, metavar="FOLDER", help="the app's folder (default: this one)"
    )


def on_app(command: Command) -> Callable[[argparse.Namespace], int]:
    """Find the app and run the command on it; errors are printed as messages with exit code 1."""

    def run(options: argparse.Namespace) -> int:
        return report_problem(lambda: command(opened(options.app), options))

    return run


def opened(folder: Path | None) -> App:
    return load(find((folder or Path.cwd()).absolute()))


def report_problem(action: Callable[[], int]) -> int:
    try:
        return action()
    except (ToolProblem, AppError) as problem:
        print(f"djdesk: {problem}", file=sys.stderr)
        return 1
