"""The settings that a project is run with, from every kind of file that names them."""

import sys

import pytest
from projects import MANAGE, SETTINGS, found_ids, make, scan, write

from djdesk.projects.discovery.launchers import find_launchers
from djdesk.projects.discovery.project import DiscoveryError, find_project

SET = 'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "{}")\n'
FILES = {
    "manage_dev.py": ("manage", MANAGE.replace("shop.settings", "shop.dev")),
    "bin/manage": ("manage", MANAGE.replace("shop.settings", "shop.dev")),
    ".env": ("env", "SECRET=1\nexport DJANGO_SETTINGS_MODULE='shop.dev'\n"),
    "compose.yml": (
        "compose",
        "services:\n  web:\n    environment:\n      DJANGO_SETTINGS_MODULE: shop.dev\n",
    ),
    "docker-compose.prod.yaml": ("compose", "x:\n  - DJANGO_SETTINGS_MODULE=shop.dev\n"),
    "Dockerfile": ("container", "FROM python\nENV DJANGO_SETTINGS_MODULE shop.dev\n"),
    "Procfile": ("container", "web: django-admin runserver --settings=shop.dev\n"),
    ".github/workflows/test.yml": ("ci", "env:\n  DJANGO_SETTINGS_MODULE: shop.dev\n"),
    "Makefile": ("ci", "test:\n\tpytest --ds=shop.dev\n"),
    "pytest.ini": ("tests", "[pytest]\nDJANGO_SETTINGS_MODULE = shop.dev\n"),
    "mypy.ini": ("types", "[mypy.plugins.django-stubs]\ndjango_settings_module = shop.dev\n"),
    ".vscode/settings.json": ("editor", '{"x": {"DJANGO_SETTINGS_MODULE": "shop.dev"}}'),
    ".idea/runConfigurations/a.xml": (
        "editor",
        '<env name="DJANGO_SETTINGS_MODULE" value="shop.dev" />',
    ),
    "shop/wsgi.py": ("web", SET.format("shop.dev")),
}


def project(root, files):
    make(root, {"shop/dev.py": "from .settings import *\n", **files})
    if "manage.py" not in files:
        (root / "manage.py").unlink()
    return find_project(root)


@pytest.mark.parametrize("name", FILES)
def test_every_launcher_is_evidence(tmp_path, name):
    kind, text = FILES[name]
    write(tmp_path, {name: text, "shop/dev.py": ""})
    (found,) = find_launchers(tmp_path)
    assert (found.module, found.kind) == ("shop.dev", kind)
    assert ("DJANGO_SETTINGS_MODULE" in text and found.line) or "shop.dev" in text
    chosen = project(tmp_path, {name: text}).settings
    assert chosen.module == "shop.dev"
    assert chosen.evidence == [{"text": name, "file": name, "line": found.line}]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (".env.example", "DJANGO_SETTINGS_MODULE=shop.dev\n"),
        (".env", "# DJANGO_SETTINGS_MODULE is set elsewhere\n"),
        ("tests/manage.py", MANAGE.replace("shop.settings", "shop.dev")),
        ("notes.yml", "DJANGO_SETTINGS_MODULE: shop.dev\n"),
    ],
)
def test_what_only_looks_like_a_launcher(tmp_path, name, text):
    write(tmp_path, {name: text})
    assert find_launchers(tmp_path) == []


def test_manage_py_comes_first_unless_it_reads_a_file_of_variables(tmp_path):
    env = {".env": "DJANGO_SETTINGS_MODULE=shop.dev\n"}
    assert project(tmp_path, {"manage.py": MANAGE, **env}).settings.module == "shop.settings"
    loads = MANAGE.replace("def main():\n", "def main():\n    load_dotenv()\n")
    assert project(tmp_path, {"manage.py": loads, **env}).settings.module == "shop.dev"


def test_of_two_files_like_manage_py_the_one_for_development_is_called(tmp_path):
    text = {name: MANAGE.replace("shop.settings", f"shop.{name}") for name in ("dev", "prod")}
    files = {f"manage_{name}.py": one for name, one in text.items()}
    found = project(tmp_path, {**files, "shop/prod.py": "from .settings import *\n"})
    assert found.manage_py == tmp_path / "manage_dev.py"
    assert found.settings.module == "shop.dev" and found.settings.tied
    result = scan(tmp_path, trust=True)
    runtime = result["sections"]["runtime"]["data"]
    assert runtime["settings_module"] == "shop.dev"
    assert runtime["settings_source"] == "manage_dev.py"
    assert "settings.tied" not in found_ids(result)  # one site with two purposes


def test_two_sites_of_one_repository_are_both_named(tmp_path):
    files = {f"{one}/__init__.py": "" for one in ("first", "second")}
    files |= {f"{one}/dev.py": SETTINGS for one in ("first", "second")}
    files |= {
        f"manage_{one}.py": MANAGE.replace("shop.settings", f"{one}.dev")
        for one in ("first", "second")
    }
    project(tmp_path, files)
    row = found_ids(scan(tmp_path))["settings.tied"]
    assert {one["file"] for one in row["facts"]} == {"manage_first.py", "manage_second.py"}


SINGLE = """import sys
from django.conf import settings
settings.configure(DEBUG=True, SECRET_KEY="x" * 60, ROOT_URLCONF=__name__,
    INSTALLED_APPS=["django.contrib.contenttypes", "catalog"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "db.sqlite3"}})
import django
django.setup()
from django.http import HttpResponse
from django.urls import path
def home(request): return HttpResponse("hi")
urlpatterns = [path("", home, name="home")]
from django.core.management import execute_from_command_line
execute_from_command_line(sys.argv)
"""


@pytest.mark.parametrize("trust", [False, True])
def test_a_site_in_one_file(tmp_path, trust):
    make(tmp_path, {"app.py": SINGLE})
    for name in ("manage.py", "shop/settings.py", "shop/urls.py"):
        (tmp_path / name).unlink()
    result = scan(tmp_path, trust=trust)
    assert result["project"]["manage_py"] == "app.py" and result["status"] == "complete"
    sections = result["sections"]
    assert [one["name"] for one in sections["urls"]["data"]["routes"]] == ["home"]
    assert "catalog" in [one["label"] for one in sections["apps"]["data"]["apps"]]
    rows = {one["name"]: one["value"] for one in sections["settings"]["data"]["variables"]}
    assert rows["DEBUG"] == "True"


def test_a_library_that_configures_settings_for_its_tests_is_no_site(tmp_path):
    write(tmp_path, {"conftest.py": "from django.conf import settings\nsettings.configure()\n"})
    with pytest.raises(DiscoveryError):
        find_project(tmp_path, python=sys.executable)


def test_a_nanodjango_app_is_called_by_its_name(tmp_path):
    text = "from nanodjango import Django\napp = Django()\n"
    write(tmp_path, {"counter.py": text, "requirements.txt": "nanodjango\n"})
    with pytest.raises(DiscoveryError) as caught:
        find_project(tmp_path)
    assert caught.value.reason.startswith("counter.py is a nanodjango app")
