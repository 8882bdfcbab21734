"""Measure the worker: time from queueing a task to its start, and CPU use while idle.

For comparison, in the same run, django-tasks-db's own worker command with its defaults.

    .venv/bin/python scripts/bench/worker.py [--tasks 50] [--idle 10]
"""

from __future__ import annotations

import os.path
import sys

# Imports use the package `bench`, so drop the script's own folder from the path.
if os.path.basename(sys.path[0]) == "bench":  # noqa: PTH119 - pathlib imports too much
    sys.path[0] = os.path.dirname(sys.path[0])  # noqa: PTH120

import argparse
import contextlib
import json
import os
import random
import sqlite3
import statistics
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

# A script's own folder is on the path.
from bench.campaigns.child import INSPECTOR, Child

QUEUE = "django_tasks_database_dbtaskresult"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tasks", type=int, default=50)
    parser.add_argument("--idle", type=float, default=10.0, help="seconds")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="djdesk-bench-") as folder:
        data = Path(folder) / "data"
        make_database(data)
        rows = [
            measure("djdesk worker", our_worker(data), data, options),
            measure("db_worker (defaults)", plain_worker(data), data, options),
        ]
    print(f"{'':22}{'median':>10}{'95 %':>10}{'worst':>10}{'idle CPU':>10}")
    for name, delays, idle in rows:
        cuts = statistics.quantiles(delays, n=20)
        print(
            f"{name:22}{statistics.median(delays) * 1000:7.0f} ms{cuts[-1] * 1000:7.0f} ms"
            f"{max(delays) * 1000:7.0f} ms{idle:9.2%}"
        )
    ratio = statistics.median(rows[1][1]) / statistics.median(rows[0][1])
    print(f"a task starts {ratio:.0f} times sooner (medians)")


def make_database(data: Path) -> None:
    with Child("serve", data):
        pass


@contextlib.contextmanager
def our_worker(data: Path) -> Iterator[subprocess.Popen]:
    with Child("worker", data) as worker:
        yield worker.process


@contextlib.contextmanager
def plain_worker(data: Path) -> Iterator[subprocess.Popen]:
    process = subprocess.Popen(
        [sys.executable, "-I", "-m", "django", "db_worker", "--queue-name", "*", "--no-reload"],
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "djdesk.overlay.settings",
            "DJDESK_APP": str(INSPECTOR),
            "DJDESK_DATA_DIR": str(data),
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(10)


def measure(name, worker, data: Path, options) -> tuple[str, list[float], float]:
    with worker as process:
        delay(data)  # the first one waits for imports
        delays = []
        for _ in range(options.tasks):
            # Not in step with any polling interval.
            time.sleep(random.uniform(0.05, 0.3))
            delays.append(delay(data))
        before, begun = cpu_seconds(process.pid), time.monotonic()
        time.sleep(options.idle)
        idle = (cpu_seconds(process.pid) - before) / (time.monotonic() - begun)
    return name, delays, idle


def delay(data: Path) -> float:
    """Queue a task that does nothing and return the seconds until the worker has started it."""
    key = uuid.uuid4().hex
    with contextlib.closing(sqlite3.connect(data / "app.sqlite3", timeout=10)) as database:
        with database:
            queued = time.time()
            database.execute(
                f"INSERT INTO {QUEUE} (id, status, args_kwargs, priority, task_path, queue_name,"
                " backend_name, run_after, enqueued_at, worker_ids, exception_class_path,"
                " traceback) VALUES (?, 'READY', ?, 0, 'no.such.task', 'default', 'default',"
                " '9999-01-01 00:00:00', '2026-01-01', '[]', '', '')",
                (key, json.dumps({"args": [], "kwargs": {}})),
            )
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            row = database.execute(
                f"SELECT (julianday(started_at) - 2440587.5) * 86400 FROM {QUEUE} WHERE id = ?",
                (key,),
            ).fetchone()
            if row[0] is not None:
                return max(row[0] - queued, 0.0)
            time.sleep(0.002)
    raise SystemExit("the worker did not take a task within 30 s")


def cpu_seconds(pid: int) -> float:
    """User and system time of one process so far (Linux)."""
    if sys.platform != "linux":
        raise SystemExit("This is measured on Linux.")
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
