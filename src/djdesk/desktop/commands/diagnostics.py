"""``djdesk diagnostics``: write a zip for a bug report; works when the app does not start."""

from __future__ import annotations

import argparse
from pathlib import Path

from ..diagnostics import collect, file_name
from .common import EXIT_FAILED, add_common, complain, data_dir, output


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "diagnostics",
        help="write one zip with logs and versions, without secrets",
        description="Write a zip for a bug report; works if the app does not.",
        epilog="exit codes: 0 written; 1 could not be written; 2 usage",
    )
    add_common(parser)
    parser.add_argument("--output", type=Path, help="file to write (default: in this folder)")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    target = (arguments.output or Path(file_name())).expanduser().absolute()
    try:
        target.write_bytes(collect(data_dir(arguments)))
    except OSError as error:
        complain(f"{target} could not be written: {error}", "Choose another place with --output.")
        return EXIT_FAILED
    output(arguments, {"file": str(target)}, f"Written: {target}\nRead it before you send it.")
    return 0
