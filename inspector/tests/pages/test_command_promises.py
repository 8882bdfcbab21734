"""Commands that promise to write nothing are checked: by a sandbox, or by comparison."""

from __future__ import annotations

import sys
from shutil import which

import pytest

from inspector.commands import read_only_sandbox
from inspector.commands.presets import PRESETS
from inspector.run.sandbox import Sandbox, detect, landlock, name_of

from .running import run

pytestmark = pytest.mark.django_db


def writing(project_folder):
    """Settings that write a file into the project on every load."""
    source = project_folder / "config" / "settings.py"
    text = (
        "from pathlib import Path\n"
        "try:\n    (Path(__file__).parent.parent / 'made.txt').write_text('x')\n"
        "except OSError as error:\n    print('refused', error.strerror)\n"
    )
    source.write_text(source.read_text() + text)


@pytest.mark.parametrize(
    ("sandbox", "refusal"),
    [
        pytest.param(
            detect,
            "Read-only file system",
            marks=pytest.mark.skipif(
                name_of(detect()) != "bubblewrap",
                reason="no bubblewrap works here"
                if which("bwrap")
                else "needs-package: bubblewrap",
            ),
        ),
        pytest.param(
            landlock,
            "Permission denied",
            marks=pytest.mark.skipif(landlock() is None, reason="this kernel has no Landlock"),
        ),
    ],
)
def test_a_command_that_promises_to_write_nothing_cannot(
    client, trusted, project_folder, monkeypatch, sandbox, refusal
):
    monkeypatch.setattr(read_only_sandbox, "detect", sandbox)
    writing(project_folder)
    command = run(client, trusted, "check")
    assert command.status == "done", command.output.read_text()
    assert f"refused {refusal}" in command.output.read_text()
    assert command.changed == [] and not (project_folder / "made.txt").exists()
    page = client.get(command.get_absolute_url()).content.decode()
    assert "Nothing was written to the project" in page and "read-only while it ran" in page


def test_without_a_sandbox_what_was_written_is_listed_in_red(
    client, trusted, project_folder, monkeypatch
):
    monkeypatch.setattr(read_only_sandbox, "detect", Sandbox)
    writing(project_folder)
    command = run(client, trusted, "check")
    assert command.changed == ["made.txt"]
    page = client.get(command.get_absolute_url()).content.decode()
    assert "1 file of the project has changed" in page and "<li>made.txt</li>" in page
    assert "Nothing was written" not in page


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script")
def test_where_the_sandbox_does_not_start_nothing_runs_until_the_user_says_so(
    client, trusted, tmp_path, project_folder, monkeypatch
):
    broken = tmp_path / "bwrap"
    broken.write_text("#!/bin/sh\necho 'bwrap: No permissions' >&2\nexit 1\n")
    broken.chmod(0o755)
    sandbox = Sandbox("guard + bubblewrap", str(broken))
    monkeypatch.setattr(read_only_sandbox, "detect", lambda: sandbox)
    writing(project_folder)
    command = run(client, trusted, "check")
    assert command.status == "failed" and "bwrap: No permissions" in command.reason
    assert not (project_folder / "made.txt").exists()
    page = client.get(command.get_absolute_url()).content.decode()
    assert "so nothing was run" in page and "Run it once without the sandbox" in page

    again = run(client, trusted, "check", **{"without-sandbox": "1"})
    assert again.status == "done" and again.changed == ["made.txt"]
    assert "without bubblewrap" in again.protection
    assert "without the sandbox" not in client.get(again.get_absolute_url()).content.decode()


def with_database(project, name, state="missing"):
    scan = project.scans.create(status="complete")
    row = {"engine": "django.db.backends.sqlite3", "name": name, "state": state}
    scan.sections.create(
        name="databases", source="live", ok=True, data={"databases": {"default": row}}
    )


def test_a_database_that_does_not_exist_is_not_made_by_asking(client, trusted, project_folder):
    source = project_folder / "config" / "settings.py"
    source.write_text(
        source.read_text() + 'DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3",'
        f' "NAME": {str(project_folder / "db.sqlite3")!r}}}}}\n'
    )
    with_database(trusted, "db.sqlite3")
    command = run(client, trusted, "showmigrations")
    assert command.status == "failed" and "db.sqlite3 does not exist" in command.reason
    assert not (project_folder / "db.sqlite3").exists()
    (project_folder / "db.sqlite3").touch()
    assert run(client, trusted, "showmigrations").status == "done"


def test_a_database_with_a_log_beside_it_is_compared_only(tmp_path):
    import sqlite3

    file = tmp_path / "db.sqlite3"
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("CREATE TABLE x (y)")
    connection.close()
    found = read_only_sandbox.choose_sandbox([file], asks=True)
    assert found.sandbox is None and found.text
    beside = ["db.sqlite3-shm", "db.sqlite3-wal", "x.py"]
    assert read_only_sandbox.of_the_project(beside, [file], tmp_path) == ["x.py"]


def test_what_promises_nothing_is_not_compared(client, own):
    command = run(client, own("print('x')"), "own:work")
    assert command.changed is None
    assert "Nothing was written" not in client.get(command.get_absolute_url()).content.decode()


def test_every_preset_that_promises_to_change_nothing_is_held_to_it():
    free = {key for key, preset in PRESETS.items() if not preset.reads_only}
    assert free == {"test", "pytest"}
    assert {key for key, preset in PRESETS.items() if not preset.asks} - free == {
        *("check", "check-deploy", "diffsettings")
    }
