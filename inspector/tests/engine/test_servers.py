# ruff: noqa: E501 - source texts of projects stand in long lines
"""Server databases: connected only if the user says so, read-only, and within time limits."""

import contextlib
import os
import socket
import subprocess
import sys
import threading
import time
from shutil import which

import pytest
from projects import german, make, scan
from test_live import INITIAL

from djdesk.tools.postgres import create, postgres, run  # noqa: F401 - a fixture
from inspector.engine import stages
from inspector.run import sandbox
from tests.long import LONG

pytest.importorskip("psycopg", reason="needs-package: psycopg (Python)")
MIGRATIONS = {"catalog/migrations/__init__.py": "", "catalog/migrations/0001_initial.py": INITIAL}


def database(port, name="postgres", engine="django.db.backends.postgresql"):
    return (
        f'DATABASES = {{"default": {{"ENGINE": "{engine}", "NAME": "{name}", "USER": "tester",'
        f' "PASSWORD": "hush-hush-42", "HOST": "127.0.0.1", "PORT": "{port}"}}}}\n'
    )


def migrate(root):
    """The project's own `migrate`, outside any inspection."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("DJANGO_")}
    argv = [sys.executable, "manage.py", "migrate"]
    subprocess.run(argv, cwd=root, env=own, check=True, capture_output=True)


def asked(root, **options):
    result = scan(root, trust=True, connect_to=("default",), **options)
    return result, result["sections"]["databases"]["data"]["databases"]["default"]


@contextlib.contextmanager
def silent_server():
    """Accepts connections, reads, and never responds. Yields its port and the received data."""
    came = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve():
            with contextlib.suppress(OSError):
                while True:
                    came.append(listener.accept()[0])

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield listener.getsockname()[1], came
        finally:
            for one in came:
                one.close()


def test_nothing_is_contacted_without_being_asked(tmp_path):
    with silent_server() as (port, came):
        make(tmp_path, settings=database(port))
        row = scan(tmp_path, trust=True)["sections"]["databases"]["data"]["databases"]["default"]
        assert row["state"] == "not-opened" and row["pending"] is None and "asked" not in row
        assert came == []


def test_asking_needs_trust(tmp_path):
    with silent_server() as (port, came):
        make(tmp_path, settings=database(port))
        assert "databases" not in scan(tmp_path, connect_to=("default",))["sections"]
        assert came == []


@LONG
def test_a_server_that_never_answers_is_unreachable_soon(tmp_path):
    with silent_server() as (port, came):
        make(tmp_path, settings=database(port))
        started = time.monotonic()
        result, row = asked(tmp_path)
        assert row["state"] == "unreachable" and f"127.0.0.1:{port}" in row["note"]
        # A silent server costs the three seconds of connecting, not the scan's limit.
        assert time.monotonic() - started < 60 and came
        assert result["status"] == "complete" and row["pending"] is None
        assert "hush-hush" not in str(result)


def test_nobody_listens(tmp_path):
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))  # bound but not listening: connections are refused
        make(tmp_path, settings=database(one.getsockname()[1]))
        _, row = asked(tmp_path)
    assert row["state"] == "unreachable" and "refused" in row["note"]


@LONG
def test_only_this_server_is_let_through(tmp_path):
    """Connections that the settings attempt are refused even while a database is asked."""
    with silent_server() as (port, _), silent_server() as (other, came):
        text = (
            "import socket\ntry:\n"
            f"    socket.create_connection(('127.0.0.1', {other}), 1)\n    OPENED = True\n"
            "except OSError:\n    OPENED = False\n"
        )
        make(tmp_path, settings=database(port) + text)
        _, row = asked(tmp_path)
        assert row["state"] == "unreachable" and came == []


@LONG
@pytest.mark.skipif(
    sandbox.name_of(sandbox.detect()) != "bubblewrap",
    reason="bubblewrap does not work here" if which("bwrap") else "needs-package: bubblewrap",
)
def test_the_level_of_that_process_is_told(tmp_path):
    with silent_server() as (port, _):
        make(tmp_path, settings=database(port))
        result, row = asked(tmp_path)
    assert row["asked"]["safety"] == "guard + bubblewrap, with the network"
    assert "network" in row["asked"]["safety_notes"][0]
    assert result["sections"]["runtime"]["data"]["safety"] == "guard + bubblewrap"


@pytest.mark.skipif(sys.platform == "win32", reason="sandboxes are of Linux and macOS")
def test_a_sandbox_that_does_not_start_for_it_is_told(tmp_path, monkeypatch):
    gone = sandbox.Sandbox("guard + bubblewrap", str(tmp_path / "none"))
    monkeypatch.setattr(stages, "detect", sandbox.Sandbox)
    monkeypatch.setattr(stages, "with_network", lambda found: gone)
    with silent_server() as (port, came):
        make(tmp_path / "p", settings=database(port))
        result, row = asked(tmp_path / "p")
    assert row["state"] == "error" and row["no_sandbox"] and "did not start" in row["note"]
    assert german(row["note"]) and came == []
    assert result["sections"]["runtime"]["data"]["safety"] == "guard"


def test_applied_ghost_missing_and_unclaimed(tmp_path, postgres):  # noqa: F811
    create(postgres, "shop")
    make(tmp_path, MIGRATIONS, settings=database(postgres, "shop"))
    _, row = asked(tmp_path)
    assert row["state"] == "empty" and "catalog.0001_initial" in row["pending"]
    migrate(tmp_path)
    _, row = asked(tmp_path)
    assert row["state"] == "ok" and row["pending"] == [] and row["ghosts"] == []
    assert "catalog.0001_initial" in row["applied"] and row["applied_count"] == len(row["applied"])
    run(postgres, "shop", "DROP TABLE catalog_book")
    run(postgres, "shop", "CREATE TABLE old_reports (id int)")
    run(
        postgres,
        "shop",
        "INSERT INTO django_migrations (app, name, applied) VALUES ('catalog', '0009_gone', now())",
    )
    _, row = asked(tmp_path)
    assert row["missing_tables"] == ["catalog_book"] and row["unclaimed_tables"] == ["old_reports"]
    assert row["ghosts"] == ["catalog.0009_gone"]


# A backend that writes right after connecting: the server itself must refuse.
WRITER = """
from django.db.backends.postgresql import base
import psycopg

class Driver:
    OperationalError = psycopg.OperationalError
    @staticmethod
    def connect(**parameters):
        connection = psycopg.connect(**parameters)
        connection.execute("CREATE TABLE evil (id int)")
        connection.commit()
        return connection

class DatabaseWrapper(base.DatabaseWrapper):
    Database = Driver
"""


def test_the_server_itself_refuses_writes(tmp_path, postgres):  # noqa: F811
    create(postgres, "guarded")
    files = {"shop/pg/__init__.py": "", "shop/pg/base.py": WRITER}
    make(tmp_path, files, settings=database(postgres, "guarded", engine="shop.pg"))
    _, row = asked(tmp_path)
    assert row["state"] != "ok" and "read-only transaction" in row["note"]
    assert run(postgres, "guarded", "SELECT to_regclass('evil')") == [(None,)]


def test_a_database_that_is_not_there_says_so(tmp_path, postgres):  # noqa: F811
    make(tmp_path, settings=database(postgres, "nowhere"))
    _, row = asked(tmp_path)
    assert row["state"] == "error" and "nowhere" in row["note"] and "does not exist" in row["note"]


def test_other_products_say_that_they_cannot_be_asked(tmp_path):
    base = "from django.db.backends.sqlite3 import base\nclass DatabaseWrapper(base.DatabaseWrapper):\n    vendor = 'oracle'\n"
    files = {"shop/other/__init__.py": "", "shop/other/base.py": base}
    make(tmp_path, files, settings=database(1, engine="shop.other"))
    _, row = asked(tmp_path)
    assert row["state"] == "not-opened" and "oracle" in row["note"]
