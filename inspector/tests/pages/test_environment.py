"""An environment for a project without one: created in the data folder, with
its declared packages.
"""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from django.urls import reverse

from djdesk.projects.discovery.requirements import read_declared
from inspector import tasks
from inspector.models import Command, Preferences, Project, Scan
from inspector.models.command import ENVIRONMENT
from inspector.projects import environments
from inspector.projects.environments import CannotMake, Tool, Wanted
from inspector.tasks import queue_command
from tests.long import LONG

from .later import for_good

pytestmark = pytest.mark.django_db
PYTHON = str(Path(sys.base_prefix, "python.exe" if sys.platform == "win32" else "bin/python3"))


def uvs():
    """The computer's uv programs, and the checkout's own."""
    root = Path(__file__).parents[3]
    ours = root / ".tools" / "uv" / "bin" / "uv"
    found = [one for one in environments.candidates() if one.is_uv]
    return [*found, *([Tool(str(ours), True)] if ours.is_file() else [])]


UVS = uvs()


@pytest.fixture
def index(tmp_path, monkeypatch):
    """A local index with the only available package, and no network."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    name = "tinything-1.0.dist-info"
    with zipfile.ZipFile(folder / "tinything-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("tinything.py", "")
        wheel.writestr(f"{name}/METADATA", "Metadata-Version: 2.1\nName: tinything\nVersion: 1.0\n")
        tag = "Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        wheel.writestr(f"{name}/WHEEL", tag)
        wheel.writestr(f"{name}/RECORD", "")
    for tool, no_index in (("PIP", "PIP_NO_INDEX"), ("UV", "UV_NO_INDEX")):
        monkeypatch.setenv(f"{tool}_FIND_LINKS", str(folder))
        monkeypatch.setenv(no_index, "1")
    return folder


@pytest.fixture
def asked(project_folder, monkeypatch):
    """``asked(text)``: a requested run in a project with this requirements.txt."""
    # uv is ten times as fast. Pass it an interpreter, because PATH may hold ones that do not run.
    tools = UVS or [Tool(PYTHON, False)]
    monkeypatch.setattr(environments, "candidates", lambda: tools)
    monkeypatch.setenv("UV_PYTHON", PYTHON)

    def ask(text):
        (project_folder / "requirements.txt").write_text(text)
        project = Project.objects.create(path=str(project_folder), name="shop")
        return queue_command(project, ENVIRONMENT, "Make an environment", ["x"], time_limit=300)

    yield ask
    for project in Project.objects.all():
        environments.remove(project)
    for command in Command.objects.all():
        command.output.unlink(missing_ok=True)


def drive(command):
    assert tasks.run_command.call(command.pk) != "skipped"
    command.refresh_from_db()
    return command.output.read_text() if command.output.exists() else ""


def tree(folder):
    return sorted((str(p), p.stat().st_mtime_ns) for p in Path(folder).rglob("*"))


@pytest.mark.parametrize("uv", [pytest.param(False, marks=LONG), True], ids=["pip", "uv"])
def test_it_is_made_outside_the_project_and_chosen(client, asked, index, monkeypatch, uv):
    if uv and not UVS:
        pytest.skip("there is no uv on this computer")
    if not uv:
        monkeypatch.setattr(environments, "candidates", lambda: [Tool(PYTHON, False)])
    command = asked("tinything==1.0\n-e .\n")
    before = tree(command.project.path)
    said = drive(command)
    assert command.status == "done", said
    project = Project.objects.get()
    folder = environments.folder_of(project)
    assert project.python == str(environments.python_of(folder))
    assert list(folder.rglob("tinything.py")) and not project.is_trusted
    assert tree(project.path) == before
    # A scan follows, which only reads.
    assert not project.scans.get().trusted
    assert "tinything" in said
    page = client.get(project.get_absolute_url()).content.decode()
    assert "DJDesk created this environment" in page
    client.post(reverse("inspector:remove-environment", args=[project.pk]))
    project.refresh_from_db()
    assert not folder.exists() and project.python == ""
    client.post(reverse("inspector:undo-remove-environment", args=[project.pk]))
    project.refresh_from_db()
    assert project.python == str(environments.python_of(folder)) and not project.is_trusted
    assert subprocess.run([project.python, "-c", "import tinything"], check=False).returncode == 0


def test_without_a_network_it_says_so_and_leaves_nothing(asked, monkeypatch):
    command = asked("tinything==1.0\n")
    for name, value in {
        "PIP_INDEX_URL": "http://127.0.0.1:9/simple",
        "PIP_RETRIES": "1",
        "UV_DEFAULT_INDEX": "http://127.0.0.1:9/simple",
        "UV_HTTP_RETRIES": "0",
        "UV_NO_CONFIG": "1",
        "PIP_CONFIG_FILE": "/dev/null",
        "PIP_FIND_LINKS": "",
    }.items():
        monkeypatch.setenv(name, value)
    said = drive(command)
    assert command.status == "failed", said
    assert "could not be reached" in command.reason, said
    assert not environments.folder_of(command.project).exists()
    assert Project.objects.get().python == "" and not Scan.objects.exists()


def test_one_that_is_stopped_leaves_nothing(asked, index):
    command = asked("tinything==1.0\n")
    Command.objects.filter(pk=command.pk).update(cancel_requested=True)
    drive(command)
    assert command.status == "stopped" and "incomplete environment was removed" in command.reason
    assert not environments.folder_of(command.project).exists()


def test_what_cannot_be_installed_is_said(asked, index):
    command = asked("not-there-at-all==9\n")
    said = drive(command)
    assert command.status == "failed" and "The last lines say why" in command.reason
    assert "not-there-at-all" in said


def test_an_index_of_the_project_s_own_is_not_passed_over(asked):
    command = asked("--extra-index-url https://packages.example.org/simple\ntinything\n")
    drive(command)
    assert command.status == "failed" and "its own package index" in command.reason


def test_without_a_program_it_says_what_to_install(asked, monkeypatch):
    command = asked("tinything\n")
    monkeypatch.setattr(environments, "candidates", lambda: [Tool("/nowhere/uv", True)])
    drive(command)
    assert command.status == "failed" and "Install uv or Python" in command.reason


def wanted(folder, **files) -> Wanted:
    for name, text in files.items():
        (folder / name.replace("_", ".")).write_text(text)
    return environments.wanted(read_declared(folder, folder))


def test_what_is_wanted_is_what_is_declared_in_locked_versions(tmp_path):
    found = wanted(
        tmp_path,
        requirements_txt="Django>=5,<6 ; python_version > '3.9'\nsmall[fast]==2\n",
        uv_lock='version = 1\n[[package]]\nname = "django"\nversion = "5.2.8"\n',
    )
    assert found.lines == ["Django>=5,<6 ; python_version > '3.9'", "small[fast]==2"]
    assert found.constraints == ["django==5.2.8"] and found.left_out == []


def test_a_project_that_declares_nothing_gets_django(tmp_path):
    found = wanted(tmp_path)
    assert found.lines == ["Django"] and found.files == []


def test_addresses_and_odd_names_are_left_out(tmp_path):
    found = wanted(tmp_path, requirements_txt="ok\nfork @ git+https://example.org/fork\n./mine\n")
    assert found.lines == ["ok"] and "fork" in found.left_out


@pytest.mark.parametrize("name", ["requirements_txt", "pyproject_toml"])
def test_an_own_index_is_refused(tmp_path, name):
    text = {
        "requirements_txt": "--index-url https://x.example/simple\nok\n",
        "pyproject_toml": '[project]\nname = "x"\ndependencies = ["ok"]\n[[tool.uv.index]]\n',
    }[name]
    with pytest.raises(CannotMake):
        wanted(tmp_path, **{name: text})


def test_the_page_offers_it_and_says_what_is_done(client, scanned, monkeypatch):
    monkeypatch.setattr(environments, "tool", lambda: Tool("/usr/bin/uv", True))
    rows = [{"name": "django", "group": "main"}, {"name": "pytest", "group": "dev"}]
    project = scanned(
        source="static", dependencies={"declared": rows, "files": ["requirements.txt"]}
    )
    page = client.get(project.get_absolute_url()).content.decode()
    assert "Create an environment for this project" in page and "/usr/bin/uv" in page
    assert "It downloads the package declared in requirements.txt" in page
    assert str(environments.folder_of(project)) in page
    response = client.post(reverse("inspector:make-environment", args=[project.pk]))
    command = Command.objects.get()
    assert response.url == command.get_absolute_url() and command.preset == ENVIRONMENT
    again = client.post(reverse("inspector:make-environment", args=[project.pk]))
    assert again.url == response.url and Command.objects.count() == 1
    assert client.get(response.url).status_code == 200


def test_where_no_code_may_run_nothing_is_installed(client, project):
    Preferences.objects.create(pk=1, trust="never")
    client.post(reverse("inspector:make-environment", args=[project.pk]))
    assert not Command.objects.exists()


def test_it_goes_with_the_project(client, project):
    folder = environments.folder_of(project)
    folder.mkdir(parents=True)
    client.post(reverse("inspector:remove", args=[project.pk]))
    for_good()
    assert not folder.exists()
