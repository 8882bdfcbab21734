# ruff: noqa: E501 - source texts of projects stand in long lines
"""Findings about migrations that were wrong on other people's projects, each with a
similar one that is right.
"""

import pytest
from projects import found_ids, make, scan, static
from test_believable import KEY, changes, migration, with_migrations

BOOK = "from django.db import models\nclass Book(models.Model):\n    pass\n"
MADE = f"migrations.CreateModel('Book', [{KEY}])"
MORE = f"migrations.CreateModel('Page', [{KEY}])"
MODULES = "MIGRATION_MODULES = {%s}\n"


@pytest.mark.parametrize(("label", "told"), [("elsewhere", False), ("catalog", True)])
def test_migrations_that_the_project_keeps_for_a_package_say_nothing_of_its_models(
    tmp_path, label, told
):
    make(
        tmp_path,
        {
            "kept/__init__.py": "",
            "kept/m/__init__.py": "",
            "kept/m/0001_initial.py": migration(f"{MADE}, {MORE}"),
        },
        settings="INSTALLED_APPS.append('elsewhere')\n" + MODULES % f"'{label}': 'kept.m'",
    )
    found = static(tmp_path, "drift")["apps"]
    texts = [one["text"] for row in found.values() for one in row["ops"]]
    assert texts[-1:] == (["Delete model Page"] if told else [])


HISTORY = "from django.db import models\nfrom elsewhere import Records\nclass Base(models.Model):\n    {}\n    class Meta:\n        abstract = True\nclass Middle(Base):\n    class Meta:\n        abstract = True\nclass Book(Middle):\n    pass\n"


@pytest.mark.parametrize(
    ("line", "found"),
    [("history = Records(inherit=True)", []), ("kind = 'x'", ["Delete model HistoricalBook"])],
)
def test_a_base_hands_its_history_on(tmp_path, line, found):
    both = migration(f"{MADE}, migrations.CreateModel('HistoricalBook', [{KEY}])")
    with_migrations(tmp_path, HISTORY.format(line), ("0001_a", both))
    assert changes(tmp_path) == found


@pytest.mark.parametrize(("more", "found"), [(f", {MORE}", []), ("", ["Create model Page"])])
def test_a_squash_may_hold_more_than_what_it_replaces(tmp_path, more, found):
    replaces = "    replaces = [('catalog', '0001_a'), ('catalog', '0002_b')]\n"
    with_migrations(
        tmp_path,
        BOOK + "class Page(models.Model):\n    pass\n",
        ("0001_a", migration(MADE)),
        ("0002_b", migration("", "('catalog', '0001_a')")),
        ("0001_squashed_0002_b", migration(MADE + more, "", replaces)),
        ("0003_c", migration("", "('catalog', '0002_b')")),
    )
    assert changes(tmp_path) == found


def test_squashes_of_squashes(tmp_path):
    one = "    replaces = [('catalog', '0001_a'), ('catalog', '0002_b')]\n"
    two = "    replaces = [('catalog', '0001_one'), ('catalog', '0003_c')]\n"
    with_migrations(
        tmp_path,
        BOOK,
        ("0001_a", migration(MADE)),
        ("0002_b", migration(MORE, "('catalog', '0001_a')")),
        ("0001_one", migration(f"{MADE}, {MORE}", "", one)),
        ("0003_c", migration("migrations.DeleteModel('Page')", "('catalog', '0002_b')")),
        ("0001_two", migration(MADE, "", two)),
        ("0004_d", migration("", "('catalog', '0003_c')")),
    )
    assert changes(tmp_path) == []
    assert static(tmp_path, "migrations")["errors"] == []


@pytest.mark.parametrize("trust", [False, True])
@pytest.mark.parametrize(
    ("models", "settings", "told"),
    [
        (BOOK, "", True),
        (BOOK, MODULES % "'catalog': None", False),
        (BOOK, MODULES % "'other': None", True),
        (BOOK.replace("    pass", "    class Meta:\n        managed = False"), "", False),
    ],
)
def test_apps_that_are_meant_to_have_no_migrations(tmp_path, models, settings, told, trust):
    make(tmp_path, {"catalog/models.py": models}, settings=settings)
    assert ("migrations.none" in found_ids(scan(tmp_path, trust=trust))) is told


@pytest.mark.parametrize(
    ("options", "bare"), [("options={'managed': False}", True), ("options={}", None)]
)
def test_a_view_of_the_database_that_is_gone_is_no_table(tmp_path, options, bare):
    old = migration(f"{MADE}, migrations.CreateModel('Page', [{KEY}], {options})")
    with_migrations(tmp_path, BOOK, ("0001_a", old))
    (op,) = static(tmp_path, "drift")["apps"]["catalog"]["ops"]
    assert (op["op"], op.get("state_only")) == ("DeleteModel", bare)


@pytest.mark.parametrize(
    ("first", "told"),
    [
        (migration(MADE, "", "    replaces = [('catalog', '0001_gone')]\n"), False),
        (migration(MADE), True),
    ],
)
def test_an_older_squash_stays_when_its_successors_are_gone(tmp_path, first, told):
    squash = "    replaces = [('catalog', '0001_old'), ('catalog', '0002_gone')]\n"
    with_migrations(
        tmp_path,
        BOOK,
        ("0001_old", first),
        ("0001_new", migration(MADE, "", squash)),
        ("0003_c", migration("", "('catalog', '0002_gone')")),
    )
    assert ("migrations.lost-originals" in found_ids(scan(tmp_path))) is told
