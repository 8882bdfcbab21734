"""Tasks that leave marks in files, for the worker's tests."""

from pathlib import Path

try:
    from django.tasks import task
except ImportError:  # Django 5.2
    from django_tasks import task

from djdesk.desktop.tasks import Ended, asked_to_end, repeatable
from djdesk.desktop.worker import stopping

LIMIT = 60.0  # seconds; no test task runs longer


@task()
def write(path: str, text: str) -> None:
    with Path(path).open("a") as file:
        file.write(text + "\n")


@task()
@repeatable(times=2)
def again(path: str) -> None:
    with Path(path).open("a") as file:
        file.write("again\n")


@task(queue_name="default")
def until_stopped(path: str) -> None:
    Path(path).write_text("started")
    assert stopping.wait(LIMIT)
    Path(path).write_text("ended early")


@task()
def deaf(path: str) -> None:
    """Never checks ``stopping``."""
    import time

    Path(path).write_text("started")
    time.sleep(LIMIT)


@task()
def until_told(path: str) -> str:
    """Touches no data; ends when the file ``path``.go exists."""
    Path(path).write_text("started")
    _until(Path(f"{path}.go"))
    return "done"


@task(queue_name="commands")
def long_transaction(path: str) -> str:
    """Holds the write lock until the file ``path``.go exists."""
    from django.db import transaction
    from django_tasks_db.models import DBTaskResult

    with transaction.atomic():
        DBTaskResult.objects.filter(pk="0" * 32).update(priority=1)
        Path(path).write_text("started")
        _until(Path(f"{path}.go"))
    return "done"


@task()
def write_to_the_database(path: str) -> str:
    """Writes 2 MB in its own statement once ``path``.go exists."""
    from django.db import connection

    Path(path).write_text("started")
    _until(Path(f"{path}.go"))
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS ballast AS SELECT zeroblob(2000000) AS b")
    return "done"


@task()
def told_to_end(path: str) -> str:
    """As ``write_to_the_database``; creates ``path``.ended if it was ended while waiting."""
    try:
        return write_to_the_database.func(path)
    except Ended:
        Path(f"{path}.ended").touch()
        raise


@task()
def until_asked_to_end(path: str) -> str:
    import time

    Path(path).write_text("started")
    deadline = time.monotonic() + LIMIT
    while not asked_to_end():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.01)
    return "early"


def _until(path: Path) -> None:
    import time

    deadline = time.monotonic() + LIMIT
    while not path.exists():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.01)
