"""A real PostgreSQL for tests, with its own data folder and port, stopped after the run.

An app that also runs on PostgreSQL imports it in its ``conftest.py``::

    from djdesk.tools.postgres import postgres  # noqa: F401
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

USER = "tester"
TIMEOUT = 60.0  # seconds


def programs() -> Path | None:
    """The program folder of the newest installed PostgreSQL, or None."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda one: float(one.parts[-3])
    )
    if found:
        return found[-1].parent
    here = shutil.which("initdb")
    return Path(here).parent if here else None


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def postgres() -> Iterator[int]:
    """The port of an empty server on 127.0.0.1 that accepts the user ``tester``."""
    if programs() is None:
        pytest.skip("needs-package: postgresql")
    if must_change_user() and shutil.which("setpriv") is None:
        pytest.skip("needs-package: util-linux")
    with running() as port:
        yield port


def must_change_user() -> bool:
    """PostgreSQL refuses to run as root."""
    return sys.platform != "win32" and os.geteuid() == 0


@contextmanager
def running() -> Iterator[int]:
    """The same outside pytest. Exits with a message if PostgreSQL is not installed."""
    folder = programs()
    if folder is None:
        sys.exit("PostgreSQL is missing: install the package postgresql.")
    # Not below pytest's own folder: the server's user cannot access that.
    with tempfile.TemporaryDirectory(prefix="djdesk-postgres-") as name:
        yield from serve(folder, Path(name))


def serve(folder: Path, data: Path) -> Iterator[int]:
    before: list[str | Path] = []
    if sys.platform != "win32" and must_change_user():
        uid, gid = 65534, 65534
        os.chown(data, uid, gid)
        before = ["setpriv", f"--reuid={uid}", f"--regid={gid}", "--clear-groups"]
    port = free_port()
    made = subprocess.run(
        [*before, folder / "initdb", "-D", data / "d", "-A", "trust", "-U", USER, "--no-sync"],
        check=False,
        capture_output=True,
        text=True,
        cwd=data,
    )
    assert not made.returncode, made.stdout + made.stderr
    options = ["listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off"]
    with (data / "postgres.log").open("wb") as log:
        server = subprocess.Popen(
            [*before, folder / "postgres", "-D", data / "d", "-p", str(port)]
            + [word for one in options for word in ("-c", one)],
            stdout=log,
            stderr=log,
            cwd=data,
        )
    try:
        wait_for(port, server)
        yield port
    finally:
        server.terminate()
        try:
            server.wait(TIMEOUT)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    import psycopg

    end = time.monotonic() + TIMEOUT
    while True:
        try:
            psycopg.connect(host="127.0.0.1", port=port, user=USER, dbname="postgres").close()
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > end:
                raise
            time.sleep(0.05)
        else:
            return


def create(port: int, name: str) -> None:
    run(port, "postgres", f'CREATE DATABASE "{name}"')


def run(port: int, database: str, text: str) -> list[tuple[object, ...]]:
    """Run one statement as the owner; returns its rows, if any."""
    import psycopg

    with psycopg.connect(
        host="127.0.0.1", port=port, user=USER, dbname=database, autocommit=True
    ) as connection:
        done = connection.execute(text)
        return done.fetchall() if done.description else []
