"""A command that runs until stopped, in one of the ways that commands have."""

import signal
import threading
import time

from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Counts until it is stopped."

    def add_arguments(self, parser):
        parser.add_argument("--how", default="plain")

    def handle(self, *args, how, **options):
        asked = threading.Event()
        if how == "handler":
            # Before the line that tests wait for: they end it then.
            signal.signal(signal.SIGINT, lambda number, frame: asked.set())
        self.stdout.write(f"counting, {how}")
        if how == "fails":
            raise CommandError("no broker here")
        if how == "raise":
            raise ValueError("counted too far")
        if how == "handler":
            asked.wait()
            self.stdout.write("tidied up")
            return
        while True:
            try:
                time.sleep(3600)
            except KeyboardInterrupt:
                if how != "stubborn":
                    raise
