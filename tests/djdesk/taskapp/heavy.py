"""Heavy tasks for job tests. Each counts to a number at a pace set by the test."""

import os
import subprocess
import sys
import time
from pathlib import Path

try:
    from django.tasks import task
except ImportError:  # Django 5.2
    from django_tasks import task

from djdesk.desktop.jobs import Stopped, heavy, job

PACE = 0.02  # seconds per step


@task()
@heavy(memory="512MiB", resumable=True, title="Counting")
def count(to: int, mark: str) -> dict:
    """Adds up numbers. ``mark``: a file that gets a line for each start with its starting point."""
    at, total = job.restored or (0, 0)
    with Path(mark).open("a") as file:
        file.write(f"{os.getpid()} {at}\n")
    while at < to:
        if job.cancelled:
            raise Stopped
        at += 1
        total += at * at
        time.sleep(PACE)
        job.progress(at, to, f"step {at}")
        job.checkpoint((at, total))
    job.file("sum.txt").write_text(str(total))
    return {"total": total}


@task()
@heavy(memory="512MiB")
def deaf(mark: str) -> None:
    """Never checks ``job.cancelled``; has a child that left its process group."""
    stray = subprocess.Popen(
        [sys.executable, "-I", "-c", "import time; time.sleep(600)"], start_new_session=True
    )
    Path(mark).write_text(f"{os.getpid()} {stray.pid}")
    time.sleep(600)


@task()
@heavy(memory="512MiB", resumable=True)
def forked(mark: str) -> None:
    """Two children: one in its group, one that left it."""
    wait = [sys.executable, "-I", "-c", "import time; time.sleep(600)"]
    pids = [os.getpid(), subprocess.Popen(wait).pid]
    pids.append(subprocess.Popen(wait, start_new_session=True).pid)
    Path(mark).write_text(" ".join(map(str, pids)))
    while not job.cancelled:
        time.sleep(PACE)


@task()
@heavy(memory="200MiB", resumable=True)
def hog() -> int:
    kept = []
    while True:
        kept.append(bytearray(os.urandom(2**20)) * 8)
        time.sleep(0.005)


@task()
@heavy(memory="512MiB", resumable=True)
def crash() -> None:
    print("about to crash", file=sys.stderr, flush=True)
    os.abort()


@task()
@heavy(memory="512MiB")
def wrong(what: str) -> None:
    raise LookupError(f"no {what}")


@task()
@heavy(memory="512MiB", timeout=1.0)
def slow() -> None:
    while not job.cancelled:
        time.sleep(PACE)


@task()
@heavy(memory="9999TiB")
def huge() -> None:
    raise AssertionError("must never start")


@task()
@heavy(memory="256MiB", resumable=True)
def until_told(path: str) -> None:
    """Ends when the file exists."""
    while not Path(path).exists() and not job.cancelled:
        time.sleep(PACE)


@task()
@heavy(memory="1GiB", cores=2)
def pool(kind: str) -> int:
    """A process pool with the start method ``kind``."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    with ProcessPoolExecutor(2, mp_context=get_context(kind)) as workers:
        return sum(workers.map(abs, range(-10, 1)))
