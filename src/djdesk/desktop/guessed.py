"""Sentences that came as plain text, looked up by what they could have been made from.

Only until all of them are sent as messages (djdesk.messages).
"""

from __future__ import annotations

import calendar
import re
from datetime import date
from functools import cache, lru_cache
from pathlib import Path

from django.apps import apps
from django.utils.formats import date_format, number_format
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext as page_text

from .phrasebook import Book, Template, book_of

DOMAIN = "sentences"
# A parameter of this name ending is a sentence of its own; every other one stays as it is.
NESTED = "_text"
# One of this ending is a list of names, of which only the "and 3 more" at its end is said again.
LIST = "_list"
MORE = "{names} and {n} more"
# One of this ending is a value of the project or a word of ours in its place, such as "yes".
VALUE = "_value"
# One of this ending is a month of a year, such as "April 2026".
MONTH = "_month"
MONTHS = list(calendar.month_name)
# A lone word in small letters may be the name of an app: only these are said outside a sentence.
WORDS = {"yes", "no", "loaded", "written"}
NUMBER = re.compile(r"\d{1,3}(,\d{3})*|\d+")
BETWEEN = re.compile(r"(?<=[.!?]) (?=\S)")
# More sentences than this are nobody's of ours: a message of the project.
SENTENCES = 12


def said(text: str | None) -> str:
    """The sentence in the active language; itself where there is no translation."""
    if not text:
        return ""
    return _said(get_language() or "", str(text))


def said_word(text: str) -> str:
    """The same for a word of ours that stands alone, such as "field"."""
    return _nested(get_language() or "", text)


@lru_cache(maxsize=8192)
def _said(language: str, text: str) -> str:
    book = _book(language)
    if book is None:
        return text
    whole = _sentence(book, language, text)
    if whole is not None:
        return whole
    parts = BETWEEN.split(text)
    if 1 < len(parts) <= SENTENCES and (found := _row_of(book, language, parts)) is not None:
        return " ".join(found)
    return text


def _row_of(book: Book, language: str, parts: list[str]) -> list[str] | None:
    """Sentences one after the other: as many together as one message holds. All, or nothing."""
    found: list[str] = []
    at = 0
    while at < len(parts):
        for end in range(len(parts), at, -1):
            one = _sentence(book, language, " ".join(parts[at:end]))
            if one is not None:
                break
        else:
            return None
        found.append(one)
        at = end
    return found


def _sentence(book: Book, language: str, text: str) -> str | None:
    """A message; or one with a full stop behind it, or with a name and a colon before it."""
    found = _match(book, language, text)
    if found is None and text.endswith("."):
        found = _match(book, language, text[:-1])
        found = None if found is None else f"{found}."
    if found is None:
        name, _, rest = text.partition(": ")
        # One word alone is no sentence: an error may say just that.
        if " " in rest and " " not in name and (found := _match(book, language, rest)) is not None:
            found = f"{name}: {found}"
    return found


def _match(book: Book, language: str, text: str) -> str | None:
    if text in book.exact and not (text.isidentifier() and text.islower()):
        return book.exact[text]
    if text in WORDS:
        return book.exact.get(text)
    for template in book.candidates(text):
        if template.longest not in text or not text.startswith(template.start):
            continue
        if (fits := template.pattern.fullmatch(text)) and not _spans(template, fits):
            return _filled(book, template, language, fits.groupdict())
    return None


def _spans(template: Template, fits: re.Match[str]) -> bool:
    """Whether the parameter that a sentence starts with has taken in the sentence before it."""
    name = template.leads
    return name is not None and not name.endswith(NESTED) and bool(BETWEEN.search(fits[name]))


def _filled(book: Book, template: Template, language: str, params: dict[str, str]) -> str:
    form = 0
    if "n" in params and len(template.forms) > 1:
        form = book.form(int(params["n"].replace(",", "")))
    shown = {name: _param(book, language, name, value) for name, value in params.items()}
    return template.forms[form].format(**shown)


def _param(book: Book, language: str, name: str, value: str) -> str:
    if name.endswith(NESTED):
        return _nested(language, value)
    if name.endswith(LIST):
        return _listed(book, language, value)
    if name.endswith(VALUE):
        return _said(language, value)
    if name.endswith(MONTH):
        return _month(value)
    return _number(value)


def _listed(book: Book, language: str, value: str) -> str:
    """Names stay: an app may be called like a word of the pages."""
    template = next((one for one in book.templates if one.original == MORE), None)
    fits = template.pattern.fullmatch(value) if template else None
    return _filled(book, template, language, fits.groupdict()) if template and fits else value


def _month(value: str) -> str:
    name, _, year = value.partition(" ")
    if name not in MONTHS or not year.isdecimal():
        return value
    return date_format(date(int(year), MONTHS.index(name), 1), "F Y")


def _nested(language: str, text: str) -> str:
    """A sentence in a sentence, or a word that pages have, such as the name of a section."""
    found = _said(language, text)
    book = _book(language)
    if found == text and book is not None:
        found = book.exact.get(text, text)
    return page_text(text) if found == text else found


def _number(value: str) -> str:
    """A number that was written with English separators as the language writes it."""
    if "," in value and NUMBER.fullmatch(value):
        return number_format(int(value.replace(",", "")), force_grouping=True)
    return value


@cache
def _book(language: str) -> Book | None:
    files = (
        Path(app.path) / "locale" / to_locale(language) / "LC_MESSAGES" / f"{DOMAIN}.mo"
        for app in apps.get_app_configs()
    )
    found = [file.read_bytes() for file in files if file.is_file()]
    return book_of(found) if found else None
