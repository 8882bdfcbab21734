"""A migration that cannot be loaded is reported, and hides no others."""

import sqlite3

import pytest
from projects import MODELS, german, make, scan

from inspector.facts import findings_of

START = """\
from django.db import migrations, models


class Migration(migrations.Migration):
"""
FIRST = (
    START
    + """\
    initial = True
    operations = [
        migrations.CreateModel(
            "Book",
            [
                ("id", models.BigAutoField(
                    auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                )),
                ("title", models.CharField(max_length=50)),
            ],
        )
    ]
"""
)
UNKNOWN = "Its drift is not known, because not all of its migrations can be loaded."


def project(folder, broken, **more):
    """An app `catalog` with a single problem in one field, and an app `club` with these files."""
    files = {
        "catalog/models.py": MODELS + "    pages = models.IntegerField(null=True)\n",
        "catalog/migrations/__init__.py": "",
        "catalog/migrations/0001_initial.py": FIRST,
        "club/__init__.py": "",
        "club/models.py": "from django.db import models\n\n\nclass Member(models.Model):\n"
        "    book = models.ForeignKey('catalog.Book', models.CASCADE)\n",
        "club/migrations/__init__.py": "",
        **{f"club/migrations/{name}.py": text for name, text in broken.items()},
        **more,
    }
    return make(folder, files, settings="INSTALLED_APPS += ['club']\n")


def both(root):
    static, live = scan(root), scan(root, trust=True)
    # Unreadable source makes a static scan partial; the live scan asks Django itself.
    unread = static["sections"]["code"]["data"]["unparsable"]
    assert (static["status"], live["status"]) == ("partial" if unread else "complete", "complete")
    assert live["changed"] == []
    return static["sections"], live["sections"]


@pytest.mark.parametrize(
    ("files", "static_text", "live_text", "line"),
    [
        ({"0001_x": "X = 1\n"}, "club.0001_x has no class Migration.", None, None),
        (
            {"0001_x": START + "    dependencies = [('club', '0000_gone')]\n    operations = []\n"},
            "club.0001_x depends on club.0000_gone, which is not there.",
            None,
            None,
        ),
        (
            {"0001_x": "import a_package_that_is_not_there\n" + START + "    operations = []\n"},
            None,
            "club.0001_x: No module named 'a_package_that_is_not_there'",
            1,
        ),
        ({"0001_x": "class Migration(:\n"}, "invalid syntax", "club.0001_x: invalid syntax", 1),
    ],
    ids=["class", "parent", "import", "syntax"],
)
def test_what_is_broken_is_named_and_the_rest_is_there(
    tmp_path, files, static_text, live_text, line
):
    static, live = both(project(tmp_path, files))
    read = static["migrations"]["data"]
    assert [one["text"] for one in read["errors"]] == ([static_text] if static_text else [])
    loaded = live["migrations"]["data"]
    (error,) = loaded["errors"]
    assert error["text"].startswith(live_text or static_text)
    assert (error["file"], error["line"]) == ("club/migrations/0001_x.py", line)
    assert german(error["text"]) or live_text
    (finding,) = [
        one
        for one in findings_of({"project": None, "sections": live})
        if one["id"] == "migrations.broken"
    ]
    assert (finding["severity"], finding["file"]) == ("error", error["file"])
    assert german(finding["title"]) and german(finding["why"])
    names = [one["name"] for one in loaded["apps"]["catalog"]["migrations"]]
    assert names == ["0001_initial"] and "auth" in loaded["apps"]
    for drift in (live["drift"]["data"], static["drift"]["data"] if static_text else None):
        if drift is not None:
            assert drift["incomplete"] == {"club": UNKNOWN}
            assert german(drift["incomplete"]["club"])
            assert [one["text"] for one in drift["apps"]["catalog"]["ops"]] == [
                "Add field pages to book"
            ]
            assert "club" not in drift["apps"]


def test_all_that_depends_on_a_missing_one_is_left_out_and_still_listed(tmp_path):
    files = {
        "0001_x": START + "    dependencies = [('club', '0000_gone')]\n    operations = []\n",
        "0002_y": START + "    dependencies = [('club', '0001_x')]\n    operations = []\n",
    }
    _, live = both(project(tmp_path, files))
    loaded = live["migrations"]["data"]
    assert len(loaded["errors"]) == 1
    assert [one["name"] for one in loaded["apps"]["club"]["migrations"]] == ["0001_x", "0002_y"]
    assert loaded["apps"]["club"]["leaves"] == ["0002_y"]


def test_a_database_is_compared_with_what_can_be_loaded(tmp_path):
    root = project(tmp_path, {"0001_x": "X = 1\n"})
    connection = sqlite3.connect(root / "db.sqlite3")
    with connection:
        connection.execute("CREATE TABLE django_migrations (id INTEGER, app TEXT, name TEXT)")
        rows = [(1, "catalog", "0001_initial"), (2, "club", "0001_x"), (3, "catalog", "0009_gone")]
        connection.executemany("INSERT INTO django_migrations VALUES (?, ?, ?)", rows)
    connection.close()
    _, live = both(root)
    found = live["databases"]["data"]["databases"]["default"]
    assert (found["state"], found["applied_count"]) == ("ok", 3)
    assert found["ghosts"] == ["catalog.0009_gone"]
    assert "auth.0001_initial" in found["pending"]
    assert not [one for one in found["pending"] if one.startswith("club")]


def test_a_circle_is_said_and_what_is_applied_is_kept(tmp_path):
    files = {
        "0001_x": START + "    dependencies = [('club', '0002_y')]\n    operations = []\n",
        "0002_y": START + "    dependencies = [('club', '0001_x')]\n    operations = []\n",
    }
    live = scan(project(tmp_path, files), trust=True)["sections"]
    assert "club.0001_x" in live["migrations"]["data"]["errors"][0]["text"]
    drift = live["drift"]["data"]
    assert drift["apps"] == {} and drift["incomplete"]["club"] == UNKNOWN
    found = live["databases"]["data"]["databases"]["default"]
    assert (found["state"], found["pending"]) == ("missing", None)
