"""Opening a file in the editor: what is refused, what is started, and with which arguments."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

import pytest
from django.urls import reverse

from inspector.models import Preferences, Project
from inspector.projects import editors

pytestmark = pytest.mark.django_db

RECORD = """
import json, os, sys
open(sys.argv[1], "w").write(json.dumps([sys.argv[2:], dict(os.environ)]))
"""


@pytest.fixture
def project(project_folder):
    return Project.objects.create(path=str(project_folder), name="shop")


@pytest.fixture
def recorder(tmp_path):
    """An editor that records how it was called."""
    script = tmp_path / "record.py"
    script.write_text(RECORD)
    out = tmp_path / "called.json"
    command = f'"{sys.executable}" "{script}" "{out}" {{file}} +{{line}}'
    Preferences(pk=1, editor="custom", editor_command=command).save()
    return out


def ask(client, project, file, line="3"):
    url = reverse("inspector:open-file", args=[project.pk])
    return client.post(url, {"file": file, "line": line}).json()


def called(path: Path):
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            return json.loads(path.read_text())
        except (OSError, ValueError):
            time.sleep(0.02)
    raise AssertionError("the editor was not started")


@pytest.mark.parametrize(
    "command",
    [
        "",
        "code",
        "code --goto",
        "{file}",
        "{file} {file}",
        "sh -c {file}",
        "/bin/bash {file}",
        "cmd.exe /c {file}",
        "PowerShell {file}",
        "env code {file}",
        "sudo vi {file}",
        "./edit {file}",
        "../bin/edit {file}",
        'code "{file}',
    ],
)
def test_commands_that_are_refused(client, command):
    with pytest.raises(ValueError, match=r"\w"):
        editors.parse_command(command)
    url = reverse("inspector:preferences")
    values = {"theme": "dark", "density": "normal", "editor": "custom", "editor_command": command}
    response = client.post(url, values | {"scan_limit": 300, "section_limit": 60, "trust": "ask"})
    assert response.status_code == 200 and b'aria-invalid="true"' in response.content
    assert not Preferences.objects.exists()


@pytest.mark.parametrize(
    "file",
    [
        "../outside.txt",
        "config/../../outside.txt",
        "/etc/passwd",
        "link.txt",
        "config",
        "gone.py",
        "",
        "\0",
        "x" * 5000,
    ],
)
def test_files_that_are_not_opened(client, project, recorder, file):
    outside = Path(project.path).parent / "outside.txt"
    outside.write_text("secret")
    (Path(project.path) / "link.txt").symlink_to(outside)
    answer = ask(client, project, file)
    assert answer["opened"] is False and answer["reason"].endswith(".")
    assert not recorder.exists()


def test_without_an_editor_the_page_copies(client, project):
    answer = ask(client, project, "manage.py")
    assert answer == {"opened": False, "reason": "No editor is set in the preferences."}


def test_only_a_post_opens_a_file(client, project):
    url = reverse("inspector:open-file", args=[project.pk])
    assert client.get(url, {"file": "manage.py"}).status_code == 405


def test_the_editor_gets_the_file_and_the_line_and_nothing_of_ours(
    client, project, recorder, monkeypatch
):
    monkeypatch.setenv("DJDESK_DATA_DIR", "/x")
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", os.environ["DJANGO_SETTINGS_MODULE"])
    assert ask(client, project, "manage.py", "12")["opened"] is True
    arguments, environment = called(recorder)
    assert arguments == [str(Path(project.path, "manage.py").resolve()), "+12"]
    assert not [n for n in environment if n.startswith(("DJDESK_", "DJANGO_"))]


@pytest.mark.parametrize("line", ["", "-1", "1; rm", "²", "9" * 20, "0"])
def test_a_line_that_is_none_is_the_first(client, project, recorder, line):
    assert ask(client, project, "manage.py", line)["opened"] is True
    assert called(recorder)[0][1] == "+1"


def test_a_name_with_spaces_quotes_and_a_placeholder_is_one_argument(client, project, recorder):
    name = "a 'b' $(touch x); {line} ä.py"
    Path(project.path, name).write_text("")
    assert ask(client, project, name)["opened"] is True
    assert called(recorder)[0] == [str(Path(project.path, name).resolve()), "+3"]


def test_a_program_that_is_not_there_is_named(client, project):
    Preferences(pk=1, editor="custom", editor_command="no-such-editor {file}").save()
    answer = ask(client, project, "manage.py")
    assert "no-such-editor was not found" in answer["reason"]


def test_an_editor_that_fails_at_once_is_told(client, project):
    command = f'"{sys.executable}" -c "raise SystemExit(3)" {{file}}'
    Preferences(pk=1, editor="custom", editor_command=command).save()
    # On a slow machine it may still be running, which counts as started.
    answer = ask(client, project, "manage.py")
    assert answer["opened"] or "ended with 3" in answer["reason"]


def test_every_known_editor_names_file_and_line():
    for name, argv in editors.EDITORS.values():
        assert editors.parse_command(" ".join(argv)) == argv, name
        assert "{line}" in " ".join(argv), name


def test_an_editor_of_macos_is_found_in_its_bundle(tmp_path, monkeypatch):
    """The Finder starts the app without a terminal's PATH."""
    bundle = tmp_path / "Applications" / editors.BUNDLES["code"]
    bundle.parent.mkdir(parents=True)
    bundle.write_text("#!/bin/sh\n")
    bundle.chmod(0o755)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    editor = editors.chosen("vscode", "")
    file = tmp_path / "models.py"
    monkeypatch.setattr(sys, "platform", "linux")
    with pytest.raises(editors.CannotOpen):
        editor.command(file, 3)
    monkeypatch.setattr(sys, "platform", "darwin")
    assert editor.command(file, 3) == [str(bundle), "--goto", f"{file}:3"]
