# ruff: noqa: E501 - rows of a scan stand in long lines
"""Settings modules side by side, and the age and support of installed packages."""

from __future__ import annotations

import datetime

import pytest
from django.urls import reverse

from inspector.models import Preferences
from inspector.pages.settings_modules import compare
from inspector.pages.support import rows

pytestmark = pytest.mark.django_db


def variable(name, value, line=1, *, redacted=False):
    return {
        "name": name,
        "value": value,
        "redacted": redacted,
        "computed": False,
        "file": "conf/a.py",
        "line": line,
    }


def section():
    one = [
        variable("DEBUG", "True"),
        variable("SAME", "1"),
        variable("API_KEY", "••", redacted=True),
    ]
    two = [
        variable("DEBUG", "False"),
        variable("SAME", "1", 9),
        variable("API_KEY", "••", 5, redacted=True),
        variable("ONLY", "2"),
    ]
    return {
        "module": "conf.dev",
        "files": [],
        "variables": [variable("DEBUG", "None")],
        "env": [],
        "secret_key": None,
        "errors": [],
        "modules": [
            {
                "module": "conf.dev",
                "file": "conf/dev.py",
                "chosen": True,
                "variables": one,
                "errors": [],
            },
            {
                "module": "conf.prod",
                "file": "conf/p.py",
                "chosen": False,
                "variables": two,
                "errors": [],
            },
        ],
    }


def test_what_differs_comes_first_and_hidden_values_are_compared_by_place():
    found = compare(section(), live=False)
    assert [(row.name, row.differs) for row in found.rows] == [
        *(("API_KEY", True), ("DEBUG", True), ("ONLY", True), ("SAME", False))
    ]
    assert found.rows[2].cells[0] is None and found.different == 3


def test_what_django_has_after_loading_stands_beside_it():
    debug = compare(section(), live=True).rows[1]
    assert debug.cells[0].live == "None" and debug.cells[1].live == ""
    assert compare({"modules": section()["modules"][:1]}, live=True) is None


def test_the_page_shows_them(client, scanned):
    project = scanned(settings=section())
    html = client.get(reverse("inspector:settings", args=[project.pk])).content.decode()
    assert "3 of 4 settings differ" in html and "conf.prod" in html and "not set" in html
    assert 'data-differs="yes"' in html and "Only differences" in html


def test_support_is_from_the_table_and_age_from_the_environment():
    data = {
        "declared": [
            {"name": "Django", "specifier": "", "installed": "4.2.1", "installed_on": "2024-03-05"},
            {"name": "requests", "specifier": "", "installed": "2.0", "installed_on": None},
            {"name": "absent", "specifier": "", "installed": None},
        ],
        "installed": [{"name": "other", "version": "1"}],
    }
    found = rows(data, {"python": "3.13.0"}, {}, datetime.date(2026, 11, 21))
    assert [row.name for row in found.rows] == ["Django", "Python", "requests"]
    django, python, requests = found.rows
    assert django.life.state == "ended" and django.day == datetime.date(2024, 3, 5)
    assert python.life.state == "supported"
    assert requests.life is None and requests.day is None
    assert django.life.end == datetime.date(2026, 4, 30)
    assert django.rank < python.rank < requests.rank


def test_a_long_value_is_folded_and_there_as_a_whole(client, scanned):
    value = "['" + "app', '" * 60 + "last']"
    found = [variable("INSTALLED_APPS", value), variable("DEBUG", "True")]
    project = scanned(settings=section() | {"variables": found})
    html = client.get(reverse("inspector:settings", args=[project.pk])).content.decode()
    assert html.count('<details class="whole"') == 1
    assert html.count("&#x27;last&#x27;") == 1, "cut in the summary, whole below it"


def test_months_are_in_the_language_of_the_page(client, scanned):
    Preferences(language="de").save()
    data = {"declared": [], "installed": [], "missing": [], "files": [], "errors": []}
    project = scanned(dependencies=data, runtime={"python": "3.13.1"})
    html = client.get(reverse("inspector:dependencies", args=[project.pk])).content.decode()
    assert "Oktober 2029" in html and "Pakete filtern" in html


def test_the_page_says_where_the_dates_are_from(client, scanned):
    data = {
        "declared": [{"name": "Django", "specifier": "", "installed": "3.2", "installed_on": None}],
        "installed": [],
        "missing": [],
        "files": [],
        "errors": [],
    }
    project = scanned(dependencies=data)
    html = client.get(reverse("inspector:dependencies", args=[project.pk])).content.decode()
    assert "ended in April 2024" in html and "supported-versions" in html
    assert "When the version was released is not known here" in html


def test_the_page_says_which_files_name_the_settings(client, scanned):
    section = {
        **{"module": "shop.dev", "files": [], "env": [], "secret_key": None, "errors": []},
        "variables": [
            {
                **{"name": "DEBUG", "value": "True", "default": "False", "changed": True},
                **{"known": True, "redacted": False, "computed": False, "file": None, "line": None},
                "assumed": ["SHOP_DEBUG"],
            }
        ],
    }
    evidence = [{"text": "compose.yml", "file": "compose.yml", "line": 7}]
    rows = [
        {"module": "shop.dev", "source": "compose.yml", "chosen": True, "tied": True, "evidence": evidence},
        {"module": "shop.other", "source": "bin/manage", "chosen": False, "tied": True, "evidence": []},
    ]  # fmt: skip
    discovered = {"root": "/x", "name": "x", "settings_modules": rows}
    project = scanned(discovered=discovered, settings=section)
    html = client.get(reverse("inspector:settings", args=[project.pk])).content.decode()
    assert "compose.yml:7" in html.replace("<wbr>", "") and "shop.other" in html
    assert "assumed" in html and "SHOP_DEBUG" in html
    discovered["settings_modules"] = [{**rows[0], "tied": False}]
    project = scanned(discovered=discovered, settings=section)
    html = client.get(reverse("inspector:settings", args=[project.pk])).content.decode()
    assert "Equally likely" not in html
