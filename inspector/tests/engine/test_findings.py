# ruff: noqa: E501 - source texts of projects stand in long lines
"""Findings on real projects, which disappear when their reason does."""

import datetime
import sqlite3

import pytest
from projects import MODELS, german, make, scan
from test_more_sections import APPS, FILES, MIDDLEWARE, TEMPLATES

from inspector.facts import findings_of
from inspector.facts.lifecycles import life, table

TODAY = datetime.date(2026, 11, 20)
# Their texts are names, or come from Django and Python.
FOREIGN = {
    "checks.error", "checks.warning", "checks.third-party", "checks.deploy", "code.unparsable", "migrations.irreversible",
    "effects.deprecations", "runtime.not-loaded", "templates.broken", "templates.broken-unnamed", "templates.unused",
}  # fmt: skip
INITIAL = """from django.db import migrations, models
class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [migrations.CreateModel("Book", [("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")), ("title", models.CharField(max_length=50))])]
"""


def found(result):
    rows = findings_of(result, TODAY)
    order = ["error", "warning", "info"]
    assert [order.index(one["severity"]) for one in rows] == sorted(
        order.index(one["severity"]) for one in rows
    )
    for one in rows:
        assert one["facts"] and one["text"] and one["why"] and one["title"] and one["more"] >= 0
        assert one["section"] and set(one["facts"][0]) == {"text", "section", "file", "line"}
        assert german(one["title"]) and german(one["why"])
        assert german(one["text"]) or one["id"].partition(":")[0] in FOREIGN
    assert len({one["id"] for one in rows}) == len(rows)
    return {one["id"]: one for one in rows}


@pytest.fixture(scope="module")
def rich(tmp_path_factory):
    root = make(
        tmp_path_factory.mktemp("rich"),
        FILES,
        settings=APPS + TEMPLATES + MIDDLEWARE + "ALLOWED_HOSTS = ['*']\n",
    )
    return scan(root), scan(root, trust=True)


@pytest.mark.parametrize("half", [0, 1])
def test_findings_of_both_halves(rich, half):
    rows = found(rich[half])
    # What only the source says is not certain enough for a warning.
    severity = ("info", "warning")[half]
    assert rows["drift:catalog"]["severity"] == severity
    assert rows["templates.unused"]["facts"][0]["file"].endswith("broken.html")
    assert rows["templates.missing"]["severity"] == severity
    assert rows["templates.broken-unnamed"]["line"] == 2
    # Development settings get a single note about what they leave open.
    assert [one["file"] for one in rows["settings.development"]["facts"]] == [
        "shop/settings.py"
    ] * 3
    loop = rows["queries.n-plus-one"]
    assert "select_related" in loop["why"] and (loop["file"], loop["line"]) == (
        "catalog/views.py",
        6,
    )
    assert "catalog.Book.author" in rows["queries.missing-index"]["text"]
    assert ("urls.unresolvable" in rows) is (half == 1)  # static facts lack the admin's routes
    assert "x7!kQ" not in str(rows)


def test_url_names_are_judged_where_all_routes_are_known(rich):
    row = found(rich[1])["urls.unresolvable"]
    assert [one["text"] for one in row["facts"]] == ["nope (template)", "nowhere (redirect)"]
    assert (row["file"], row["line"]) == ("templates/base.html", 2)


def test_a_sound_project_has_few_findings(tmp_path):
    make(
        tmp_path,
        {"catalog/migrations/__init__.py": "", "catalog/migrations/0001_initial.py": INITIAL},
        settings="import os\nSECRET_KEY = os.environ.get('SHOP_KEY', 'x' * 60)\nDEBUG = False\n",
    )
    rows = found(scan(tmp_path, trust=True))
    assert set(rows) <= {"checks.deploy", "databases.none:default"}


def test_pending_ghosts_and_missing_tables(tmp_path):
    files = {"catalog/migrations/__init__.py": "", "catalog/migrations/0001_initial.py": INITIAL}
    files["catalog/migrations/0002_drop.py"] = (
        INITIAL.replace("initial = True", "")
        .replace("dependencies = []", "dependencies = [('catalog', '0001_initial')]")
        .partition("    operations")[0]
        + "    operations = [migrations.RemoveField('book', 'title'), migrations.RunPython(print)]\n"
    )
    make(tmp_path, files)
    with sqlite3.connect(tmp_path / "db.sqlite3") as base:
        base.execute("CREATE TABLE django_migrations (id INTEGER, app TEXT, name TEXT)")
        base.execute(
            "INSERT INTO django_migrations VALUES (1, 'catalog', '0001_initial'), (2, 'catalog', '0009_gone')"
        )
    base.close()
    rows = found(scan(tmp_path, trust=True))
    assert "catalog.0002_drop" in str(rows["migrations.pending:default"]["facts"])
    assert rows["migrations.ghost:default"]["facts"][0]["text"] == "catalog.0009_gone"
    assert rows["migrations.data-loss"]["severity"] == "warning"
    assert rows["migrations.irreversible"]["file"] == "catalog/migrations/0002_drop.py"


def test_conflicting_migrations(tmp_path):
    other = (
        INITIAL.replace("initial = True", "")
        .replace("dependencies = []", "dependencies = [('catalog', '0001_initial')]")
        .partition("    operations")[0]
        + "    operations = []\n"
    )
    files = {"catalog/migrations/__init__.py": "", "catalog/migrations/0001_initial.py": INITIAL}
    make(
        tmp_path,
        {**files, "catalog/migrations/0002_a.py": other, "catalog/migrations/0002_b.py": other},
    )
    row = found(scan(tmp_path))["migrations.conflict:catalog"]
    assert row["severity"] == "error" and len(row["facts"]) == 2
    assert row["file"] == "catalog/migrations/0002_a.py"


def test_queries_while_loading(tmp_path):
    make(
        tmp_path,
        {
            "catalog/choices.py": "from catalog.models import Book\ntry:\n    ROWS = list(Book.objects.all())\nexcept Exception:\n    ROWS = []\n",
            "shop/urls.py": "import catalog.choices\nurlpatterns = []\n",
        },
    )
    row = found(scan(tmp_path, trust=True))["effects.queries"]
    assert (row["file"], row["line"]) == ("catalog/choices.py", 3)


def test_circular_apps(tmp_path):
    files = {
        "a/__init__.py": "",
        "a/models.py": "from b import models\n",
        "b/__init__.py": "",
        "b/models.py": "import a\n",
    }
    make(tmp_path, files, settings="INSTALLED_APPS += ['a', 'b']\n")
    row = found(scan(tmp_path))["apps.cycle:a-b"]
    assert {one["file"] for one in row["facts"]} == {"a/models.py", "b/models.py"}


def test_a_project_that_does_not_load_comes_first(tmp_path):
    make(tmp_path, {"catalog/models.py": MODELS}, settings="import rest_framework\n")
    rows = findings_of(scan(tmp_path, trust=True), TODAY)
    assert rows[0]["id"] == "runtime.not-loaded" and rows[0]["file"] == "shop/settings.py"


def test_packages(tmp_path):
    make(tmp_path, {"requirements.txt": "Django>=4\nnot-there-at-all==1\n"})
    rows = found(scan(tmp_path))
    assert rows["packages.missing"]["facts"][0]["text"] == "not-there-at-all"
    assert rows["packages.unpinned"]["facts"][0]["text"] == "Django>=4"


@pytest.mark.parametrize(
    ("what", "version", "state", "month"),
    [
        ("django", "4.2.9", "ended", "April 2026"),
        ("django", "6.0", "soon", "April 2027"),
        ("django", "5.2.1", "supported", "April 2028"),
        ("python", "3.9.1", "ended", "October 2025"),
        ("python", "3.13.0", "supported", "October 2029"),
    ],
)
def test_lifecycles(what, version, state, month):
    one = life(what, version, TODAY)
    assert (one.state, one.month) == (state, month) and one.source.startswith("https://")


def test_versions_that_the_table_does_not_have_are_not_judged():
    assert life("django", "99.1", TODAY) is None and life("python", None, TODAY) is None
    assert life("django", "4.2", TODAY).newer == "5.2"
    assert datetime.date.fromisoformat(table()["as_of"])


def test_the_month_itself_still_counts():
    assert life("django", "4.2", datetime.date(2026, 4, 30)).state == "soon"
    assert life("django", "4.2", datetime.date(2026, 5, 1)).state == "ended"


def test_an_old_django_is_an_error(rich):
    result = {**rich[1], "sections": {**rich[1]["sections"]}}
    runtime = {**result["sections"]["runtime"]["data"], "django": "3.2.25", "python": "3.8.1"}
    result["sections"]["runtime"] = {**result["sections"]["runtime"], "data": runtime}
    rows = found(result)
    assert rows["lifecycle.django"]["severity"] == "error"
    assert "April 2024" in rows["lifecycle.django"]["text"]
    assert rows["lifecycle.python"]["severity"] == "warning"


def test_a_makemigrations_of_ones_own_makes_one_note(tmp_path):
    make(
        tmp_path,
        {
            "catalog/migrations/__init__.py": "",
            "catalog/migrations/0001_initial.py": INITIAL.replace("max_length=50", "max_length=40"),
            "catalog/management/__init__.py": "",
            "catalog/management/commands/__init__.py": "",
            "catalog/management/commands/makemigrations.py": "from django.core.management.commands.makemigrations import Command\n",
        },
    )
    rows = found(scan(tmp_path, trust=True))
    assert rows["drift.overridden"]["severity"] == "info" and "drift:catalog" not in rows


def test_variables_that_were_not_needed_are_no_finding(tmp_path):
    text = "import os\nif 'SHOP_FILE' in os.environ:\n    NAME = os.environ['SHOP_FILE']\nPORT = int(os.environ['SHOP_PORT'])\n"
    make(tmp_path, settings=text)
    assert len(found(scan(tmp_path))["settings.environment"]["facts"]) == 1
    facts = found(scan(tmp_path, trust=True))["settings.environment"]["facts"]
    assert [one["text"] for one in facts] == ["SHOP_PORT"]
