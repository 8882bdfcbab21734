"""A finding with a fixing command shows it ready for a terminal, with nothing harmful in it."""

import pytest

from inspector.facts.finding import Finding, Known
from inspector.facts.findings import folded
from inspector.facts.findings.databases import databases

VENV = {"path": "/home/me/shop/.venv/bin/python", "chosen": True}
DATABASE = {
    "state": "missing",
    "pending": ["a.0001_initial"],
    "ghosts": [],
    "missing_tables": [],
}


def known(project=None, **sections):
    ready = {name: {"data": data, "ok": True, "source": "live"} for name, data in sections.items()}
    base = {"root": "/home/me/shop", "manage_py": "manage.py", "interpreters": [VENV]}
    return Known({"sections": ready, "project": base | (project or {})}, None)


def commands(facts):
    found = folded(list(databases(facts)))
    return [one.as_dict(start=facts.start)["command"] for one in found]


def test_a_database_that_is_not_there_is_made_by_migrate():
    facts = known(databases={"databases": {"default": DATABASE}})
    assert commands(facts) == [".venv/bin/python manage.py migrate"]


def test_another_database_is_named():
    facts = known(databases={"databases": {"logs": DATABASE}})
    assert commands(facts) == [".venv/bin/python manage.py migrate --database logs"]


def test_a_name_that_would_do_something_else_in_a_terminal_gives_no_command():
    facts = known(databases={"databases": {"logs; rm -rf ~": DATABASE}})
    assert commands(facts) == [""]


@pytest.mark.parametrize(
    ("project", "start"),
    [
        ({"interpreters": []}, "python manage.py"),
        ({"manage_py": "my site/manage.py"}, '.venv/bin/python "my site/manage.py"'),
        ({"manage_py": None}, ""),
        ({"manage_py": "$(id)/manage.py"}, ""),
        (
            {"interpreters": [{"path": "/opt/py/bin/python", "chosen": True}]},
            "/opt/py/bin/python manage.py",
        ),
    ],
)
def test_how_manage_py_is_started(project, start):
    assert known(project).start == start


def test_findings_of_one_kind_share_a_command_only_when_one_does_for_all():
    def one(label, manage):
        return Finding(f"drift:{label}", "warning", "t", "t", "w", manage=manage)

    both = folded([one("shop", "makemigrations shop"), one("blog", "makemigrations blog")])
    assert both[0].manage == "makemigrations shop blog"
    two = folded([one("a", "migrate"), one("b", "migrate --database b")])
    assert two[0].manage == ""
