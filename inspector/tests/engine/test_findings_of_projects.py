# ruff: noqa: E501 - source texts of projects stand in long lines
"""More lessons from real projects: each case with a similar one."""

import pytest
from projects import found_ids, german, make, scan

MODEL = (
    "from django.db import models\n\n\nclass Book(models.Model):\n    title = models.TextField()\n"
)
NOTHING = "from django.db import migrations\n\n\nclass Migration(migrations.Migration):\n    dependencies = []\n"


@pytest.mark.parametrize("trust", [False, True])
@pytest.mark.parametrize(
    ("file", "kind"), [("__init__", "migrations.empty"), ("0001_a", "drift:catalog")]
)
def test_models_without_any_migration_have_not_changed(tmp_path, file, kind, trust):
    """Like projects whose .gitignore excludes migrations."""
    files = {"catalog/models.py": MODEL, "catalog/migrations/__init__.py": ""}
    if file != "__init__":
        files[f"catalog/migrations/{file}.py"] = NOTHING
    found = found_ids(scan(make(tmp_path, files), trust=trust))
    assert {"migrations.empty", "migrations.none", "drift:catalog"} & found.keys() == {kind}
    sure = trust or kind != "drift:catalog"
    assert found[kind]["severity"] == ("warning" if sure else "info")
    assert german(found[kind]["title"])
    assert not sure or found[kind]["command"].endswith("makemigrations catalog")


@pytest.mark.parametrize(("module", "told"), [("development", False), ("main", True)])
def test_settings_that_are_called_development_need_no_word_about_it(tmp_path, module, told):
    make(tmp_path)
    text = (tmp_path / "shop/settings.py").read_text()
    (tmp_path / "shop/settings.py").unlink()
    (tmp_path / "shop/settings").mkdir()
    (tmp_path / "shop/settings/__init__.py").touch()
    (tmp_path / f"shop/settings/{module}.py").write_text(text)
    manage = tmp_path / "manage.py"
    manage.write_text(manage.read_text().replace("shop.settings", f"shop.settings.{module}"))
    assert ("settings.development" in found_ids(scan(tmp_path))) is told


CHECK = """
import socket
from django.core.checks import Error, register

@register()
def server(app_configs, **kwargs):
    {body}
    return [Error('The server does not answer.', id='shop.E001')]
"""
REACHES = "try: socket.create_connection(('127.0.0.1', 6379), timeout=1)\n    except OSError: pass"


@pytest.mark.parametrize(("body", "told"), [(REACHES, False), ("pass", True)])
def test_what_a_check_says_of_a_server_that_it_may_not_reach_is_no_finding(tmp_path, body, told):
    """Like pretalx, which contacts Redis, and the inspection blocks that."""
    files = {
        "catalog/models.py": "import catalog.checks\n",
        "catalog/checks.py": CHECK.format(body=body),
    }
    result = scan(make(tmp_path, files), trust=True)
    assert ("checks.error" in found_ids(result)) is told
    failed = result["sections"]["checks"]["data"]["failed"]
    assert [(one["check"], one["type"]) for one in failed] == (
        [] if told else [("catalog.checks.server", "Refused")]
    )
    assert told or (german(failed[0]["message"]) and "127.0.0.1:6379" in failed[0]["message"])


MIDDLEWARE = """
from django.core.exceptions import {name}


class Hosts:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.get_host() not in hosts():
            raise {name}("unknown host")
        return self.get_response(request)
"""


@pytest.mark.parametrize(
    ("name", "used", "told"),
    [("DisallowedHost", True, False), ("DisallowedHost", False, True), ("BadRequest", True, True)],
)
def test_hosts_that_a_middleware_of_the_project_refuses_are_not_all_accepted(
    tmp_path, name, used, told
):
    """Like pretalx, whose hosts are in its database."""
    settings = "DEBUG = False\nALLOWED_HOSTS = ['*']\n"
    settings += "MIDDLEWARE = ['catalog.hosts.Hosts']\n" if used else ""
    files = {"catalog/__init__.py": "", "catalog/hosts.py": MIDDLEWARE.format(name=name)}
    found = found_ids(scan(make(tmp_path, files, settings=settings)))
    assert ("settings.allowed-hosts" in found) is told


@pytest.mark.parametrize(("releases", "told"), [(["4.2", "5.2"], False), (["5.2"], True)])
def test_ranges_of_a_library_stay_open_on_purpose(tmp_path, releases, told):
    """Like django-oscar, whose sandbox is a project."""
    names = ", ".join(f'"Framework :: Django :: {one}"' for one in releases)
    project = f'[project]\nname = "shop"\nclassifiers = [{names}]\ndependencies = ["django>=4.2"]\n'
    rows = found_ids(scan(make(tmp_path, {"pyproject.toml": project})))
    assert ("packages.unpinned" in rows) is told
    (tmp_path / "requirements.txt").write_text("pillow>=10\n")
    rows = found_ids(scan(tmp_path))
    assert "pillow>=10" in str(rows["packages.unpinned"]["facts"])


@pytest.mark.parametrize(("lock", "told"), [("pillow==11.1.0\n", False), ("django==5.2\n", True)])
def test_a_lock_of_requirements_pins_what_it_names(tmp_path, lock, told):
    """Like geniza, which has one next to its open ranges."""
    files = {"pyproject.toml": '[project]\nname = "shop"\ndependencies = ["pillow>=10"]\n'}
    rows = found_ids(scan(make(tmp_path, files | {"requirements.lock": lock})))
    assert ("packages.unpinned" in rows) is told


@pytest.mark.parametrize("told", [False, True])
def test_hosts_that_the_source_does_not_tell_are_nobodys_mistake(tmp_path, told):
    """Like ColdFront, which reads them from a variable in split settings."""
    settings = "DEBUG = False\n" + (
        "import hosts\nglobals().update(hosts.all())\n" if not told else "ALLOWED_HOSTS = ['*']\n"
    )
    files = {"hosts.py": "def all():\n    return {'ALLOWED_HOSTS': ['*']}\n"}
    rows = found_ids(scan(make(tmp_path, files, settings=settings), trust=True))
    assert ("settings.allowed-hosts" in rows) is told


@pytest.mark.parametrize(
    ("code", "title"),
    [
        (
            "import subprocess\nsubprocess.check_output(['npm', 'bin'])\n",
            "A scan cannot load the project",
        ),
        ("1 / 0\n", "The project does not load"),
    ],
)
def test_a_program_that_a_scan_does_not_start_is_no_fault_of_the_project(tmp_path, code, title):
    """Like concordia, which asks git for its version."""
    found = found_ids(scan(make(tmp_path, settings=code), trust=True))["runtime.not-loaded"]
    assert found["title"] == title
