"""Operations of migrations as data for sentences, static and kept in live facts."""

import sqlite3

import pytest
from projects import make, scan, static

from inspector.facts import findings_of

FILE = """\
from django.db import migrations, models

MORE = [migrations.DeleteModel("Old")]


def fill(apps, editor):
    pass


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(name="Book", fields=[("id", models.BigAutoField(primary_key=True)), ("title", models.CharField(max_length=50))]),
        migrations.CreateModel("Old", [("id", models.BigAutoField(primary_key=True))]),
        migrations.AddField("book", "isbn", models.CharField(max_length=13, default="")),
        migrations.AddIndex("book", models.Index(fields=["title"], name="by_title")),
        migrations.RunPython(fill),
        migrations.RunSQL("UPDATE catalog_book SET isbn = 'ghp_abcdefghijklmnopqrstuvwxyz0123456789'"),
        migrations.SeparateDatabaseAndState(state_operations=[migrations.RemoveField("book", "isbn")]),
        *MORE,
    ]
"""  # noqa: E501
FILES = {"catalog/migrations/__init__.py": "", "catalog/migrations/0001_initial.py": FILE}


def steps(section):
    return section["apps"]["catalog"]["migrations"][0]["operations"]


def test_what_each_operation_is_about(tmp_path):
    found = steps(static(make(tmp_path, FILES), "migrations"))
    assert [one["op"] for one in found] == [
        *("CreateModel", "CreateModel", "AddField", "AddIndex", "RunPython", "RunSQL"),
        *("RemoveField", "DeleteModel"),
    ]
    assert found[0] == {"op": "CreateModel", "line": 13, "name": "Book", "fields": 2}
    assert found[1]["name"] == "Old" and found[1]["fields"] == 1
    assert found[2]["model"] == "book" and found[2]["type"] == "CharField"
    assert found[3]["name"] == "by_title" and found[4]["code"] == "fill"
    assert found[5]["sql"].startswith("UPDATE catalog_book") and "ghp_" not in found[5]["sql"]
    assert found[6]["only"] == "state" and found[7]["name"] == "Old"


def test_live_facts_take_them_from_the_files(tmp_path):
    section = scan(make(tmp_path, FILES), trust=True)["sections"]["migrations"]
    assert section["source"] == "live" and len(steps(section["data"])) == 8


REMOVED = """\
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel("Shown", [], options={"proxy": True}, bases=("catalog.book",)),
        migrations.CreateModel("Theirs", [("id", models.IntegerField())], options={"managed": False}),
        migrations.CreateModel("Ours", [("id", models.BigAutoField(primary_key=True))], options={"ordering": ["id"]}),
        migrations.DeleteModel("Shown"),
        migrations.RemoveField("theirs", "name"),
        migrations.DeleteModel("Theirs"),
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel("Ours")]),
        {}
    ]
"""  # noqa: E501


@pytest.mark.parametrize("trust", [False, True])
def test_removing_what_has_no_table_loses_nothing(tmp_path, trust):
    for last, lost in (("", 0), ('migrations.DeleteModel("Ours"),', 1)):
        body = REMOVED.replace("        {}\n", f"        {last}\n")
        make(tmp_path, FILES | {"catalog/migrations/0001_initial.py": body})
        with sqlite3.connect(tmp_path / "db.sqlite3") as base:
            base.execute(
                "CREATE TABLE IF NOT EXISTS django_migrations (id INTEGER, app TEXT, name TEXT)"
            )
        base.close()
        result = scan(tmp_path, trust=trust)
        ends = [
            one
            for one in steps(result["sections"]["migrations"]["data"])
            if one["op"] == "DeleteModel"
        ]
        assert [one.get("table", True) and one.get("only") != "state" for one in ends] == [
            *(False, False, False),
            *[True] * lost,
        ]
        found = [one for one in findings_of(result) if one["id"] == "migrations.data-loss"]
        # Only for pending migrations of a database that was read.
        assert len(found) == (lost if trust else 0)
        if found:
            assert [one["line"] for one in found[0]["facts"]] == [14]
