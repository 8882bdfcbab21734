"""``djdesk data export FILE`` and ``import FILE``: move all of the app's data to and
from a server.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from djdesk import app
from djdesk.transfer.problem import TransferProblem

from .. import data_startup, datadir
from .common import output

Closed = Callable[[Path], AbstractContextManager[None]]


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="such as shelf.export")
    parser.add_argument("--without-files", action="store_true", help="rows only")


def export(arguments: argparse.Namespace, folder: Path) -> int:
    """Works while the app is running."""
    _django(folder)
    from djdesk.transfer.write import export_to

    made = export_to(arguments.file, _progress, with_files=not arguments.without_files)
    for member in made["missing"]:
        _progress(f"{member} was deleted meanwhile, and is not in the file.")
    text = (
        f"Exported {made['rows']} rows and {made['files']} files to {arguments.file} "
        f"({made['size'] / 2**20:.1f} MiB). Whoever has this file can read all of it."
    )
    output(arguments, made, text)
    return 0


def read(arguments: argparse.Namespace, folder: Path, closed: Closed) -> int:
    _named(arguments.file)
    datadir.ensure(folder)
    with closed(folder):
        _django(folder)
        from djdesk.transfer.read import import_from

        read = import_from(
            arguments.file, _progress, _prepare, with_files=not arguments.without_files
        )
        memory = data_startup.remembered(folder)
        memory.version = data_startup.app_version()
        data_startup.remember(folder, memory)
    text = f"Imported {read['rows']} rows and {read['files']} files into {folder}."
    output(arguments, read, text)
    return 0


def _named(file: Path) -> None:
    if not file.is_file():
        raise TransferProblem(f"There is no file {file}.", "Name an export of this app.")


def _django(folder: Path) -> None:
    """Set Django up on this folder as the app's own processes do."""
    here = app.current()
    os.environ["DJANGO_SETTINGS_MODULE"] = "djdesk.overlay.settings"
    os.environ["DJDESK_DATA_DIR"] = str(folder)
    sys.path[:0] = [str(one) for one in here.import_folders]
    from .. import loading

    loading.set_up()


def _prepare(alias: str) -> None:
    """Migrate a new data folder as the app's first start does."""
    from django.core.management import call_command

    from .. import schema

    if alias == "default":
        # Django's own output is not part of this command's.
        with contextlib.redirect_stdout(io.StringIO()):
            schema.bring_up_to_date(lambda *_: None)
    else:
        call_command("migrate", database=alias, interactive=False, verbosity=0)


def _progress(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
