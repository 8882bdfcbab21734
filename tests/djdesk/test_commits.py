"""Values are cached until anybody commits, and no longer."""

import sqlite3

import pytest
from django.contrib.auth.models import Group
from django.db import connection, transaction

from djdesk.desktop import commits


@pytest.fixture
def names():
    """``names()``: the groups through ``until_commit``; ``names.made`` counts the queries."""

    def read():
        names.made += 1
        return sorted(Group.objects.values_list("name", flat=True))

    def names():
        return commits.until_commit(("groups", id(names)), read)

    names.made = 0
    yield names
    commits.close()


@pytest.mark.django_db(transaction=True)
def test_a_value_is_made_once_until_somebody_commits(names):
    Group.objects.create(name="one")
    assert [names(), names()] == [["one"], ["one"]] and names.made == 1
    Group.objects.create(name="two")
    assert names() == ["one", "two"]
    with sqlite3.connect(connection.settings_dict["NAME"], timeout=5) as another:
        another.execute("INSERT INTO auth_group (name) VALUES ('three')")
    another.close()
    assert names() == ["one", "three", "two"] and names.made == 3


@pytest.mark.django_db(transaction=True)
def test_a_transaction_sees_its_own_rows_and_nobody_else_does(names):
    assert names() == []
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        Group.objects.create(name="one")
        assert names() == ["one"]
        raise ZeroDivisionError
    assert names() == []


@pytest.mark.django_db(transaction=True)
def test_an_error_is_not_kept_and_a_missing_file_is_not_made(names, tmp_path, monkeypatch):
    with pytest.raises(ZeroDivisionError):
        commits.until_commit("broken", lambda: 1 / 0)
    assert commits.until_commit("broken", lambda: "mended") == "mended"
    monkeypatch.setitem(connection.settings_dict, "NAME", tmp_path / "none.sqlite3")
    assert [commits.until_commit("x", lambda: 1), commits.until_commit("x", lambda: 2)] == [1, 2]
    assert not (tmp_path / "none.sqlite3").exists()


@pytest.mark.django_db(transaction=True)
def test_no_more_values_are_kept_than_a_few():
    for number in range(3 * commits.MOST):
        commits.until_commit(("many", number), lambda: number)  # noqa: B023 - called at once
    assert len(commits._kept) <= commits.MOST
