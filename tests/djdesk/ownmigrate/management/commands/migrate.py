"""A project's own ``migrate``: Django's, plus a step that the project needs afterwards."""

from django.core.management.commands.migrate import Command as Migrate
from django.db import connection


class Command(Migrate):
    def handle(self, *args, **options):
        super().handle(*args, **options)
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE own_command_was_here (a)")
