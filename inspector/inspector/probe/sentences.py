"""What the probe says to people, as templates for translation.

The rest of this folder runs in a project's own Python and can import nothing of ours, so its
sentences are literals there. Here each is named once more; a test compares the two.
"""

from __future__ import annotations

from djdesk.projects.wording import say_noop

SENTENCES = (
    say_noop("Read-only: the inspector writes nothing here"),
    say_noop("unable to open database file (inspection)"),
    say_noop("commands are not run during an inspection"),
    say_noop("took longer than {seconds} seconds"),
    say_noop("The project writes while it loads: a private copy of it was inspected."),
    say_noop("manage.py ended with {error}: {why}"),
    say_noop("SECRET_KEY is empty: a placeholder was used for this inspection."),
    say_noop("query on {name}"),
    say_noop("databases are not opened during an inspection"),
    say_noop("{name} replaces the command {command}"),
    say_noop("Server databases are only asked when you say so."),
    say_noop("An in-memory database is empty at every start."),
    say_noop("The file does not exist yet."),
    say_noop("In use, and too large to copy."),
    say_noop("Read from a private copy, because the database is in use."),
    say_noop("It has no table of migrations."),
    say_noop("Databases of the kind {name} are not asked: only PostgreSQL and MySQL."),
    say_noop("its local socket"),
    say_noop("{place_text} does not answer: {why_text}"),
    say_noop("{place_text} refused the connection: {why_text}"),
    say_noop("Asked over a read-only connection to {place_text}."),
    say_noop("its name was not resolved within {seconds} seconds"),
    say_noop("its name cannot be resolved ({why})"),
    say_noop("no time was left"),
    say_noop("it needs {what}, which an inspection does not reach"),
    say_noop("The other templates were not compiled: no time was left."),
    say_noop("an object that is not known by name"),
    say_noop("{name} has its own autodetector, which was used"),
    say_noop("Celery's own import of tasks: {why}"),
    say_noop("The compiled file cannot be read: {why}"),
    say_noop("{name} has no class Migration."),
    say_noop("{name} depends on {needed}, which is not there."),
    say_noop("{names} depend on each other in a circle."),
    say_noop("Its drift is not known, because not all of its migrations can be loaded."),
)
