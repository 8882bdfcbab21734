"""Sentences of the engine, stored in English and said in the reader's language."""

from __future__ import annotations

import pytest
from django.utils import translation

from djdesk.desktop import guessed
from djdesk.desktop.wording import said, said_word, say


@pytest.mark.parametrize(
    ("sentence", "german"),
    [
        ("Reading the source", "Quelltext wird gelesen"),
        (
            say("It was ended after {limit} seconds.", limit=90),
            "Es wurde nach 90 Sekunden beendet.",
        ),
        ("Read side effects", "Nebenwirkungen gelesen"),
        ("You gave A, B.", "Angegeben: A, B."),
    ],
)
def test_a_sentence_is_said_in_the_language_of_the_page(sentence, german):
    with translation.override("de"):
        assert said(sentence) == german
    with translation.override("en"):
        assert said(sentence) == sentence


def test_a_name_in_a_sentence_is_never_translated():
    with translation.override("de"):
        assert said("models is not marked as safe.") == "models ist nicht als sicher markiert."
        assert said("Say {n}") == "Say {n}"


@pytest.mark.parametrize("name", ["report", "settings", "model", "field"])
def test_an_app_that_is_called_like_a_word_of_ours_keeps_its_name(name):
    with translation.override("de"):
        assert said(name) == name and said_word(name) != name
        assert (
            said(f"The database default lacks {name}.")
            == f"In der Datenbank default fehlt: {name}."
        )


@pytest.mark.parametrize(
    "text",
    [
        "staticfiles.W004 The directory '/x' in the STATICFILES_DIRS setting does not exist.",
        "models.W042 The field inherits from Base without a parent.",
        "Add field slug to customer",
        "Calling format_html() on a string is deprecated.",
    ],
)
def test_a_message_of_django_stays_as_it_is(text):
    with translation.override("de"):
        assert said(text) == text
        assert said(f"{text} And 2 more.") == f"{text} Und 2 weitere."


def test_sentences_in_a_row_are_told_together_or_not_at_all():
    with translation.override("de"):
        assert said(
            "Environment variables A, B are not set. The inspection runs without your environment; "
            "give values for it here, or put them into the .env file that the project reads. "
            ".env.example in the project shows its variables."
        ) == (
            "Die Umgebungsvariablen A, B sind nicht gesetzt. Die Untersuchung läuft ohne die "
            "eigene Umgebung; Werte dafür lassen sich hier angeben oder in die .env-Datei "
            "schreiben, die das Projekt liest. .env.example im Projekt zeigt seine Variablen."
        )
        half = "Choose a newer interpreter. Nobody wrote this."
        assert said(half) == half


def test_a_name_before_a_message_is_kept():
    with translation.override("de"):
        assert said("a/b.html: if is not closed") == "a/b.html: if ist nicht geschlossen"
        for text in ("AssertionError: no", "KeyError: model", "a b: if is not closed"):
            assert said(text) == text
        changes = "4 changes: Add field a to b, Add field c to d and 2 more."
        assert said(changes) == "4 Änderungen: Add field a to b, Add field c to d und 2 weitere."


def test_a_full_stop_behind_a_message_is_kept():
    with translation.override("de"):
        assert said("shop.0002_x removes a field.") == "shop.0002_x entfernt ein Feld."


def test_lists_and_places_in_a_sentence():
    with translation.override("de"):
        names = "shop, models and 3 more"
        assert said(f"The environment lacks {names}.") == (
            "In der Umgebung fehlt: shop, models und 3 weitere."
        )
        assert said("You gave A and 2 more.") == "Angegeben: A und 2 weitere."
        for place in ("", " (shop/apps.py:7)"):
            text = f"The project queries its database while it loads{place}; the inspection"
            assert f"Datenbank ab{place}; die" in said(f"{text} opens none.")


def templates():
    for book in (guessed._book("de"),):
        yield from book.templates


def test_every_template_finds_its_own_sentences():
    with translation.override("de"):
        for template in templates():
            names = list(template.pattern.groupindex)
            values = {n: f"«{n}»" for n in names} | {
                name: value for name, value in {"n": "7", "path": "/a b"}.items() if name in names
            }
            sentence = template.original.format(**values)
            told = said(sentence)
            assert all(value in told for value in values.values()), sentence
            assert told != sentence
