"""``data export FILE`` and ``data import FILE``: move all of the app's data to and from
a desktop.
"""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from djdesk.transfer.problem import TransferProblem
from djdesk.transfer.read import Imported, import_from
from djdesk.transfer.write import Exported, export_to


class Command(BaseCommand):
    help = "Write all of the app's data to one file, or read such a file into an empty app."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=("export", "import"))
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--without-files", action="store_true", help="rows only")

    def handle(self, *, action: str, file: Path, without_files: bool, **options: Any) -> None:
        made: Exported | Imported
        try:
            if action == "export":
                made = export_to(file, self.stderr.write, with_files=not without_files)
            else:
                made = import_from(file, self.stderr.write, _migrate, with_files=not without_files)
        except TransferProblem as problem:
            raise CommandError(" ".join(filter(None, (problem.reason, problem.hint)))) from problem
        self.stdout.write(json.dumps(made))


def _migrate(alias: str) -> None:
    call_command("migrate", database=alias, interactive=False, verbosity=0)
