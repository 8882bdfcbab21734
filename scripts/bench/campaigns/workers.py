"""Workers on a server: two on one PostgreSQL, killed or suspended at random, and restarted."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from djdesk.tools import postgres

ZOO = Path(__file__).resolve().parents[3] / "tests" / "apps" / "zoo"
LEASE = 4.0  # seconds
TIMEOUT = 300.0  # seconds for the remaining tasks after the last kill


class Bench:
    def __init__(self, top: Path, port: int) -> None:
        self.top = top
        self.port = port
        self.done: Counter[str] = Counter(killed=0, held=0)
        self.begun_again = 0
        self.queued = 0
        self.notes = top / "notes"
        self.notes.touch()
        (top / "jobs").mkdir()
        postgres.create(port, "zoo")
        self._manage("migrate", "-v", "0")
        self.workers = [self._start(number) for number in range(2)]

    def _environment(self, number: int = 0) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("DJANGO", "DJDESK"))}
        folder = self.top / f"worker {number}"
        folder.mkdir(exist_ok=True)
        # Checkpoints and results where the other worker finds them.
        with contextlib.suppress(FileExistsError):
            (folder / "jobs").symlink_to(self.top / "jobs", target_is_directory=True)
        return kept | {
            "DATA_DIR": str(folder),
            "POSTGRES_PORT": str(self.port),
            "POSTGRES_NAME": "zoo",
            "ZOO_NOTES": str(self.notes),
        }

    def _manage(self, *words: str) -> str:
        return subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ZOO, env=self._environment(), check=True, stdout=subprocess.PIPE, text=True,
        ).stdout  # fmt: skip

    def _start(self, number: int) -> subprocess.Popen[bytes]:
        with (self.top / f"worker {number}.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "manage.py", "run_worker", f"--lease={LEASE}", "--threads=2"],
                cwd=ZOO, env=self._environment(number), stdout=log, stderr=log,
            )  # fmt: skip

    def queue(self, **numbers: int) -> None:
        """That many of each kind."""
        words = [
            f"[{kind}.enqueue({self.queued} + n, {rest}) for n in range({number})]"
            for kind, number in numbers.items()
            for rest in ["8, 0.5" if kind == "count" else "0.7"]
        ]
        self._manage("shell", "-v", "0", "-c", f"from zoo.tasks import *; {'; '.join(words)}")
        self.queued += max(numbers.values())

    def sql(self, text: str) -> list[tuple]:
        return postgres.run(self.port, "zoo", text)

    def results(self) -> list[tuple[str, int, str, int]]:
        """Kind, number, status and number of attempts of every task."""
        found = self.sql(
            "SELECT task_path, args_kwargs, status, jsonb_array_length(worker_ids) "
            "FROM django_tasks_database_dbtaskresult"
        )
        return [
            (path.rpartition(".")[2], args["args"][0], status, takes)
            for path, args, status, takes in found
        ]

    def trouble(self, chance: random.Random, kills: int) -> None:
        for _ in range(kills):
            self._wait(self._both_are_there)
            # Something has started since the last check, or nothing is left.
            before = self._begun()
            while self._begun() == before and self._open():
                self._wait(self._both_are_there)
                time.sleep(0.1)
            time.sleep(chance.random() * 2)
            number = chance.randrange(2)
            worker = self.workers[number]
            if sys.platform != "win32" and chance.random() < 0.25:
                self.done["held"] += 1
                worker.send_signal(signal.SIGSTOP)
                # The other worker takes over meanwhile.
                while self._has_lease(worker):
                    time.sleep(0.1)
                worker.send_signal(signal.SIGCONT)
                worker.wait(TIMEOUT)  # it notices and exits by itself
            else:
                self.done["killed"] += 1
                worker.kill()
                worker.wait()
            self.workers[number] = self._start(number)

    def _begun(self) -> int:
        return len(self.notes.read_text().splitlines())

    def _both_are_there(self) -> bool:
        return all(self._has_lease(worker) for worker in self.workers)

    def _has_lease(self, worker: subprocess.Popen[bytes]) -> bool:
        like = f"name LIKE '%-{worker.pid}-%'"
        return bool(self.sql(f"SELECT 1 FROM djdesk_web_worker WHERE {like}"))

    def _open(self) -> int:
        return len(
            self.sql(
                "SELECT 1 FROM django_tasks_database_dbtaskresult "
                "WHERE status IN ('READY', 'RUNNING')"
            )
        )

    def _wait(self, condition: Callable[[], object]) -> None:
        end = time.monotonic() + TIMEOUT
        while not condition():
            # A worker that lost its lease has exited; start a replacement.
            for number, worker in enumerate(self.workers):
                if worker.poll() is not None:
                    self.workers[number] = self._start(number)
            if time.monotonic() > end:
                logs = "".join(
                    (self.top / f"worker {number}.log").read_text()[-2000:] for number in range(2)
                )
                raise TimeoutError(f"{self.results()}\n{logs}")
            time.sleep(0.1)

    def settle(self) -> None:
        """Wait until all tasks are finished."""
        self._wait(lambda: not self._open())

    def problems(self) -> list[str]:
        """Violations. ``begun_again`` counts the permitted repetitions."""
        begun = Counter(self.notes.read_text().splitlines())
        found = []
        for kind, number, status, takes in self.results():
            times = begun[f"{kind} {number}"]
            name = f"{kind} {number} ({status}, taken {takes} times, begun {times} times)"
            if kind == "once" and (times > 1 or takes > 1):
                found.append(f"{name}: done twice")
            elif kind == "once" and status == "SUCCESSFUL" and times != 1:
                found.append(f"{name}: never done")
            elif kind != "once" and status != "SUCCESSFUL":
                found.append(f"{name}: lost")
            self.begun_again += kind != "once" and times > 1
        why = self.sql(
            "SELECT DISTINCT exception_class_path, (regexp_match(traceback, '[^:\\n]*\\n*$'))[1] "
            "FROM django_tasks_database_dbtaskresult WHERE status = 'FAILED'"
        )
        if any(kind != "djdesk.desktop.orphans.WorkerInterrupted" for kind, _ in why):
            found.append(f"failed with another reason: {why}")
        values = self.sql(
            "SELECT DISTINCT return_value FROM django_tasks_database_dbtaskresult "
            "WHERE task_path LIKE '%count'"
        )
        if values not in ([], [(list(range(8)),)]):
            found.append(f"jobs with another result: {json.dumps(values)}")
        return found

    def stop(self) -> list[int]:
        """Stop the workers as a service manager does; returns the number of leftover processes."""
        import psutil

        for worker in self.workers:
            worker.terminate()
        for worker in self.workers:
            worker.wait(TIMEOUT)
        marked = []
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error, OSError):
                if process.environ().get("ZOO_NOTES") == str(self.notes):
                    marked.append(process.pid)
        return [pid for pid in marked if pid != os.getpid()]


@contextmanager
def opened(top: Path) -> Iterator[Bench]:
    with postgres.running() as port:
        bench = Bench(top, port)
        try:
            yield bench
        finally:
            for worker in bench.workers:
                if worker.poll() is None:
                    worker.kill()
                    worker.wait()
