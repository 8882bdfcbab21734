"""Tasks that record each start in a file shared by all workers."""

import os
import time
from pathlib import Path

from django import VERSION

from djdesk.desktop.jobs import heavy, job
from djdesk.desktop.tasks import repeatable

if VERSION < (6, 0):
    from django_tasks import task
else:
    from django.tasks import task


def note(word: str, number: int) -> None:
    with Path(os.environ["ZOO_NOTES"]).open("a") as file:
        file.write(f"{word} {number}\n")


@task
def once(number: int, seconds: float) -> int:
    note("once", number)
    time.sleep(seconds)
    return number


@task
@repeatable(times=1000)
def again(number: int, seconds: float) -> int:
    note("again", number)
    time.sleep(seconds)
    return number


@task
@heavy(memory="256MiB", resumable=True)
def count(number: int, steps: int, seconds: float) -> list[int]:
    note("count", number)
    done = job.restored or []
    while len(done) < steps:
        if job.cancelled:
            job.checkpoint(done)
            return None
        time.sleep(seconds)
        done.append(len(done))
        job.progress(len(done), steps)
        job.checkpoint(done)
    return done
