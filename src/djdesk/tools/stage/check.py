"""A staged backend that is not whole is refused: it must run, here, before it is packaged."""

from __future__ import annotations

import json
import secrets
import subprocess
import tempfile
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from . import manifest
from .places import Backend, StageProblem, environment

START = 60  # seconds for a child to say that it is there
RUN = ("-I", "-B", "-X", "utf8")


def whole(backend: Backend, say: Callable[[str], None]) -> None:
    """Raises StageProblem with everything that is wrong."""
    _compare(backend, "staging")
    with tempfile.TemporaryDirectory(prefix="djdesk check é ") as scratch:
        data = Path(scratch) / "data"
        say(f"check: {_reach(backend, data)} modules can be imported")
        _serve(backend, data)
        say("check: server and worker start, a page is served")
        if _inspect(backend, data):
            say("check: the sample is scanned")
    # None of that may have left anything in it.
    _compare(backend, "running it")
    say("check: every file is as the manifest says")


def _compare(backend: Backend, after: str) -> None:
    if found := manifest.differences(backend.root):
        rest = f" (and {len(found) - 10} more)" if len(found) > 10 else ""
        raise StageProblem(
            f"The staged backend is not what its manifest says, after {after}: "
            f"{'; '.join(found[:10])}{rest}."
        )


def _run(backend: Backend, data: Path, *arguments: str, timeout: int = 120) -> Any:
    return subprocess.run(
        [backend.python, *RUN, *arguments],
        capture_output=True, text=True, encoding="utf-8", timeout=timeout, check=False,
        cwd=data.parent,
        env=environment(
            DJANGO_SETTINGS_MODULE="djdesk.settings.desktop", DJDESK_DATA_DIR=str(data)
        ),
    )  # fmt: skip


def _reach(backend: Backend, data: Path) -> int:
    said = _run(backend, data, str(Path(__file__).with_name("reach.py")))
    if said.returncode != 0:
        raise StageProblem("The staged app cannot be loaded.", detail=said.stderr[-3000:])
    report = json.loads(said.stdout.strip().splitlines()[-1])
    if report["failures"]:
        raise StageProblem(
            "The staged app reaches for modules that are not there.",
            "If one was pruned on purpose, say so with a reason in djdesk/tools/stage/reach.py.",
            "\n".join(report["failures"]),
        )
    return int(report["modules"])


def _inspect(backend: Backend, data: Path) -> bool:
    sample = backend.app / "inspector" / "sample" / "spokes"
    if not sample.is_dir():
        return False
    said = _run(
        backend, data, "-m", "djdesk.cli", "inspect", str(sample), "--trust", "--format", "json",
        "--python", str(backend.python),
    )  # fmt: skip
    status = json.loads(said.stdout)["status"] if said.stdout.startswith("{") else "nothing"
    if said.returncode != 0 or status != "complete":
        raise StageProblem(
            f"The staged app could not scan its own sample: {status}.", detail=said.stderr[-3000:]
        )
    return True


def _serve(backend: Backend, data: Path) -> None:
    token = secrets.token_hex(32)
    shared = {"contract": 1, "launch_id": secrets.token_hex(8), "data_dir": str(data)}
    server = _child(backend, "serve", shared | {"token": token, "port": 0})
    try:
        port = _until(server, "listening")["port"]
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}/", headers={"X-DJDesk-Token": token}
        )
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=START) as answer:
            if b"<html" not in answer.read():
                raise StageProblem("The first page of the staged app is not a page.")
        worker = _child(backend, "worker", shared)
        try:
            _until(worker, "ready")
        finally:
            _end(worker)
    except OSError as error:
        raise StageProblem(f"The staged app does not answer: {error}") from error
    finally:
        _end(server)


def _child(backend: Backend, role: str, config: dict[str, Any]) -> subprocess.Popen[bytes]:
    child = subprocess.Popen(
        [backend.python, *RUN, "-m", "djdesk.desktop", role],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment(),
    )  # fmt: skip
    assert child.stdin is not None
    child.stdin.write(json.dumps(config).encode() + b"\n")
    child.stdin.flush()
    return child


def _until(child: subprocess.Popen[bytes], wanted: str) -> dict[str, Any]:
    assert child.stdout is not None
    for line in child.stdout:
        event = json.loads(line) if line.startswith(b"{") else {}
        if event.get("event") == "failed":
            raise StageProblem(
                f"The staged app does not start: {event['reason']}", event["hint"],
                str(event.get("detail", "")),
            )  # fmt: skip
        if event.get("event") == wanted:
            return event
    raise StageProblem("The staged app ended without saying why.")


def _end(child: subprocess.Popen[bytes]) -> None:
    """The end of stdin means stop."""
    assert child.stdin is not None and child.stdout is not None
    child.stdin.close()
    try:
        child.wait(timeout=10)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
    child.stdout.close()
