"""Heavy jobs on a real shell: killed at random and resumed, out of memory, load, cancel."""

from __future__ import annotations

import contextlib
import json
import random
import shutil
import sqlite3
import statistics
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from djdesk.desktop.jobs import checkpoints, leftover_processes, places
from djdesk.desktop.message_fields import MessageTextField
from djdesk.tools.new import make_app

from .browser import BrowserShell, alive, wait_for
from .busy import collect_static

VICTIMS = ("job", "worker", "shell")
TIMEOUT = 12.0  # seconds: a killed worker is restarted and cleans up
LIMIT = 120.0  # seconds for one job on a busy computer


@dataclass
class Found:
    """Counts and measurements. Times in seconds, sizes in bytes."""

    kills: dict[str, int] = field(default_factory=lambda: dict.fromkeys(VICTIMS, 0))
    resumed: int = 0
    orphans: int = 0
    results: int = 0
    equal: int = 0
    figures: dict[str, float] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


class Bench:
    """The simulation example behind the browser shell, and its database."""

    def __init__(self, top: Path) -> None:
        self.app = make_app("steel", top, "simulation")
        shutil.copy(Path(__file__).with_name("job_tasks.py"), self.app / "steel" / "bench.py")
        collect_static(self.app, top / "made")
        self.data = top / "data"
        self.shell = BrowserShell(self.data, app=self.app)
        wait_for(lambda: self.shell.child("worker"))

    def restart(self) -> None:
        self.shell.stop()
        self.shell = BrowserShell(self.data, app=self.app)

    def sql(self, text: str, *values: Any) -> list[tuple]:
        opened = sqlite3.connect(self.data / "app.sqlite3", timeout=30)
        with contextlib.closing(opened) as database, database:
            return database.execute(text, values).fetchall()

    def scenario(self, draws: int) -> int:
        self.sql(
            "INSERT INTO steel_scenario (name, carbon_price, growth, plants, draws)"
            " VALUES (?, 80, 3, 500, ?)", uuid.uuid4().hex, draws,
        )  # fmt: skip
        return self.sql("SELECT max(id) FROM steel_scenario")[0][0]

    def enqueue(self, name: str, *args: Any) -> str:
        key = uuid.uuid4().hex
        self.sql(
            "INSERT INTO django_tasks_database_dbtaskresult (id, status, args_kwargs, priority,"
            " task_path, queue_name, backend_name, run_after, enqueued_at, worker_ids,"
            " exception_class_path, traceback) VALUES (?, 'READY', ?, 0, ?, 'default', 'default',"
            " '9999-01-01 00:00:00', '2026-01-01', '[]', '', '')",
            key, json.dumps({"args": args, "kwargs": {}}), f"steel.bench.{name}",
        )  # fmt: skip
        return key

    def job(self, key: str) -> dict[str, Any]:
        names = ("state", "done", "starts", "reason", "peak")
        rows = self.sql(f"SELECT {', '.join(names)} FROM desktop_jobs_job WHERE task = ?", key)
        if not rows:
            return dict.fromkeys(names, "")
        row = dict(zip(names, rows[0], strict=True))
        # Read as the model does: the reason is stored with its template and values.
        return row | {"reason": MessageTextField().from_db_value(row["reason"], None, None)}

    def state(self, key: str) -> str:
        return self.job(key)["state"]

    def until(self, key: str, *states: str) -> None:
        wait_for(lambda: self.state(key) in states, LIMIT)

    def until_over(self, key: str) -> None:
        self.until(key, "done", "failed", "stopped")

    def until_it_works(self, key: str) -> None:
        """It has reported progress for the first time."""
        wait_for(lambda: self.job(key)["done"] == 0, LIMIT)

    def begins_within(self, name: str) -> float:
        """Seconds from queueing a task to its start."""
        begun = time.perf_counter()
        key = self.enqueue(name)
        wait_for(lambda: self.status(key) != "READY")
        return time.perf_counter() - begun

    def status(self, key: str) -> str:
        return self.sql("SELECT status FROM django_tasks_database_dbtaskresult WHERE id = ?", key)[
            0
        ][0]

    def value(self, key: str) -> Any:
        return json.loads(self.sql(
            "SELECT return_value FROM django_tasks_database_dbtaskresult WHERE id = ?", key
        )[0][0])  # fmt: skip

    def stop_job(self, key: str) -> float:
        """Seconds from the user's request to the end."""
        self.sql("UPDATE desktop_jobs_job SET stop_wanted = 1 WHERE task = ?", key)
        return wait_for(lambda: self.state(key) == "stopped", 40)

    def result(self, key: str) -> tuple[Any, str]:
        csv = places.folder(self.data, key) / places.FILES / "years.csv"
        return self.value(key), csv.read_text()

    def processes_of(self, key: str) -> list[psutil.Process]:
        return leftover_processes.find(self.data, key)


@contextlib.contextmanager
def opened(top: Path) -> Iterator[Bench]:
    bench = Bench(top)
    try:
        yield bench
    finally:
        bench.shell.stop()


def kills(bench: Bench, number: int, draws: int, chance: random.Random, found: Found) -> None:
    """``number`` kills of job, worker and shell in shuffled order, until that many jobs have been
    resumed. Each result must equal that of an undisturbed job."""
    scenario = bench.scenario(draws)
    key = bench.enqueue("simulate", scenario)
    wait_for(lambda: bench.state(key) == "done", LIMIT)
    undisturbed = bench.result(key)
    order = [VICTIMS[at % len(VICTIMS)] for at in range(number)]
    chance.shuffle(order)
    while order:
        key = bench.enqueue("simulate", scenario)
        while order and _kill(bench, key, order[0], chance, found):
            order.pop(0)
        bench.until_over(key)
        found.results += 1
        if bench.state(key) == "done" and bench.result(key) == undisturbed:
            found.equal += 1
        else:
            found.problems.append(f"a result differs: {bench.job(key)}")


def _kill(bench: Bench, key: str, victim: str, chance: random.Random, found: Found) -> bool:
    """False if the job had already finished."""
    folder = places.folder(bench.data, key)
    starts = bench.job(key)["starts"] or 0

    def is_under_way() -> bool:
        job = bench.job(key)
        return job["state"] == "done" or (
            job["state"] == "running" and job["starts"] > starts - 1 and checkpoints.exists(folder)
        )

    wait_for(is_under_way, LIMIT)
    time.sleep(chance.uniform(0, 0.8))
    doomed = bench.processes_of(key)
    leader = next((one for one in doomed if "job" in one.cmdline()), None)
    worker = bench.shell.child("worker")
    if bench.state(key) != "running" or leader is None or worker is None:
        return False
    starts = bench.job(key)["starts"]
    found.kills[victim] += 1
    if victim == "job":
        leader.kill()
    elif victim == "worker":
        doomed.append(worker)
        worker.kill()
    else:
        doomed += bench.shell.descendants()
        bench.shell.process.kill()
        bench.shell.process.wait(10)
    kept = len((checkpoints.read(folder) or ([],))[0])
    with contextlib.suppress(TimeoutError):
        wait_for(lambda: not alive(doomed), TIMEOUT)
    for left in alive(doomed):
        found.orphans += 1
        found.problems.append(f"left after kill -9 {victim}: {left}")
        left.kill()
    if victim == "shell":
        bench.restart()
    wait_for(lambda: bench.job(key)["starts"] > starts or bench.state(key) == "done", LIMIT)
    before = bench.job(key)["done"]
    wait_for(lambda: bench.state(key) == "done" or bench.job(key)["done"] != before, LIMIT)
    went_on = bench.job(key)["done"] > kept > 0
    found.resumed += went_on
    if not went_on:
        found.problems.append(f"after kill -9 {victim}: began at {bench.job(key)}, not at {kept}")
    return True


def memory(bench: Bench, found: Found) -> None:
    """A job that uses ever more memory is stopped with that reason before the computer swaps."""
    swapped = psutil.swap_memory().used
    key = bench.enqueue("hog")
    wait_for(lambda: bench.state(key) == "failed", LIMIT)
    job = bench.job(key)
    found.figures["memory hog stopped at, MiB of 256"] = job["peak"] / 2**20
    grown = (psutil.swap_memory().used - swapped) / 2**20
    found.figures["swap used meanwhile, MiB"] = max(0.0, grown)
    if "needed more memory than its limit of 256 MiB" not in job["reason"]:
        found.problems.append(f"the hog ended for another reason: {job}")


def load(bench: Bench, seconds: float, found: Found) -> None:
    """Four jobs that each use a core: response times and lane delays, compared with an idle
    computer."""
    for name in ("idle", "busy"):
        keys = [bench.enqueue("burn", seconds) for _ in range(4)] if name == "busy" else []
        if keys:
            bench.until(keys[0], "running")
        answers, begins = [], []
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            begun = time.perf_counter()
            bench.shell.get("/health/")
            answers.append(time.perf_counter() - begun)
            if len(answers) % 20 == 1:
                begins.append(bench.begins_within("short"))
            time.sleep(0.03)
        found.figures[f"health p95 {name}, ms"] = _p95(answers) * 1000
        found.figures[f"another lane begins p95 {name}, ms"] = _p95(begins) * 1000
        for key in keys:
            bench.sql("UPDATE desktop_jobs_job SET stop_wanted = 1 WHERE task = ?", key)
        for key in keys:
            bench.until_over(key)


def cancel(bench: Bench, found: Found, *, with_deaf: bool) -> None:
    for name in ["listening", *(["deaf"] if with_deaf else [])]:
        key = bench.enqueue(name)
        bench.until_it_works(key)
        found.figures[f"cancel {name}, s"] = bench.stop_job(key)
        if bench.processes_of(key):
            found.problems.append(f"a stopped job ({name}) left a process")


def progress(bench: Bench, calls: int, found: Found) -> None:
    key = bench.enqueue("tell", calls)
    wait_for(lambda: bench.state(key) in ("done", "failed"), LIMIT)
    times = bench.value(key)
    cost = times["told"] / times["plain"] - 1
    found.figures[f"cost of {calls:,} calls of progress, %"] = max(0.0, cost * 100)


def _p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1] if len(values) > 1 else values[0]
