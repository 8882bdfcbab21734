"""Messages: the English sentence, its template and values, and the round trip through JSON and
columns.
"""

from __future__ import annotations

import copy
import json
import pickle
from http import HTTPStatus
from pathlib import Path

import pytest
from django.db import connection, models
from django.utils import translation
from django.utils.safestring import SafeString

from djdesk.desktop import message_translation
from djdesk.desktop.jobs.models import Job
from djdesk.desktop.message_translation import translated, translated_word
from djdesk.messages import (
    Message,
    dumps,
    joined,
    loads,
    say,
    say_n,
    with_messages,
    without_messages,
    word,
)
from djdesk.projects.lists import listed


@pytest.fixture(autouse=True)
def catalogue(monkeypatch):
    """German translations for this file's sentences."""
    forms = {
        "{name} is missing.": ("{name} fehlt.",),
        "{n} file": ("{n} Datei", "{n} Dateien"),
        "{n} files": ("{n} Datei", "{n} Dateien"),
        "{first} And {n} more.": ("{first} Und {n} weitere.",),
        "{names} and {n} more": ("{names} und {n} weitere",),
        "It took {seconds} s.": ("Es dauerte {seconds} s.",),
        "field": ("Feld",),
        "April": ("April!",),
        "{month} {year}": ("{month} des Jahres {year}",),
        "The disk is full.": ("Der Datenträger ist voll.",),
    }
    german = message_translation.Catalogue(forms, lambda n: int(n != 1))
    monkeypatch.setattr(message_translation, "_catalogue", {"de": german}.get)


def german(text):
    with translation.override("de"):
        return translated(text)


MESSAGES = [
    (say("{name} is missing.", name="x"), "x is missing.", "x fehlt."),
    (say_n("{n} file", "{n} files", 1), "1 file", "1 Datei"),
    (say_n("{n} file", "{n} files", 12345), "12345 files", "12345 Dateien"),
    (say("It took {seconds} s.", seconds=2.5), "It took 2.5 s.", "Es dauerte 2,5 s."),
    (
        say("{name} is missing.", name=["a", say("April")]),
        "a, April is missing.",
        "a, April! fehlt.",
    ),
    (say("{month} {year}", month=say("April"), year=2026), "April 2026", "April! des Jahres 2026"),
    (listed(list("abcdef")), "a, b, c, d and 2 more", "a, b, c, d und 2 weitere"),
    (
        say("{first} And {n} more.", first=say("{name} is missing.", name="x"), n=2),
        "x is missing. And 2 more.",
        "x fehlt. Und 2 weitere.",
    ),
    (joined([say("The disk is full."), "", "Its {own}."]), "The disk is full. Its {own}.", None),
    ("why: " + say("The disk is full.") + " {x}", "why: The disk is full. {x}", None),
    # A value that looks like a template, or like one of our sentences, is foreign text.
    (say("{name} is missing.", name="{name}"), "{name} is missing.", "{name} fehlt."),
    (
        say("{name} is missing.", name="The disk is full."),
        "The disk is full. is missing.",
        "The disk is full. fehlt.",
    ),
]


@pytest.mark.parametrize(("message", "english", "told"), MESSAGES)
def test_a_message_is_english_text_and_said_in_the_language_of_the_page(message, english, told):
    assert message == english and isinstance(message, str) and f"{message}" == english
    assert german(message) == (
        told or english.replace("The disk is full.", "Der Datenträger ist voll.")
    )
    with translation.override("en"):
        assert translated(message) == english
    assert json.loads(json.dumps({"text": message})) == {"text": english}


@pytest.mark.parametrize(("message", "english", "told"), MESSAGES)
def test_a_message_comes_through_json_copies_and_pickles(message, english, told):
    rows = {"rows": [{"text": message, "n": 1, "none": None}], "pair": (message, "x")}
    for back in (
        loads(dumps(rows)),
        loads(dumps(rows).encode()),
        copy.deepcopy(rows),
        pickle.loads(pickle.dumps(rows)),
    ):
        assert back["rows"][0]["text"] == english == back["pair"][0]
        assert german(back["rows"][0]["text"]) == german(message) == german(back["pair"][0])
    assert json.loads(json.dumps(loads(dumps(rows)))) == json.loads(json.dumps(rows))


def test_what_is_no_message_comes_through_as_it_is():
    assert [loads(dumps(one)) for one in ("x", 7, None)] == ["x", 7, None]
    assert loads(dumps([SafeString("x"), HTTPStatus.OK, [True, 2.5]])) == ["x", 200, [True, 2.5]]


FOREIGN = [
    "Read timed out.", "The disk is full.", "x is missing.", "April 2026", "yes", "1 file",
    "{n} files", "", None, '{"id": "The disk is full.", "params": {}}',
]  # fmt: skip


@pytest.mark.parametrize("text", FOREIGN)
def test_the_text_of_others_is_never_touched(text):
    assert german(text) == (text or "")
    assert german(loads(dumps([text]))[0]) == (text or "")
    assert german(say("{name} is missing.", name=text or "")) == f"{text or ''} fehlt."


@pytest.mark.parametrize(
    "value",
    [
        {"id": 1, "params": {}},
        {"id": "x", "params": []},
        {"id": "The disk is full.", "params": {}, "more": 1},
        {"params": {"a": 1}, "id": "The disk is full."},
        {"id": None, "params": [1, 2]},
        {"id": {"id": "x", "params": {}}, "params": {"id": "y", "params": {}}},
    ],
)
def test_a_dict_that_looks_like_a_message_stays_one(value):
    back = loads(dumps({"a": [value]}))["a"][0]
    assert back == value and not isinstance(back, Message)


@pytest.mark.parametrize(
    "template",
    ["{name.__class__}", "{name[0]}", "{name!r}", "{name:>999999999}", "{", "{other}", "{0}"],
)
def test_what_another_process_sends_reaches_into_nothing(template):
    sent = {"id": template, "params": {"name": "x"}}
    assert loads(json.dumps(sent)) == sent


def test_messages_cannot_be_nested_so_as_to_fill_the_memory():
    text = '"x"'
    for _ in range(40):
        text = f'{{"id": "{{a}}{{b}}", "params": {{"a": {text}, "b": "y"}}}}'
    assert len(loads(text)) == 41
    bomb: object = "x" * 1000
    for _ in range(60):
        bomb = {"id": "{a}{a}", "params": {"a": bomb}}
    assert len(loads(json.dumps(bomb))) < 200_000


def test_what_leaves_a_text_as_it_was_leaves_the_message():
    message = say("The disk is full.")
    for same in (
        str(message), message[:500], message.strip(), message.rstrip("\n"), message + "",
        message.removesuffix("!"), str(ValueError(message)), f"{message}",
    ):  # fmt: skip
        assert german(same) == "Der Datenträger ist voll."
    for other in (message[:8], message.rstrip("."), message[::-1], message.upper()):
        assert german(other) == other


def test_what_others_read_is_english_and_carries_its_messages():
    """For example a line for the shell, or the journal of an update."""
    reason = say("{name} is missing.", name="x")
    written = json.dumps(with_messages({"code": 3, "reason": reason, "hint": "yes"}))
    assert json.loads(written)["reason"] == "x is missing."
    read = without_messages(json.loads(written))
    assert german(read["reason"]) == "x fehlt." and german(read["hint"]) == "yes"
    assert read.keys() == {"code", "reason", "hint"}
    # An older version changed the text and kept the rest.
    changed = without_messages(json.loads(written) | {"reason": "The disk is full."})
    assert german(changed["reason"]) == "The disk is full."
    # A job's return value belongs to the app, even if it looks like a message.
    value = {"id": "The disk is full.", "params": {}}
    assert (
        without_messages(json.loads(json.dumps(with_messages({"value": value}))))["value"] == value
    )
    for odd in ({"messages": 3}, {"messages": {"reason": []}, "reason": 3}, {"messages": None}):
        assert isinstance(without_messages(odd), dict)


def test_a_word_of_ours_alone():
    with translation.override("de"):
        assert translated_word("field") == translated(word("field")) == "Feld"
        assert translated("field") == "field" and translated_word("{x}") == "{x}"


def test_a_value_that_is_missing_is_a_fault_where_the_message_is_made():
    with pytest.raises(KeyError):
        say("{name} is missing.", nam="x")
    with pytest.raises(ValueError):
        say("{name!r} is missing.", name="x")


def test_a_path_or_an_error_is_a_text():
    assert say("{name} is missing.", name=Path("a")).params == {"name": "a"}
    inner = say("The disk is full.")
    assert (
        german(say("{name} is missing.", name=OSError(inner))) == "Der Datenträger ist voll. fehlt."
    )


@pytest.mark.django_db
def test_columns_keep_messages_and_plain_texts():
    fake = '{"id": "The disk is full.", "params": {}}'
    for text in (say("{name} is missing.", name="x"), "The disk is full.", fake, "", "{"):
        Job.objects.all().delete()
        Job.objects.create(title="t", reason=text, text=text)
        row = Job.objects.get()
        assert row.reason == row.text == text
        assert german(row.reason) == german(text) == german(row.text)
        Job.objects.update(reason=text)
        assert german(Job.objects.values_list("reason", flat=True)[0]) == german(text)


@pytest.mark.django_db
def test_rows_of_an_older_version_are_shown_as_they_are():
    Job.objects.create(title="t")
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {Job._meta.db_table} SET reason = %s", ["The disk is full."])
    assert german(Job.objects.get().reason) == "The disk is full."


def test_the_tables_are_those_of_djangos_own_fields():
    for name, own in (("reason", models.TextField), ("text", models.CharField)):
        field = Job._meta.get_field(name)
        assert field.deconstruct()[1] == f"django.db.models.{own.__name__}"
