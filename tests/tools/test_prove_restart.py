"""Rows missing after a restart: it is a fault if the app deletes them at startup, but not if they
disappear in normal use."""

import contextlib
import json
import sqlite3
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from djdesk.tools.prove import traces, watch
from djdesk.tools.prove.judge import judge
from djdesk.tools.prove.places import Places
from djdesk.tools.prove.run import Run
from djdesk.tools.prove.seen import Seen

# Project code; `watch` distinguishes it from Django's own.
APP = """
import sys
from pathlib import Path

import django
from django.conf import settings

from djdesk.tools.prove import watch

folder, database = Path(sys.argv[2]), sys.argv[3]
watch.begin(folder)
settings.configure(
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": database}}
)
django.setup()
from django.db import connection

with connection.cursor() as cursor:
    cursor.execute(sys.argv[4])
"""


def run_app(tmp_path: Path, role: str, sql: str) -> int:
    """A start of an app that runs ``sql``; returns the line that runs it."""
    app = tmp_path / "app.py"
    app.write_text(APP)
    words = [sys.executable, app, role, tmp_path / "watched", tmp_path / "app.sqlite3", sql]
    subprocess.run(words, check=True, timeout=60)
    return APP.splitlines().index("    cursor.execute(sys.argv[4])") + 1


@pytest.fixture
def data(tmp_path: Path) -> Path:
    watched = tmp_path / "watched"
    watched.mkdir()
    config = {"installed": [], "writable": [str(tmp_path)], "temporary": str(tmp_path)}
    (watched / watch.CONFIG).write_text(json.dumps(config))
    database = tmp_path / "app.sqlite3"
    with contextlib.closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("CREATE TABLE shop_book (title TEXT)")
        connection.executemany("INSERT INTO shop_book VALUES (?)", [("a",), ("b",), ("c",)])
    return database


def restarted(data: Path, restart) -> tuple[list[dict[str, object]], str]:
    """The report about a restart, and the note of its step."""
    watched = data.parent / "watched"
    facts = {"databases": {"default": str(data)}}
    seen = Seen(facts=facts, steps=[{"name": "second start"}])
    run = SimpleNamespace(seen=seen, watched=watched)
    before, earlier = Run._before_restart(run)
    restart()
    Run._compare(run, before, earlier)
    return seen.failed, str(seen.steps[-1]["note"])


def test_rows_that_the_app_deletes_when_it_starts_are_told_with_the_line(data: Path) -> None:
    tmp_path = data.parent
    run_app(tmp_path, "worker", "DELETE FROM shop_book WHERE title = 'none'")
    lines = []
    failed, note = restarted(
        data, lambda: lines.append(run_app(tmp_path, "serve", 'DELETE FROM "shop_book"'))
    )
    assert note == "0 rows kept"
    (told,) = judge(Seen(failed=failed), Places(tmp_path, [], []))
    assert told.level == "C" and told.where == f"app.py:{lines[0]}"
    assert told.what == ("Rows are gone after a restart: default.shop_book had 3 rows and has 0.")
    assert told.why == "The app deletes them when it starts."


def test_rows_that_a_task_deletes_are_no_fault(data: Path) -> None:
    failed, note = restarted(
        data, lambda: run_app(data.parent, "worker", "DELETE FROM shop_book WHERE title = 'a'")
    )
    assert note == "2 rows kept"
    (told,) = judge(Seen(failed=failed), Places(data.parent, [], []))
    assert told.level == "" and told.what == (
        "There are fewer rows after a restart: default.shop_book had 3 rows and has 2."
    )


def test_a_file_that_is_replaced_is_a_fault(data: Path) -> None:
    def replaced() -> None:
        with contextlib.closing(sqlite3.connect(data)) as connection, connection:
            connection.execute("DELETE FROM shop_book WHERE title <> 'a'")

    failed, _ = restarted(data, replaced)
    (told,) = judge(Seen(failed=failed), Places(data.parent, [], []))
    assert told.level == "C" and told.why.startswith("No query of the app deletes them")


def test_what_cannot_be_counted_is_not_lost(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        # Like a table of an extension that only another process has loaded.
        monkeypatch.setattr(traces, "rows", lambda databases: {"default.shop_book": traces.UNKNOWN})

    failed, _ = restarted(data, broken)
    assert failed == []


def test_the_tables_behind_an_index_are_not_counted(tmp_path: Path) -> None:
    database = tmp_path / "app.sqlite3"
    with contextlib.closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("CREATE VIRTUAL TABLE shop_search USING fts5(title)")
        connection.execute("CREATE TABLE shop_data (title TEXT)")
        connection.execute("INSERT INTO shop_search VALUES ('a')")
        connection.execute("INSERT INTO shop_data VALUES ('a')")
    assert traces.rows({"default": str(database)}) == {"default.shop_data": 1}


@pytest.mark.parametrize(
    ("sql", "table"),
    [
        ('DELETE FROM "shop_book" WHERE 1', "default.shop_book"),
        ("delete from `shop_book`", "default.shop_book"),
        ("SELECT 'DELETE FROM shop_book'", None),
        ("UPDATE shop_book SET title = 'x'", None),
    ],
)
def test_which_queries_delete(data: Path, sql: str, table: str | None) -> None:
    line = run_app(data.parent, "serve", sql)
    found = [one for one in traces.records(data.parent / "watched") if one["kind"] == "delete"]
    place = {"file": str(data.parent / "app.py"), "line": line}
    wanted = [{"kind": "delete", **place, "what": table, "server": True}] if table else []
    assert found == wanted
