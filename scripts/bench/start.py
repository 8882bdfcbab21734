"""Time from spawn to the first page: packaged, in development, and the way the references start.

    .venv/bin/python scripts/bench/start.py [--backend DIR] [--rounds 7] [--window PROGRAM]

All variants take turns in one run, so that a busy machine slows all alike. "First" starts with an
empty data folder, "second" with the one that the first left. The references run here with the
packaged Python and the same app without our start code: ephes/djdesk starts a server and waits for
one second; desktop-django-starter runs a migrate process, then a server process polled every 250
ms. The latter ships "without byte code". Exit code 1 if the packaged second start takes more than
0.25 of the first or half of the second.
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
import secrets
import shutil
import socket
import statistics
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
INSPECTOR = ROOT / "inspector"
sys.path.insert(0, str(ROOT / "scripts"))

from djdesk.tools.stage.places import Backend, environment  # noqa: E402

DJDESK, STARTER = "ephes/djdesk", "desktop-django-starter"
GOALS = {DJDESK: 0.25, STARTER: 0.5}
FIXED_WAIT = 1.0  # seconds, ephes/djdesk's
POLL = 0.25  # seconds, desktop-django-starter's
LIMIT = 60.0
# The same app; the token belongs to the shell and is left out here.
REFERENCE_SETTINGS = """
from djdesk.overlay.settings import *
MIDDLEWARE = [m for m in MIDDLEWARE if not m.endswith(".LaunchGuardMiddleware")]
"""
MIGRATE = (
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from django.core.management import execute_from_command_line as run; "
    "run(['manage.py', 'migrate', '--noinput', '--verbosity', '0'])"
)
SERVE = (
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from django.core.wsgi import get_wsgi_application; import waitress; "
    "waitress.serve(get_wsgi_application(), host='127.0.0.1', port=int(sys.argv[2]), _quiet=True)"
)
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--backend", type=Path, default=INSPECTOR / ".djdesk/stage/backend")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--window", type=Path, help="also the window of this packaged program")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    packaged = str(Backend(options.backend.absolute()).python)
    development = str(ROOT / ".venv" / "bin" / "python")
    with tempfile.TemporaryDirectory(prefix="djdesk-bench-") as scratch:
        top = Path(scratch)
        (top / "reference_settings.py").write_text(REFERENCE_SETTINGS)
        (top / "empty").mkdir()
        cold = ("-X", f"pycache_prefix={top / 'empty'}")
        lanes: dict[str, Callable[[Path], float]] = {
            "packaged": lambda data: ours(packaged, data),
            "development": lambda data: ours(development, data, INSPECTOR),
            DJDESK: lambda data: fixed_wait(packaged, data, top),
            STARTER: lambda data: polled(packaged, data, top, ()),
            f"{STARTER}, without byte code": lambda data: polled(packaged, data, top, cold),
        }
        if options.window:
            lanes["packaged, window"] = lambda data: window(options.window, data)
        times = measure(lanes, top, options.rounds)
    return report(times, options.json)


def measure(
    lanes: dict[str, Callable[[Path], float]], top: Path, rounds: int
) -> dict[str, dict[str, list[float]]]:
    times: dict[str, dict[str, list[float]]] = {n: {"first": [], "second": []} for n in lanes}
    # The first round does not count: it reads the files from disk.
    for number in range(rounds + 1):
        for name, start in lanes.items():
            data = top / "data"
            for run in ("first", "second"):
                seconds = start(data)
                if number:
                    times[name][run].append(seconds)
            shutil.rmtree(data)
    return times


def report(times: dict[str, dict[str, list[float]]], as_json: bool) -> int:
    medians = {
        name: {run: statistics.median(found) for run, found in runs.items()}
        for name, runs in times.items()
    }
    ours = medians["packaged"]["second"]
    ratios = {name: ours / medians[name]["second"] for name in GOALS}
    if as_json:
        print(json.dumps({"median_seconds": medians, "ratios": ratios}, indent=2))
    else:
        print(f"{'spawn to first page, ms (median, min-max)':44}{'first':>20}{'second':>20}")
        for name, runs in times.items():
            cells = [
                f"{statistics.median(found) * 1000:.0f} "
                f"({min(found) * 1000:.0f}-{max(found) * 1000:.0f})"
                for found in runs.values()
            ]
            print(f"{name:44}{cells[0]:>20}{cells[1]:>20}")
        print("\nsecond start, packaged, as a part of")
        for name, ratio in ratios.items():
            print(f"  {name}: {ratio:.2f} (goal: {GOALS[name]})")
    return 0 if all(ratio <= GOALS[name] for name, ratio in ratios.items()) else 1


def ours(python: str, data: Path, app: Path | None = None) -> float:
    """One server under the launch contract, until its first page has arrived. A packaged Python
    knows its app; a checkout's is given one, and runs in development mode."""
    token = secrets.token_hex(32)
    config = {
        "contract": 1, "launch_id": secrets.token_hex(8), "data_dir": str(data), "token": token,
        "port": 0,
    }  # fmt: skip
    config |= {"app": str(app)} if app else {}
    mode = {"DJDESK_MODE": "development"} if app else {}
    begun = time.perf_counter()
    child = subprocess.Popen(
        [python, "-I", "-B", "-X", "utf8", "-m", "djdesk.desktop", "serve"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        env=environment(**mode),
    )  # fmt: skip
    assert child.stdin and child.stdout
    try:
        child.stdin.write(json.dumps(config).encode() + b"\n")
        child.stdin.flush()
        for line in child.stdout:
            event = json.loads(line)
            if event["event"] == "failed":
                raise RuntimeError(event["reason"])
            if event["event"] == "listening":
                page(event["port"], {"X-DJDesk-Token": token})
                return time.perf_counter() - begun
        raise RuntimeError("the server ended")
    finally:
        child.stdin.close()
        child.wait(timeout=20)
        child.stdout.close()


def polled(python: str, data: Path, top: Path, extra: tuple[str, ...]) -> float:
    """A migrate process, then a server process that is polled."""
    begun = time.perf_counter()
    subprocess.run(
        [*command(python, extra), MIGRATE, str(top)], env=reference_environment(data), check=True,
        timeout=LIMIT, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    with server(command(python, extra), data, top) as port:
        while time.perf_counter() - begun < LIMIT:
            try:
                page(port, {})
                return time.perf_counter() - begun
            except (OSError, urllib.error.URLError):
                time.sleep(POLL)
    raise RuntimeError("the reference's server does not answer")


def fixed_wait(python: str, data: Path, top: Path) -> float:
    """A server that is requested after a fixed time, without migrating the database."""
    if not data.exists():
        polled(python, data, top, ())
    begun = time.perf_counter()
    with server(command(python, ()), data, top) as port:
        time.sleep(FIXED_WAIT)
        while time.perf_counter() - begun < LIMIT:
            try:
                page(port, {})
                return time.perf_counter() - begun
            except (OSError, urllib.error.URLError):
                time.sleep(0.01)
    raise RuntimeError("the reference's server does not answer")


def command(python: str, extra: tuple[str, ...]) -> list[str]:
    return [python, "-I", "-B", "-X", "utf8", *extra, "-c"]


def reference_environment(data: Path) -> dict[str, str]:
    return environment(DJANGO_SETTINGS_MODULE="reference_settings", DJDESK_DATA_DIR=str(data))


@contextlib.contextmanager
def server(base: list[str], data: Path, top: Path) -> Iterator[int]:
    """The reference's server process for the length of the block; yields its port."""
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [*base, SERVE, str(top), str(port)], env=reference_environment(data),
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield port
    finally:
        process.terminate()
        process.wait(timeout=20)


def page(port: int, headers: dict[str, str]) -> None:
    request = urllib.request.Request(f"http://127.0.0.1:{port}/", headers=headers)
    with OPENER.open(request, timeout=LIMIT) as answer:
        if b"</html>" not in answer.read():
            raise RuntimeError("that is not the first page")


def window(program: Path, data: Path) -> float:
    """Until the window shows the first page, as reported by the page itself."""
    said = subprocess.run(
        ["node", ROOT / "scripts" / "bench" / "window-start.js", program, data],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=LIMIT, check=False,
    )  # fmt: skip
    if said.returncode != 0:
        raise RuntimeError(f"the window did not come up:\n{said.stderr[-2000:]}")
    return float(said.stdout.split()[0]) / 1000


if __name__ == "__main__":
    sys.exit(main())
