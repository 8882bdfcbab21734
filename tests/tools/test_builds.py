"""A project's builds run in a copy; the project itself is not changed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from djdesk.app import App, AppError, load
from djdesk.tools import builds
from djdesk.tools.problem import ToolProblem
from tests.tools.init_projects import make, state

# Records each run, so that a second one is visible.
BUILD = """
    import pathlib, sys
    made = pathlib.Path("made")
    made.mkdir(exist_ok=True)
    (made / "shop.js").write_text("1")
    (made / "node_modules").mkdir(exist_ok=True)
    with open(sys.argv[1], "a") as log:
        log.write("built\\n")
"""


def app_of(folder: Path, table: str) -> App:
    folder.mkdir(exist_ok=True)
    head = '[project]\nname = "shop"\nversion = "1"\n\n[tool.djdesk]\nsettings = "shop.settings"\n'
    text = head + table
    (folder / "pyproject.toml").write_text(text)
    load.cache_clear()
    return load(folder)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    left = {"node_modules/x.js": "", ".venv/pyvenv.cfg": "", "web/build.py": BUILD}
    return make(tmp_path / "shop", left)


def quiet(line: str) -> None:
    pass


def test_a_build_runs_in_a_copy_and_once(tmp_path, project):
    log = tmp_path / "log"
    table = f'project = "../shop"\n[tool.djdesk.builds]\nweb = "python build.py {log}"\n'
    app = app_of(tmp_path / "app", table)
    before, said = state(project), []
    made = builds.built(app, said.append)
    assert state(project) == before
    assert made.project == app.root / ".djdesk" / "built" / "project"
    assert made.settings == app.settings and (made.project / "web/made/shop.js").is_file()
    assert not (made.project / "node_modules").exists() and not (made.project / ".venv").exists()
    assert any("build.py" in line for line in said)
    builds.built(app, quiet)
    assert log.read_text() == "built\n", "nothing has changed"
    (project / "shop" / "urls.py").write_text((project / "shop" / "urls.py").read_text() + "\n")
    builds.built(app, quiet)
    assert log.read_text() == "built\nbuilt\n"


def test_a_table_in_the_project_itself(tmp_path, project):
    app = app_of(project, f'[tool.djdesk.builds]\nweb = ["python build.py {tmp_path / "log"}"]\n')
    made = builds.built(app, quiet)
    assert made.root == made.project == project / ".djdesk" / "built"
    assert (made.project / "web/made").is_dir() and not (project / "web/made").exists()


def test_what_is_built_beside_the_project_is_beside_its_copy(tmp_path):
    make(tmp_path / "shop" / "backend", {"x.py": ""})
    make(tmp_path / "shop" / "web", {"build.py": BUILD})
    table = f'"../web" = "python build.py {tmp_path / "log"}"\n'
    app = app_of(tmp_path / "app", f'project = "../shop/backend"\n[tool.djdesk.builds]\n{table}')
    made = builds.built(app, quiet)
    assert (made.project / "../web/made/shop.js").is_file()
    assert (made.project / "manage.py").is_file() and "built" in str(made.project)


def test_an_app_without_builds_is_itself(tmp_path, project):
    app = app_of(tmp_path / "app", 'project = "../shop"\n')
    assert builds.built(app, quiet) is app and not (app.root / ".djdesk").exists()


@pytest.mark.parametrize(
    ("command", "wanted"),
    [("python no.py", "fails in web"), ("no-such-program-7 x", "no program no-such-program-7")],
)
def test_a_build_that_does_not_work_is_told(tmp_path, project, command, wanted):
    table = f'project = "../shop"\n[tool.djdesk.builds]\nweb = "{command}"\n'
    app = app_of(tmp_path / "app", table)
    for _ in range(2):  # an incomplete build does not count as built
        with pytest.raises(ToolProblem, match=wanted):
            builds.built(app, quiet)


@pytest.mark.parametrize(
    "line", ['"/web" = "npm run build"', '"../../web" = "npm ci"', "web = 1", "web = []"]
)
def test_a_table_that_cannot_be_meant(tmp_path, project, line):
    with pytest.raises(AppError, match=r"pyproject\.toml, line"):
        app_of(tmp_path / "app", f'project = "../shop"\n[tool.djdesk.builds]\n{line}\n')


@pytest.mark.skipif(sys.platform == "win32", reason="a program there is another file")
def test_npm_stands_in_for_the_managers_that_it_can_fetch(tmp_path, project, monkeypatch):
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "npx").write_text(f'#!/bin/sh\necho "$@" > {tmp_path / "asked"}\n')
    (programs / "npx").chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
    monkeypatch.setattr(builds, "find_node", lambda: str(programs / "node"))
    table = 'project = "../shop"\n[tool.djdesk.builds]\nweb = "yarn run build"\n'
    builds.built(app_of(tmp_path / "app", table), quiet)
    assert (tmp_path / "asked").read_text() == "--yes yarn@1 run build\n"


@pytest.mark.parametrize(("error", "runs"), [("ERR_OSSL_EVP_UNSUPPORTED", 2), ("ERR_OTHER", 1)])
def test_an_old_webpack_gets_the_hashes_that_it_needs(tmp_path, project, monkeypatch, error, runs):
    """As webpack 4 with Node 17 or later. Any other failure is not tried again."""
    (project / "web" / "build.py").write_text(
        "import os, sys\nfrom pathlib import Path\n"
        "options = os.environ.get('NODE_OPTIONS', '')\n"
        "with open(sys.argv[1], 'a') as log:\n    log.write(options + '\\n')\n"
        f"sys.exit(0 if 'legacy' in options else 'code: {error}')\n"
    )
    monkeypatch.setenv("NODE_OPTIONS", "--trace-warnings")
    log = tmp_path / "log"
    table = f'project = "../shop"\n[tool.djdesk.builds]\nweb = "python build.py {log}"\n'
    app = app_of(tmp_path / "app", table)
    if runs == 2:
        builds.built(app, quiet)
    else:
        with pytest.raises(ToolProblem, match="fails in web"):
            builds.built(app, quiet)
    given = ["--trace-warnings", "--trace-warnings --openssl-legacy-provider"]
    assert log.read_text().splitlines() == given[:runs]


def test_a_management_command_has_the_desktops_settings_and_no_data(tmp_path, project):
    """Its files are made in the copy, with data that is thrown away."""
    commands = project / "shop" / "management" / "commands"
    commands.mkdir(parents=True)
    (commands / "draw.py").write_text(
        "import sys\nfrom pathlib import Path\nfrom django.conf import settings\n"
        "from django.core.management import BaseCommand\n"
        "class Command(BaseCommand):\n"
        "    def add_arguments(self, parser):\n        parser.add_argument('folder')\n"
        "    def handle(self, folder, **options):\n"
        "        Path(folder).mkdir()\n"
        "        data = settings.DATABASES['default']['NAME']\n"
        "        Path(folder, 'drawn.txt').write_text(f'{settings.BASE_DIR}\\n{data}')\n"
    )
    before = state(project)
    line = '"." = ["djdesk manage draw pictures"]'
    app = app_of(tmp_path / "app", f'project = "../shop"\n[tool.djdesk.builds]\n{line}\n')
    made = builds.built(app, quiet)
    base, data = (made.project / "pictures" / "drawn.txt").read_text().splitlines()
    assert Path(base) == made.project and "djdesk-build-" in data
    assert not Path(data).parent.exists() and state(project) == before


def test_a_management_command_that_fails_is_told(tmp_path, project):
    line = '"." = "djdesk manage no_such_command"'
    app = app_of(tmp_path / "app", f'project = "../shop"\n[tool.djdesk.builds]\n{line}\n')
    with pytest.raises(ToolProblem, match="no_such_command") as problem:
        builds.built(app, quiet)
    assert "Unknown command" in problem.value.detail
