"""Odd things that projects do while loading, and their limited effect."""

import sys
from pathlib import Path

import django
import pytest
from projects import german, make, scan

from djdesk.projects.code.tree import Tree

posix = pytest.mark.skipif(sys.platform == "win32", reason="forks of POSIX")


def live(root, **options):
    found = scan(root, trust=True, **options)
    assert found["changed"] == []
    return found


@posix
@pytest.mark.parametrize("end", ["pass", "sys.exit(1)", "raise RuntimeError('only the copy')"])
def test_a_fork_that_comes_back_says_nothing(tmp_path, end):
    settings = f"import os, sys\nif os.fork() == 0:\n    {end}\n"
    found = live(make(tmp_path, settings=settings))
    assert found["status"] == "complete"
    assert found["sections"]["runtime"]["ok"]


def test_a_clock_and_a_writer_that_the_project_replaces_are_not_ours(tmp_path):
    settings = "import json, os, time\ntime.perf_counter = lambda: 0.0\n"
    settings += "json.dumps = lambda *a, **k: 'mine'\nos.write = lambda *a: 1 / 0\n"
    found = live(make(tmp_path, settings=settings))
    assert found["status"] == "complete" and found["sections"]["side_effects"]["ok"]


def test_who_asks_for_input_is_told_that_nobody_answers(tmp_path):
    found = live(make(tmp_path, settings="NAME = input('Your name: ')\n"))
    hint = found["sections"]["runtime"]["error"]["hint"]
    assert "asks for input" in hint and "shop/settings.py:" in hint
    assert german(hint)


# The part of pydantic-settings' errors that the probe reads.
PYDANTIC = """\
import os, sys, types
library = sys.modules["pydantic_settings"] = types.ModuleType("pydantic_settings")


class BaseSettings:
    model_config, model_fields = {}, {}


library.BaseSettings = BaseSettings


class ValidationError(ValueError):
    title = "Conf"

    def errors(self):
        return [
            {"type": "missing", "loc": ("page_count",)},
            {"type": "missing", "loc": ("OTHER_NAME",)},
        ]


class Conf(BaseSettings):
    model_config, model_fields = {"env_prefix": "APP_"}, {"page_count": None}


if not {"APP_PAGE_COUNT", "OTHER_NAME"} <= set(dict(os.environ)):
    raise ValidationError("2 validation errors for Conf\\npage_count\\n  Field required")
"""


def test_variables_of_pydantic_settings_have_their_prefix(tmp_path):
    make(tmp_path, settings=PYDANTIC)
    error = live(tmp_path, repair=False)["sections"]["runtime"]["error"]
    assert error["diagnosis"]["kind"] == "missing-variable"
    assert error["diagnosis"]["names"] == ["APP_PAGE_COUNT", "OTHER_NAME"]
    loaded = live(tmp_path)["sections"]["runtime"]["data"]
    assert {name for one in loaded["repairs"] for name in one["names"]} == {
        "APP_PAGE_COUNT",
        "OTHER_NAME",
    }


def test_a_check_that_gives_no_message_is_the_only_one_that_fails(tmp_path):
    models = (
        "from django.core.checks import Warning, register\n"
        "@register()\ndef wrong(app_configs, **more):\n    return ['a text']\n"
        "@register()\ndef right(app_configs, **more):\n    return [Warning('x', id='x.W1')]\n"
    )
    checks = live(make(tmp_path, {"catalog/models.py": models}))["sections"]["checks"]["data"]
    assert [one["check"] for one in checks["failed"]] == ["catalog.models.wrong"]
    assert "x.W1" in [one["id"] for one in checks["messages"]]


def test_a_template_of_another_encoding_is_broken_and_a_picture_is_not(tmp_path):
    folder = tmp_path / "catalog" / "templates"
    folder.mkdir(parents=True)
    (folder / "page.html").write_bytes("Größe".encode("latin-1"))
    (folder / "picture.webp").write_bytes(b"RIFF\xff\xfe")
    settings = "TEMPLATES = [{'BACKEND': 'django.template.backends.django.DjangoTemplates',"
    root = make(tmp_path, settings=settings + " 'APP_DIRS': True}]\n")
    templates = live(root)["sections"]["templates"]["data"]
    assert [one["name"] for one in templates["broken"]] == ["page.html"]
    assert "UnicodeDecodeError" in templates["broken"][0]["text"]


def test_help_of_a_command_may_have_a_type(tmp_path):
    command = "from django.core.management.base import BaseCommand\n"
    command += "class Command(BaseCommand):\n    help: str = 'Sends the news'\n"
    folder = "catalog/management"
    files = {f"{folder}/__init__.py": "", f"{folder}/commands/__init__.py": ""}
    root = make(tmp_path, {**files, f"{folder}/commands/send.py": command})
    for found in (scan(root), live(root)):
        rows = found["sections"]["commands"]["data"]["commands"]
        (row,) = [one for one in rows if one["name"] == "send"]
        assert row["help"] == "Sends the news"


def test_a_folder_that_cannot_be_looked_into_is_named(tmp_path, monkeypatch):
    from djdesk.projects.code import tree
    from inspector.static_analysis import code

    real = tree.os.scandir

    def scandir(folder):
        if Path(folder).name == "closed":
            raise PermissionError(13, "Permission denied", str(folder))
        return real(folder)

    (tmp_path / "closed").mkdir()
    (tmp_path / "a.py").write_text("")
    monkeypatch.setattr(tree.os, "scandir", scandir)
    seen = Tree(tmp_path, tmp_path, [])
    assert seen.project_files() == [tmp_path / "a.py"]
    (text,) = code._skipped(seen)
    assert text == "The folder closed cannot be read: Permission denied"
    assert german(text)


TEMPLATES = (
    "TEMPLATES = [{'BACKEND': 'django.template.backends.django.DjangoTemplates',"
    " 'APP_DIRS': True}]\n"
)


@pytest.mark.skipif(django.VERSION < (6, 0), reason="parts of templates came with Django 6.0")
def test_a_part_of_a_template_is_not_a_missing_file(tmp_path):
    page = "{% partialdef row %}x{% endpartialdef %}{% include 'page.html#row' %}"
    folder = "catalog/templates"
    files = {
        f"{folder}/page.html": page,
        f"{folder}/two.html": "{% extends 'pa'|add:kind %}{% include 'gone.html#row' %}",
        "catalog/views.py": "from django.shortcuts import render\n"
        "def show(request):\n    return render(request, 'page.html#row')\n",
    }
    root = make(tmp_path, files, settings=TEMPLATES)
    for found in (scan(root), live(root)):
        templates = found["sections"]["templates"]["data"]
        assert [one["name"] for one in templates["missing"]] == ["gone.html"]
        assert {"page.html"} == {
            one["target"] for one in templates["edges"] if one["source"] == "page.html"
        }
        assert "page.html" not in [one["name"] for one in templates["unused"]]


def test_a_lazy_text_that_fails_costs_the_model_nothing(tmp_path):
    models = (
        "from django.db import models\nfrom django.utils.functional import lazy\n\n\n"
        "def fail():\n    raise LookupError('too early')\n\n\n"
        "class Book(models.Model):\n"
        "    title = models.CharField(max_length=9, help_text=lazy(fail, str)())\n"
        "    pages = models.IntegerField(verbose_name=lazy(fail, str)())\n"
    )
    found = live(make(tmp_path, {"catalog/models.py": models}))["sections"]["models"]["data"]
    assert found["errors"] == [] and found.get("disagreements", []) == []
    (book,) = [one for one in found["models"] if one["label"] == "catalog.Book"]
    assert [one["name"] for one in book["fields"]] == ["id", "title", "pages"]


def test_a_field_that_cannot_be_described_is_named_and_the_others_are_there(tmp_path):
    models = (
        "from django.db import models\n\n\n"
        "class Odd(models.IntegerField):\n"
        "    @property\n    def editable(self):\n        raise ValueError('not to be asked')\n\n"
        "    @editable.setter\n    def editable(self, value):\n        pass\n\n\n"
        "class Book(models.Model):\n    odd = Odd()\n    pages = models.IntegerField()\n"
    )
    found = live(make(tmp_path, {"catalog/models.py": models}))["sections"]["models"]["data"]
    assert [one["text"] for one in found["errors"]] == ["catalog.Book.odd: not to be asked"]
    (book,) = [one for one in found["models"] if one["label"] == "catalog.Book"]
    assert "pages" in [one["name"] for one in book["fields"]]


def test_tasks_that_end_the_program_are_named_and_the_section_is_there(tmp_path):
    root = make(tmp_path, {"catalog/tasks.py": "raise SystemExit(2)\n"})
    tasks = live(root)["sections"]["tasks"]
    assert tasks["source"] == "live"
    assert tasks["data"]["errors"][0]["file"] == "catalog/tasks.py"


def test_imports_in_a_circle_are_called_so(tmp_path):
    models = "from club.models import Member\nfrom django.db import models\n"
    models += "class Book(models.Model):\n    pass\n"
    club = "from catalog.models import Book\nMember = Book\n"
    files = {"catalog/models.py": models, "club/__init__.py": "", "club/models.py": club}
    error = live(make(tmp_path, files))["sections"]["runtime"]["error"]
    assert "Circular import in club/models.py:1" in error["hint"]
    assert "Book is imported from catalog.models" in error["hint"]
    assert german(error["hint"])


@posix
def test_a_link_to_manage_py_runs_where_it_leads(tmp_path):
    make(tmp_path / "app")
    (tmp_path / "manage.py").symlink_to(tmp_path / "app" / "manage.py")
    found = live(tmp_path)
    assert found["project"]["base"] == str((tmp_path / "app").resolve())
    assert found["sections"]["runtime"]["ok"]


def test_routes_whose_prefix_stands_under_a_name(tmp_path):
    urls = (
        "from django.urls import path\nPREFIX = 'api/v1/'\n\n\n"
        "def show(request):\n    return None\n\n\n"
        "def other():\n    return 'made/'\n\n\n"
        "urlpatterns = [path(PREFIX + 'x/', show), path(f'{PREFIX}y/', show)]\n"
        "urlpatterns += [path(other(), show)]\n"
    )
    root = make(tmp_path, {"shop/urls.py": urls})
    read, loaded = (
        [one["pattern"] for one in found["sections"]["urls"]["data"]["routes"]]
        for found in (scan(root), live(root))
    )
    assert loaded == ["api/v1/x/", "api/v1/y/", "made/"]
    assert read == ["api/v1/x/", "api/v1/y/", "{other()}"]
