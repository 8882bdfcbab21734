"""Engine messages in the reader's language; all other texts unchanged."""

from __future__ import annotations

import datetime

import pytest
from django.utils import translation

from djdesk.desktop.message_translation import translated, translated_word
from djdesk.messages import dumps, joined, loads, say, word
from djdesk.projects.lists import listed
from inspector.facts.finding import and_more, check_text
from inspector.facts.lifecycles import life

# Texts by projects, Django and Python, some close to our own messages.
FOREIGN = [
    "Read timed out.",
    "Read the docs",
    "query on closed cursor",
    "Check",
    "Reading the source",
    "The file does not exist yet.",
    "a/b.html: if is not closed",
    "models is not marked as safe.",
    "2 changes: Add field a to b, Add field c to d.",
    "Environment variable SHOP_REGION is not set.",
    "March 2026",
    "yes",
    "shop, models and 3 more",
    "staticfiles.W004 The directory '/x' in the STATICFILES_DIRS setting does not exist.",
    '{"id": "Check", "params": {}}',
]


@pytest.mark.parametrize(
    ("sentence", "german"),
    [
        (say("Reading the source"), "Quelltext wird gelesen"),
        (
            say("It was ended after {limit} seconds.", limit=90),
            "Es wurde nach 90 Sekunden beendet.",
        ),
        (say("Read {section_text}", section_text=word("side effects")), "Nebenwirkungen gelesen"),
        (say("You gave {names_list}.", names_list="A, B"), "Angegeben: A, B."),
        (
            say("The environment lacks {names_list}.", names_list=listed(list("abcdef"))),
            "In der Umgebung fehlt: a, b, c, d und 2 weitere.",
        ),
        (
            joined(["a/b.html: " + say("{word} is not closed", word="if"), say("Nothing")]),
            "a/b.html: if ist nicht geschlossen Nichts",
        ),
    ],
)
def test_a_sentence_is_said_in_the_language_of_the_page(sentence, german):
    with translation.override("de"):
        assert translated(sentence) == translated(loads(dumps(sentence))) == german
    with translation.override("en"):
        assert translated(sentence) == sentence


@pytest.mark.parametrize("text", FOREIGN)
def test_the_text_of_others_is_never_touched(text):
    with translation.override("de"):
        assert translated(text) == translated(loads(dumps({"message": text}))["message"]) == text
        for around, german in (
            (say("{name} is not marked as safe.", name=text), "{} ist nicht als sicher markiert."),
            (and_more(text, 3), "{} Und 2 weitere."),
        ):
            assert translated(around) == german.format(text)


def test_a_message_of_djangos_checks_stays_as_it_is():
    one = {"id": "models.W042", "obj": "", "msg": "Calling format_html() is deprecated."}
    with translation.override("de"):
        told = translated(and_more(check_text(one), 3))
    assert told == "models.W042 Calling format_html() is deprecated. Und 2 weitere."


@pytest.mark.parametrize("name", ["report", "settings", "model", "field"])
def test_an_app_that_is_called_like_a_word_of_ours_keeps_its_name(name):
    lacks = say("The database {alias} lacks {names_list}.", alias="default", names_list=name)
    with translation.override("de"):
        assert translated(name) == name and translated_word(name) != name
        assert translated(lacks) == f"In der Datenbank default fehlt: {name}."


def test_months_are_named_in_the_language_of_the_page():
    month = life("django", "5.1", datetime.date(2026, 7, 1)).month
    with translation.override("de"):
        assert month == "December 2025" and translated(month) == "Dezember 2025"
    with translation.override("en"):
        assert translated(month) == month
