# ruff: noqa: E501 - source texts of projects stand in long lines
"""Migrations and drift that look wrong but are right, each with one that is wrong."""

import pytest
from projects import found_ids, make, scan, static
from test_believable import KEY, changes, migration, with_migrations

from djdesk.projects.discovery.project import find_project
from inspector.engine import Options, inspect
from inspector.facts import snapshot

# ---- apps and migrations


def test_the_label_of_an_app_that_was_not_found_is_not_guessed(tmp_path):
    apps = "INSTALLED_APPS += ['wagtail.catalog', '{}']\n"
    make(tmp_path, settings=apps.format("wagtail.admin"))
    assert "apps.label" not in found_ids(scan(tmp_path))
    make(tmp_path, {"more/catalog/__init__.py": ""}, settings=apps.format("more.catalog"))
    assert "more.catalog" in found_ids(scan(tmp_path))["apps.label"]["text"]


@pytest.mark.parametrize(("before", "conflict"), [("0002_b", False), ("0009_gone", True)])
def test_one_that_runs_before_another_is_no_last_migration(tmp_path, before, conflict):
    first = "('catalog', '0001_a')"
    files = [
        ("0001_a", migration()),
        ("0002_b", migration(deps=first)),
        ("0003_c", migration(deps=first, more=f"    run_before = [('catalog', '{before}')]\n")),
    ]
    with_migrations(tmp_path, "", *files)
    assert bool(static(tmp_path, "migrations")["conflicts"]) is conflict


@pytest.mark.parametrize(
    ("name", "broken"), [(".swap", False), ("0002.old", False), ("0002_x", True)]
)
def test_files_that_no_import_can_name_are_no_migrations(tmp_path, name, broken):
    with_migrations(tmp_path, "", ("0001_a", migration()), (name, "x = 1\n"))
    assert bool(static(tmp_path, "migrations")["errors"]) is broken


def test_a_migration_in_python_2_is_a_gap(tmp_path):
    with_migrations(tmp_path, "", ("0001_a", migration()), ("0002_b", "print 'x'\n"))
    found = found_ids(scan(tmp_path))
    assert "migrations.broken" not in found and found["migrations.unread"]["severity"] == "info"
    with_migrations(tmp_path, "", ("0002_b", "x = [\n"))
    assert found_ids(scan(tmp_path))["migrations.broken"]["severity"] == "error"


def test_dependencies_under_names_of_the_file(tmp_path):
    by_name = "APP = 'catalog'\nDEPENDENCIES = [(APP, '{}')]\n" + migration().replace(
        "[]", "DEPENDENCIES", 1
    )
    files = [("0001_a", migration()), ("0002_b", by_name.format("0001_a"))]
    with_migrations(tmp_path, "", *files)
    assert static(tmp_path, "migrations")["conflicts"] == {}
    with_migrations(tmp_path, "", ("0002_b", by_name.format("0000_no")))
    assert len(static(tmp_path, "migrations")["errors"]) == 1


# ---- drift


def drifting(root, field, *, old="models.IntegerField()", more="", files=None):
    text = f"from django.db import models\nfrom elsewhere import hidden\n{more}\nclass Book(models.Model):\n    title = models.TextField()\n    {field}\n"
    known = f"{KEY}, ('title', models.TextField()), ('price', {old})"
    with_migrations(root, text, ("0001_a", migration(f"migrations.CreateModel('Book', [{known}])")))
    make(root, {"catalog/models.py": text, **(files or {})})
    return changes(root)


def test_a_field_that_a_function_gives_back_is_there(tmp_path):
    assert drifting(tmp_path / "a", "price = hidden(models.IntegerField())") == []
    assert drifting(tmp_path / "b", "price = None") == ["Remove field price from book"]


def test_a_target_that_was_not_found_is_not_compared(tmp_path):
    old = "models.ForeignKey('actstream.Action', models.CASCADE)"
    field = "price = models.ForeignKey({}, models.CASCADE)"
    more = "from actstream.models import Action"
    assert drifting(tmp_path / "a", field.format("Action"), old=old, more=more) == []
    assert drifting(tmp_path / "b", field.format("'auth.Group'"), old=old) == [
        "Alter field price on book (target actstream.Action is now auth.Group)"
    ]


def test_a_nullable_boolean_is_always_nullable(tmp_path):
    old = "models.NullBooleanField()"
    assert drifting(tmp_path / "a", "price = models.NullBooleanField(null=True)", old=old) == []
    old = "models.BooleanField()"
    assert drifting(tmp_path / "b", "price = models.BooleanField(null=True)", old=old) == [
        "Alter field price on book (null False is now True)"
    ]


def test_translated_fields_are_added_by_a_module_of_their_own(tmp_path):
    known = f"{KEY}, ('title', models.TextField()), ('title_de', models.TextField(null=True)), ('price', models.TextField())"
    text = (
        "from django.db import models\nclass Book(models.Model):\n    title = models.TextField()\n"
    )
    with_migrations(
        tmp_path, text, ("0001_a", migration(f"migrations.CreateModel('Book', [{known}])"))
    )
    gone = ["Remove field title_de from book", "Remove field price from book"]
    assert changes(tmp_path) == gone
    make(tmp_path, {"catalog/models.py": text, "catalog/translation.py": ""})
    assert changes(tmp_path) == gone[1:]


@pytest.mark.parametrize("trust", [False, True])
def test_a_proxy_that_says_it_was_made_has_no_migration(tmp_path, trust):
    text = "from django.contrib.auth.models import Group\nclass Team(Group):\n    class Meta:\n        proxy = True\n        app_label = 'catalog'\n{}"
    own = "        auto_created = True\n"
    with_migrations(tmp_path, text.format(own), ("0001_a", migration()))
    result = scan(tmp_path, trust=trust)
    assert result["sections"]["models"]["ok"]
    assert result["sections"]["drift"]["data"]["apps"] == {}
    with_migrations(tmp_path, text.format(""), ("0001_a", migration()))
    assert changes(tmp_path) == ["Create model Team"]


def test_what_our_django_says_of_users_is_not_held_against_another(tmp_path):
    text = "from django.contrib.auth.models import AbstractUser\nfrom django.db import models\nclass Person(AbstractUser):\n    nick = models.CharField(max_length={})\n"
    known = f"{KEY}, ('first_name', models.CharField(max_length=30)), ('nick', models.CharField(max_length=9))"
    files = ("0001_a", migration(f"migrations.CreateModel('Person', [{known}])"))
    with_migrations(
        tmp_path, text.format(9), files, settings="AUTH_USER_MODEL = 'catalog.Person'\n"
    )
    with_environment = changes(tmp_path)
    assert "Alter field first_name on person (max_length 30 is now 150)" in with_environment
    assert bare(tmp_path) == []
    with_migrations(tmp_path, text.format(8), files)
    assert bare(tmp_path) == ["Alter field nick on person (max_length 9 is now 8)"]


def without_interpreter(root):
    project = find_project(root)
    project.interpreters.clear()
    return snapshot(list(inspect(project, Options(trust=False), lambda: False)))


def bare(root):
    """The drift of a project without an interpreter."""
    apps = without_interpreter(root)["sections"]["drift"]["data"]["apps"]
    return [one["text"] for row in apps.values() for one in row["ops"]]


def test_without_a_database_nothing_is_said_of_what_it_can_do(tmp_path):
    text = "from django.db import models\nclass Book(models.Model):\n    title = models.CharField({})\n"
    for option, told in (("", ""), ("max_length=-1", "fields.E121")):
        make(tmp_path, {"catalog/models.py": text.format(option)}, settings="DATABASES = {}\n")
        found = found_ids(scan(tmp_path, trust=True)).get("checks.error", {"text": ""})
        assert found["text"].partition(" ")[0] == told
