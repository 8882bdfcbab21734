"""Tasks that leave marks in files, for the worker's tests."""

from pathlib import Path

from django.tasks import task

from djdesk.desktop.tasks import repeatable
from djdesk.desktop.worker import stopping

LIMIT = 60.0  # seconds; a task of a test never outlives it


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
    """Never looks at ``stopping``."""
    import time

    Path(path).write_text("started")
    time.sleep(LIMIT)
