# ruff: noqa: E501 - source texts of projects stand in long lines
"""Lessons from newer and older Pythons, odd encodings and real projects."""

import pytest
from projects import MODELS, found_ids, german, make, scan, static
from test_believable import DIRS, HEAD, HOME, KEY, changes, migration, with_migrations

from tests.long import LONG

# ---- newer and older Pythons, encodings

NEWER = "class Book(models.Model):\n    title = models.CharField(max_length=9)\n\n    def f(self):\n        try:\n            return t'x{self.pk}'\n        except ValueError, TypeError:\n            pass\n"


def test_source_of_a_newer_python_is_read(tmp_path):
    make(tmp_path, {"catalog/models.py": "from django.db import models\n" + NEWER})
    result = scan(tmp_path)
    models = result["sections"]["models"]["data"]["models"]
    assert [one["name"] for one in models if one["origin"] == "project"] == ["Book"]
    assert result["sections"]["code"]["data"]["unparsable"] == []


@pytest.mark.parametrize(
    ("raw", "text", "hint"),
    [
        (
            "x = 1\n".encode("utf-16"),
            "it is encoded as UTF-16",
            "Python reads its source as UTF-8: save the file as UTF-8.",
        ),
        (b"x = 1\nprint 'x'\n", "Missing parentheses", "This is Python 2 code."),
        (
            b"try:\n    pass\nexcept ValueError, error:\n    pass\n",
            "multiple exception types",
            "This is Python 2 code.",
        ),
        (b"x = 0755\n", "leading zeros", "This is Python 2 code."),
        (b"x = 1\n\0\n", "it holds null bytes", "The file may be damaged."),
    ],
)
def test_files_that_no_python_of_today_reads(tmp_path, raw, text, hint):
    make(tmp_path)
    (tmp_path / "catalog/old.py").write_bytes(raw)
    result = scan(tmp_path)
    (row,) = result["sections"]["code"]["data"]["unparsable"]
    assert text in row["text"] and row["hint"] == hint
    assert result["status"] == "partial"


def test_a_migration_that_cannot_be_read_is_a_gap_and_no_conflict(tmp_path):
    files = [
        ("0001_a", migration()),
        ("0002_b", migration(deps="('catalog', '0001_a')")),
        ("0002_c", migration(deps="('catalog', '0001_a')")),
        ("0003_d", HEAD + "    operations = [*x for x in y for]\n"),
        ("0004_e", migration(deps="('catalog', '0003_d')")),
    ]
    with_migrations(tmp_path, "", *files)
    data = static(tmp_path, "migrations")
    assert data["conflicts"] == {} and len(data["errors"]) == 1
    (tmp_path / "catalog/migrations/0003_d.py").write_text(migration(deps="('catalog', '0002_b')"))
    assert static(tmp_path, "migrations")["conflicts"] == {"catalog": ["0002_c", "0004_e"]}


# ---- what real projects taught


def test_variables_read_through_a_star_import(tmp_path):
    files = {"shop/common.py": "import os\nimport environ\nenv = environ.Env()\n"}
    text = "from .common import *\nif os.environ.get('A'):\n    X = env.tuple('A')\nY = env('B')\n"
    make(tmp_path, files, settings=text)
    rows = {one["name"]: one["required"] for one in static(tmp_path, "settings")["env"]}
    assert rows == {"A": False, "B": True}


@pytest.mark.parametrize(
    ("name", "text", "unused"),
    [
        ("macros.html", "{% import 'macros.html' as m %}", False),
        ("macros.html", "{% from 'macros.html' import button %}", False),
        ("macros.html", "{# import macros #}", True),
    ],
)
def test_macros_of_jinja_are_used(tmp_path, name, text, unused):
    files = {f"pages/{name}": "x", "pages/base.html": text, "pages/error/404.html": "x"}
    files["catalog/views.py"] = HOME.format("base.html")
    make(tmp_path, files, settings=DIRS)
    found = [one["name"] for one in static(tmp_path, "templates")["unused"]]
    assert found == ([name] if unused else [])


@pytest.mark.parametrize(
    ("code", "sure"),
    [
        ("open(f'pages/letters/{name}.txt')", None),
        ("os.path.join(folder, name + '.txt')", False),
        ("open(f'logs/{name}.txt')", True),
    ],
)
def test_templates_that_are_opened_by_their_path(tmp_path, code, sure):
    files = {"pages/letters/hello.txt": "x", "pages/error/404.html": "x"}
    files["catalog/letters.py"] = f"import os\n\n\ndef f(folder, name):\n    return {code}\n"
    make(tmp_path, files, settings=DIRS)
    rows = [one for one in static(tmp_path, "templates")["unused"] if "hello" in one["name"]]
    assert [one["certain"] for one in rows] == ([] if sure is None else [sure])


def test_a_file_among_the_templates_that_nothing_renders_is_no_error(tmp_path):
    bad = "{{ failure() }}"
    files = {
        "pages/docs/actions.html": bad,
        "pages/error/404.html": bad,
        "catalog/views.py": HOME.format("home.html"),
        "pages/home.html": "x",
    }
    make(tmp_path, files, settings=DIRS)
    found = found_ids(scan(tmp_path, trust=True))
    assert found["templates.broken-unnamed"]["severity"] == "info"
    assert "docs/actions.html" in found["templates.broken-unnamed"]["text"]
    assert found["templates.broken"]["severity"] == "error"
    assert [one["text"].partition(":")[0] for one in found["templates.broken"]["facts"]] == [
        "404.html"
    ]


def test_what_a_variable_decides_is_not_held_against_the_settings(tmp_path):
    text = "import os\nDEBUG = os.environ.get('DEBUG', 'True') == 'True'\nALLOWED_HOSTS = os.environ.get('HOSTS', '*').split(',')\nSECRET_KEY = os.environ.get('KEY', 'x' * 50)\n"
    found = found_ids(scan(make(tmp_path / "open", settings=text), trust=True))
    assert not {"settings.development", "settings.allowed-hosts", "settings.debug"} & found.keys()
    text = "DEBUG = False\nALLOWED_HOSTS = ['*']\n"
    found = found_ids(scan(make(tmp_path / "fixed", settings=text), trust=True))
    assert found["settings.allowed-hosts"]["severity"] == "warning"


@LONG
def test_a_database_that_an_inspection_made_up_is_not_missing(tmp_path):
    text = "import os\nDATABASES = {'default': {'ENGINE': os.environ['DB_ENGINE'], 'NAME': os.environ['DB_NAME']}}\n"
    assert "databases.none:default" not in found_ids(
        scan(make(tmp_path / "made", settings=text), trust=True)
    )
    assert "databases.none:default" in found_ids(scan(make(tmp_path / "real"), trust=True))


CHOICES = "from django.db import models\nclass Book(models.Model):\n    title = models.CharField(max_length={}, choices=[('a', 'A')])\n    class Meta:\n        verbose_name = 'tome'\n"


def test_drift_that_changes_no_database_is_a_note(tmp_path):
    first = (
        "0001_initial",
        migration(
            "migrations.CreateModel('Book', [('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')), ('title', models.CharField(max_length=50))])"
        ),
    )
    with_migrations(tmp_path / "same", CHOICES.format(50), first)
    found = found_ids(scan(tmp_path / "same", trust=True))
    assert found["drift:catalog"]["severity"] == "info"
    with_migrations(tmp_path / "other", CHOICES.format(60), first)
    found = found_ids(scan(tmp_path / "other", trust=True))
    assert found["drift:catalog"]["severity"] == "warning"


def test_one_row_for_each_kind(tmp_path):
    apps = ["one", "two", "three"]
    files = {
        f"{app}/{name}": text
        for app in apps
        for name, text in {
            "__init__.py": "",
            "models.py": MODELS,
            "migrations/__init__.py": "",
            "migrations/0001_initial.py": migration(),
        }.items()
    }
    make(tmp_path, files, settings=f"INSTALLED_APPS += {apps}\n")
    row = found_ids(scan(tmp_path))["drift"]
    assert row["title"] == "Models of 3 apps differ from their migrations" and german(row["title"])
    assert len(row["facts"]) == 3 and row["text"].startswith("one: 1 change: ")


CHECK = "from django.core.checks import Warning, register\n@register()\ndef check(app_configs, **kwargs):\n    return [Warning({}, id='lib.W001'{})]\n"


@LONG
def test_checks_of_packages_about_the_project_are_its_own(tmp_path):
    folder = tmp_path / "site-packages"
    make(
        tmp_path / "p",
        settings=f"import sys\nsys.path.insert(0, {str(folder)!r})\nINSTALLED_APPS += ['lib']\nimport lib.checks\n",
    )
    view = str(tmp_path / "p" / "catalog" / "models.py")
    for text, obj, own in (
        ("'settings'", "", True),
        (repr(f"{view}:4: view"), ", obj='x'", True),
        ("'theirs'", ", obj='x'", False),
    ):
        make(folder, {"lib/__init__.py": "", "lib/checks.py": CHECK.format(text, obj)})
        messages = scan(tmp_path / "p", trust=True)["sections"]["checks"]["data"]["messages"]
        row = next(one for one in messages if one["id"] == "lib.W001")
        assert (row["origin"] == "project") is own, (text, row)
        if "4: view" in text:
            assert (row["file"], row["line"]) == ("catalog/models.py", 4)


def test_a_parent_in_an_app_that_is_not_installed(tmp_path):
    orphan = ("0001_initial", migration(deps="('gone', '0009_lost')"))
    with_migrations(tmp_path / "sure", "", orphan)
    (error,) = static(tmp_path / "sure", "migrations")["errors"]
    assert error["text"] == "catalog.0001_initial depends on gone.0009_lost, which is not there."
    with_migrations(tmp_path / "open", "", orphan, settings="INSTALLED_APPS += more()\n")
    assert static(tmp_path / "open", "migrations")["errors"] == []


@pytest.mark.parametrize("trust", [False, True])
def test_a_way_back_on_a_proxy(tmp_path, trust):
    models = (
        MODELS
        + "from django.contrib.contenttypes.fields import GenericRelation\nclass Tome(Book):\n    notes = GenericRelation('contenttypes.ContentType')\n    class Meta:\n        proxy = True\n"
    )
    result = scan(make(tmp_path, {"catalog/models.py": models}), trust=trust)
    rows = {one["name"]: one for one in result["sections"]["models"]["data"]["models"]}
    assert result["sections"]["models"]["source"] == ("live" if trust else "static")
    assert [one["name"] for one in rows["Tome"]["fields"]] == ["notes"]
    assert rows["Book"]["fields"][1]["name"] == "title"


def test_a_field_may_bring_another_one(tmp_path):
    money = "from django.db import models\nfrom djmoney.models.fields import MoneyField\nclass Book(models.Model):\n    price = {}\n"
    first = (
        "0001_initial",
        migration(
            f"migrations.CreateModel('Book', [{KEY}, ('price', models.DecimalField()), ('price_currency', models.CharField(max_length=3))])"
        ),
    )
    with_migrations(tmp_path / "money", money.format("MoneyField()"), first)
    assert changes(tmp_path / "money") == []
    with_migrations(tmp_path / "plain", money.format("models.DecimalField()"), first)
    assert changes(tmp_path / "plain") == ["Remove field price_currency from book"]


@pytest.mark.parametrize(
    ("target", "status"), [("admin.site.urls", "complete"), ("router.urls", "partial")]
)
def test_what_is_made_by_a_router_is_a_gap(tmp_path, target, status):
    urls = f"from django.contrib import admin\nfrom django.urls import path\nfrom catalog.api import router\nurlpatterns = [path('x/', {target})]\n"
    files = {"shop/urls.py": urls, "catalog/api.py": "router = make_router()\n"}
    result = scan(make(tmp_path, files, settings="INSTALLED_APPS += ['django.contrib.admin']\n"))
    assert result["status"] == status
    assert len(result["sections"]["urls"]["data"]["unresolved"]) == 1
