"""``celery -A shop worker`` as a process of the app: Celery's own command line with the desktop
settings, which configure a broker in the data folder (TASK2)."""

from __future__ import annotations

import os
import sys

from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Runs Celery's program with the settings of the app, such as: celery -A shop worker"
    requires_system_checks = ()  # Celery runs its own checks

    def run_from_argv(self, argv: list[str]) -> None:
        """All arguments are passed to Celery unparsed."""
        try:
            self.run(argv[2:])
        except CommandError as error:
            self.stderr.write(str(error))
            sys.exit(1)

    def handle(self, *args: str, **options: object) -> None:
        self.run(list(args))

    def run(self, arguments: list[str]) -> None:
        try:
            from celery.bin.celery import main
        except ImportError as error:
            raise CommandError(f"Celery is not installed: {error}") from error
        # Celery prefers these to the settings, and they name some other broker.
        for name in ("CELERY_BROKER_URL", "CELERY_RESULT_BACKEND"):
            os.environ.pop(name, None)
        sys.argv = ["celery", *arguments]
        sys.exit(main())
