"""Measures the home page inside the server process: middleware, queries, templates; no socket.

    .venv/bin/python inspector/scripts/bench/home.py [--projects 1] [--requests 300] [--profile]

Uses the settings of the packaged app, its own data folder, and requests like the window's. Each
project has two scans, a command and an export. Three measurements alternate: the cached page, the
page after a commit to the database, and ``/health/``, which shows the cost of the middleware.
Milliseconds: median and the 95th percentile. Exit code 1 if the page takes more than 3 ms.
"""

from __future__ import annotations

import os.path
import sys

# This inspect.py must not shadow Python's own.
if os.path.basename(sys.path[0]) == "bench":  # noqa: PTH119 - pathlib imports too much
    del sys.path[0]

import argparse
import cProfile
import io
import pstats
import secrets
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

INSPECTOR = Path(__file__).resolve().parents[2]
GOAL = 3.0
PORT = 8123
TOKEN = secrets.token_hex(32)
ENVIRON = {
    "REQUEST_METHOD": "GET", "SCRIPT_NAME": "", "QUERY_STRING": "", "SERVER_NAME": "127.0.0.1",
    "SERVER_PORT": str(PORT), "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": f"127.0.0.1:{PORT}",
    "HTTP_X_DJDESK_TOKEN": TOKEN, "HTTP_ACCEPT": "text/html", "HTTP_ACCEPT_LANGUAGE": "en",
    "REMOTE_ADDR": "127.0.0.1", "wsgi.errors": sys.stderr, "wsgi.url_scheme": "http",
    "wsgi.version": (1, 0), "wsgi.multithread": True, "wsgi.multiprocess": False,
    "wsgi.run_once": False,
}  # fmt: skip
SUMMARY = {
    "counts": {"models": 12, "routes": 30},
    "attention": {"error": 1, "warning": 3},
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--projects", type=int, default=1)
    parser.add_argument("--requests", type=int, default=300)
    parser.add_argument("--profile", action="store_true", help="of the page after a commit")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="djdesk-bench-") as data:
        prepare(Path(data))
        fill(Path(data), options.projects)
        return report(options)


def prepare(data: Path) -> None:
    sys.path.insert(0, str(INSPECTOR))
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "djdesk.overlay.settings",
        "DJDESK_APP": str(INSPECTOR),
        "DJDESK_DATA_DIR": str(data),
        "DJDESK_MODE": "packaged",
    }
    import django

    django.setup()
    from django.core.management import call_command

    from djdesk.desktop import launch
    from djdesk.desktop.launch import LaunchConfig

    call_command("migrate", verbosity=0)
    launch.replace(LaunchConfig(launch_id="0" * 16, data_dir=data, token=TOKEN, port=PORT))


def fill(data: Path, projects: int) -> None:
    from django.utils import timezone

    from inspector.models import Command, Export, Project, Scan

    now = timezone.now()
    for number in range(projects):
        project = Project.objects.create(path=str(data / f"shop{number}"), name=f"shop{number}")
        for status in ("complete", "failed"):
            scan = Scan.objects.create(
                project=project, status=status, started=now, finished=now, summary=SUMMARY
            )
        Command.objects.create(project=project, preset="check", title="check", finished=now)
        Export.objects.create(project=project, scan=scan, kind="report", finished=now)


def commit() -> None:
    from django.utils import timezone

    from inspector.models import Project

    Project.objects.update(last_opened=timezone.now())


def report(options: argparse.Namespace) -> int:
    ask = asker()
    lanes: dict[str, tuple[str, Callable[[], None]]] = {
        "home": ("/", lambda: None),
        "home, after a commit": ("/", commit),
        "health": ("/health/", lambda: None),
    }
    times: dict[str, list[float]] = {name: [] for name in lanes}
    for number in range(options.requests + 20):
        for name, (address, before) in lanes.items():
            before()
            # The cached page is from the previous request, and a commit made it outdated.
            if name == "home":
                ask(address)
            begun = time.perf_counter()
            ask(address)
            if number >= 20:
                times[name].append((time.perf_counter() - begun) * 1000)
    for name, (address, before) in lanes.items():
        found = sorted(times[name])
        before()
        high = found[len(found) * 95 // 100]
        print(
            f"{name:22}{statistics.median(found):7.2f} ms, 95 % {high:6.2f}, "
            f"{queries(ask, address)} queries"
        )
    if options.profile:
        profile(ask, options.requests)
    return 0 if statistics.median(times["home"]) <= GOAL else 1


def queries(ask: Callable[[str], None], address: str) -> int:
    from django.db import connection

    seen: list[str] = []

    def note(execute, sql, *rest):
        seen.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        ask(address)
    return len(seen)


def asker() -> Callable[[str], None]:
    from django.core.handlers.wsgi import WSGIHandler

    handler = WSGIHandler()

    def ask(path: str) -> None:
        told: list[str] = []
        environ = ENVIRON | {"PATH_INFO": path, "wsgi.input": io.BytesIO()}
        answer = handler(environ, lambda status, headers, exc_info=None: told.append(status))
        b"".join(answer)
        answer.close()
        if told != ["200 OK"]:
            raise RuntimeError(f"{path} answered {told}")

    return ask


def profile(ask: Callable[[str], None], requests: int) -> None:
    profiler = cProfile.Profile()
    for _ in range(requests):
        commit()
        profiler.runcall(ask, "/")
    for order in ("tottime", "cumtime"):
        pstats.Stats(profiler).sort_stats(order).print_stats(60)


if __name__ == "__main__":
    sys.exit(main())
