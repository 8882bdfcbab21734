"""``djdesk manage …``: manage.py with the desktop settings and the desktop's data."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from djdesk.tools.project import on_app


def add_parser(subparsers: argparse._SubParsersAction) -> None:
    parser = subparsers.add_parser(
        "manage",
        help="run manage.py with the desktop settings, on the desktop's data",
        description="Runs manage.py with the desktop settings, on the data of the desktop app.",
        add_help=False,
    )
    parser.add_argument("--data-dir", type=Path, metavar="DIR", help="the data to work on")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, metavar="…")
    parser.set_defaults(run=on_app(_manage), app=None)


def _manage(app, options: argparse.Namespace) -> int:
    from djdesk.desktop import data_owner, datadir
    from djdesk.tools.desktop import environment

    named = os.environ.get("DJDESK_DATA_DIR")
    data_dir = options.data_dir or (Path(named) if named else datadir.default(app))
    data_owner.check(data_dir.absolute(), app)
    os.environ.update(environment(app, "development", data_dir.absolute()))
    print(f"Data: {data_dir.absolute()}", file=sys.stderr, flush=True)
    if app.given_project:
        # Projects use paths relative to their manage.py.
        os.chdir(app.project)
    sys.path[:0] = [str(folder) for folder in app.import_folders]
    from django.core.management import ManagementUtility

    from djdesk.desktop import loading

    loading.set_up()
    ManagementUtility(["djdesk manage", *options.arguments]).execute()
    return 0
