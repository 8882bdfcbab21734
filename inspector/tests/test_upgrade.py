"""Data and addresses of checkouts before 0.2.0, when a project was called a workspace."""

import contextlib
import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from .test_full_disk import Child, Visitor

BEFORE = "0012_pastscan"
SCANNED = "2026-11-30 10:00:00"
EMPTY = {"datetime": SCANNED, "text": "[]", "varchar": ""}


@pytest.fixture
def data(tmp_path):
    """A data folder with the tables of that version, and a row in each that has changed."""
    folder, project = tmp_path / "data", tmp_path / "shop"
    folder.mkdir()
    project.mkdir()
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "djdesk.overlay.settings",
        "DJDESK_APP": str(Path(__file__).parents[1]),
        "DJDESK_DATA_DIR": str(folder),
        "DJDESK_MODE": "packaged",
    }
    command = [sys.executable, "-m", "django", "migrate", "--verbosity=0", "inspector", BEFORE]
    subprocess.run(command, env=environment, check=True)
    finding = {"id": "drift:shop", "severity": "warning", "title": "Models changed"}
    finding |= {"text": "", "why": "", "facts": [], "more": 0, "section": "drift"}
    rows = {
        "workspace": {
            "id": 7,
            "path": str(project),
            "name": "Corner shop",
            "env": "{}",
            "lists": "{}",
        },
        "scan": {
            "id": 3,
            "workspace_id": 7,
            "status": "complete",
            "finished": SCANNED,
            "project": json.dumps({"name": "shop", "django_hint": "5.2.8"}),
            "summary": json.dumps({"counts": {"models": 4}, "attention": {"warning": 1}}),
            "insights": json.dumps([finding]),
        },
        "pastscan": {"workspace_id": 7, "number": 1, "findings": 23, "counts": "{}"},
        "command": {"id": 5, "workspace_id": 7, "title": "Check", "status": "done"},
        "export": {"id": 6, "workspace_id": 7, "scan_id": 3, "kind": "report", "status": "failed"},
    }
    remedy = {"action": "without-jail", "text": "Run it once without the sandbox"}
    error = {"type": "NoJail", "message": "It did not start.", "hint": None, "trace": []}
    error |= {"file": None, "line": None}
    error |= {
        "diagnosis": {"kind": "jail", "text": "No sandbox", "names": [], "remedies": [remedy]}
    }
    rows["section"] = {
        "scan_id": 3,
        "name": "runtime",
        "source": "live",
        "error": json.dumps(error),
    }
    with contextlib.closing(sqlite3.connect(folder / "app.sqlite3")) as database, database:
        for table, row in rows.items():
            insert(database, table, row)
    return folder


def insert(database, table, given):
    """Columns that are not given get an empty value of their type."""
    row = {}
    columns = database.execute(f"PRAGMA table_info(inspector_{table})")
    for _, name, kind, required, _, key in columns:
        if name in given:
            row[name] = given[name]
        elif required and not key:
            row[name] = EMPTY.get(kind.lower().partition("(")[0], 0)
    places = ", ".join("?" * len(row))
    names = ", ".join(f'"{name}"' for name in row)
    database.execute(
        f"INSERT INTO inspector_{table} ({names}) VALUES ({places})",
        list(row.values()),
    )


def test_data_and_addresses_of_the_version_before_are_kept(data):
    with Child("serve", data) as server:
        visitor = Visitor(server.port)
        home = visitor.send("GET", "/")[1]
        assert "Corner shop" in home and "Django 5.2.8" in home and "1 warning" in home
        pages = {
            page: visitor.send("GET", f"/projects/7/{page}")[1]
            for page in ("", "runs/", "runs/timeline/", "commands/5/", "exports/6/")
        }
        assert "Models changed" in pages[""]
        # What it offers, it does.
        assert 'name="action" value="without-sandbox"' in pages[""]
        assert "run-3" in pages["runs/"] and ">23<" in pages["runs/timeline/"]
        assert "Check" in pages["commands/5/"] and "Corner shop" in pages["exports/6/"]

        # A link, or an entry of a jump list, is followed by two redirects.
        status, _, address = visitor.send("GET", "/desktop/open/workspaces/7/urls/?q=a")
        assert (status, address) == (302, "/workspaces/7/urls/")
        assert visitor.send("GET", f"{address}?q=a")[::2] == (302, "/projects/7/urls/?q=a")
        assert visitor.send("GET", "/workspaces/7/")[::2] == (302, "/projects/7/")
        assert visitor.send("GET", "/workspaces/7/commands/")[0] == 404, "no link may open it"
        assert visitor.send("POST", "/workspaces/7/urls/", "")[0] in (403, 405)
    with contextlib.closing(sqlite3.connect(data / "app.sqlite3")) as database:
        assert not database.execute("PRAGMA foreign_key_check").fetchall()
        insert(database, "scan", {"id": 8, "project_id": 7, "status": "queued"})
        with pytest.raises(sqlite3.IntegrityError, match="project_id"):
            insert(database, "scan", {"id": 9, "project_id": 7, "status": "running"})
        with pytest.raises(sqlite3.IntegrityError, match="project_id"):
            insert(database, "pastscan", {"project_id": 7, "number": 1})
