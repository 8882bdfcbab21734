"""Memory of the idle server and worker of a packaged app (Linux).

    .venv/bin/python scripts/bench/memory.py [--backend DIR]

Measured at the second start with a data folder, after one request for the first page and two
seconds of rest. PSS in MiB, from /proc/PID/smaps_rollup: shared memory counts half for each. Exit
code 1 above 75 MiB together.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import secrets
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from djdesk.tools.stage.places import Backend, environment

ROOT = Path(__file__).resolve().parents[2]
GOAL = 75.0
REST = 2.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--backend", type=Path, default=ROOT / "inspector/.djdesk/stage/backend")
    python = str(Backend(parser.parse_args().backend.absolute()).python)
    with tempfile.TemporaryDirectory(prefix="djdesk-bench-") as data:
        measure(python, Path(data))
        found = measure(python, Path(data))
    for name, memory in found.items():
        print(f"{name:10}{memory:6.1f} MiB")
    together = sum(found.values())
    print(f"{'together':10}{together:6.1f} MiB (goal: {GOAL:.0f})")
    return 0 if together <= GOAL else 1


def measure(python: str, data: Path) -> dict[str, float]:
    config = {"contract": 1, "launch_id": secrets.token_hex(8), "data_dir": str(data)}
    token = secrets.token_hex(32)
    with (
        child(python, "serve", config | {"token": token, "port": 0}) as (server, listening),
        child(python, "worker", config) as (worker, _),
    ):
        request = urllib.request.Request(f"http://127.0.0.1:{listening['port']}/")
        request.add_header("X-DJDesk-Token", token)
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - http
            answer.read()
        time.sleep(REST)
        return {"server": pss(server.pid), "worker": pss(worker.pid)}


@contextlib.contextmanager
def child(
    python: str, command: str, config: dict[str, Any]
) -> Iterator[tuple[subprocess.Popen[bytes], dict[str, Any]]]:
    """One process under the launch contract, and its ready event."""
    process = subprocess.Popen(
        [python, "-I", "-B", "-X", "utf8", "-m", "djdesk.desktop", command],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment(),
    )  # fmt: skip
    assert process.stdin and process.stdout
    try:
        process.stdin.write(json.dumps(config).encode() + b"\n")
        process.stdin.flush()
        for line in process.stdout:
            event = json.loads(line)
            if event["event"] in {"listening", "ready"}:
                yield process, event
                return
        raise RuntimeError(f"the {command} process ended")
    finally:
        process.stdin.close()
        process.wait(timeout=20)
        process.stdout.close()


def pss(pid: int) -> float:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("this system does not tell")


if __name__ == "__main__":
    sys.exit(main())
