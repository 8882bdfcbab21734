"""``djdesk init``: turn an existing Django project into a desktop app."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_parser(subparsers: argparse._SubParsersAction) -> None:
    parser = subparsers.add_parser(
        "init",
        help="turn an existing Django project into a desktop app",
        description="Reads a Django project, writes the table [tool.djdesk] for it, and reports "
        "each decision with its reason. With --out, the project is not changed.",
    )
    parser.add_argument("path", nargs="?", type=Path, default=Path(), metavar="PATH")
    parser.add_argument(
        "--out", type=Path, metavar="DIR",
        help="write a small project there that refers to this one, with its own environment",
    )  # fmt: skip
    parser.add_argument("--settings", metavar="MODULE", help="the settings module to use")
    parser.add_argument("--manage", metavar="FILE", help="which manage.py, if there are several")
    parser.add_argument(
        "--env-file", type=Path, metavar="FILE", help="variables for the settings, as in .env"
    )
    parser.add_argument("--python", metavar="VERSION", help="Python of the app, such as 3.13")
    parser.add_argument(
        "--report-only",
        action="store_true",
        help="write nothing and run none of the project's code",
    )
    parser.add_argument("--format", choices=["text", "json"], default="text")
    parser.add_argument("--yes", action="store_true", help="do not ask; use every default")
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    from djdesk.tools.init.run import Options, run
    from djdesk.tools.project import report_problem

    return report_problem(
        lambda: run(
            Options(
                path=options.path.absolute(),
                settings=options.settings,
                manage=options.manage,
                env_file=options.env_file,
                python=options.python,
                out=options.out,
                report_only=options.report_only,
                json=options.format == "json",
                yes=options.yes,
            )
        )
    )
