"""Sentences that are made where no reader is known, and shown in the reader's language.

``say`` makes the English sentence; that is what is stored, printed and sent between processes.
``said`` finds the template that a sentence was made from in the catalogues ``sentences`` of the
installed apps, and says it again in the language of the page. What no template fits is shown as
it is, so a text of a project or of an older version is never lost.
"""

from __future__ import annotations

import gettext
import re
import string
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from django.apps import apps
from django.utils.formats import number_format
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext as page_text

DOMAIN = "sentences"
# A parameter of this name ending is a sentence of its own; every other one stays as it is.
NESTED = "_text"
# One of this ending is a list of names, of which only the "and 3 more" at its end is said again.
LIST = "_list"
MORE = "{names} and {n} more"
# One of this ending is a value of the project or a word of ours in its place, such as "yes".
VALUE = "_value"
# What a parameter can be, by its name; the less, the fewer foreign sentences fit by chance.
# ``place`` may be empty, such as " (shop/models.py:7)".
ANYTHING = ".+?"
PARAMS = {
    "n": "[0-9,]+",
    "place": ".*?",
    "word": r"\S+",
    "path": r"(?:[/\\~]|[A-Za-z]:)[^\n]*?",
}
# A lone word in small letters may be the name of an app: only these are said outside a sentence.
WORDS = {"yes", "no", "loaded", "written"}
# So many characters of a sentence choose the templates that are tried.
HEAD = 4
NUMBER = re.compile(r"\d{1,3}(,\d{3})*|\d+")
BETWEEN = re.compile(r"(?<=[.!?]) (?=\S)")
# More sentences than this are nobody's of ours: a message of the project.
SENTENCES = 12


def say(template: str, **params: Any) -> str:
    """``say("{name} is missing.", name="x")``: the sentence, and a mark for extraction."""
    return template.format(**params)


def said(text: str | None) -> str:
    """The sentence in the active language; itself where there is no translation."""
    if not text:
        return ""
    return _said(get_language() or "", str(text))


def said_word(text: str) -> str:
    """The same for a word of ours that stands alone, such as "field"."""
    return _nested(get_language() or "", text)


@dataclass(frozen=True)
class Template:
    """One translated message. ``forms``: its translations, one per plural form."""

    original: str
    start: str
    longest: str
    leads: str | None  # the parameter that it starts with
    pattern: re.Pattern[str]
    forms: tuple[str, ...]
    weight: int


@dataclass(frozen=True)
class Book:
    exact: dict[str, str]
    templates: tuple[Template, ...]
    form: Any  # which plural form a number takes
    heads: dict[str, tuple[Template, ...]]  # by the first HEAD characters; "": all that have fewer

    def candidates(self, text: str) -> tuple[Template, ...]:
        """The templates that a sentence may have been made from, the most telling first."""
        return self.heads.get(text[:HEAD], self.heads[""])


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
    """A message, or one that something has put a full stop behind."""
    found = _match(book, language, text)
    if found is None and text.endswith("."):
        found = _match(book, language, text[:-1])
        return None if found is None else f"{found}."
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
    return _number(value)


def _listed(book: Book, language: str, value: str) -> str:
    """Names stay: an app may be called like a word of the pages."""
    template = next((one for one in book.templates if one.original == MORE), None)
    fits = template.pattern.fullmatch(value) if template else None
    return _filled(book, template, language, fits.groupdict()) if template and fits else value


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


def book_of(catalogues: list[bytes]) -> Book:
    """What several .mo files say, to look sentences up in."""
    exact: dict[str, str] = {}
    templates: list[Template] = []
    form: Any = None
    for original, translated in (pair for data in catalogues for pair in messages(data)):
        if not original:
            rule = re.search(r"plural=([^;\n]+)", translated)
            form = gettext.c2py(rule[1].strip() if rule else "n != 1")
            continue
        forms = tuple(translated.split("\0"))
        for at, one in enumerate(original.split("\0")):
            if "n" in fields(one):
                templates.append(_template(one, forms))
            elif fields(one):
                # Without its number only the English form tells one from many.
                templates.append(_template(one, (forms[min(at, len(forms) - 1)],)))
            else:
                # Without a parameter, only doubled braces are left to be filled.
                exact[one.format()] = forms[0].format()
    # The more a template says itself, and of the beginning, the less a sentence fits by chance.
    templates.sort(key=lambda t: (t.leads is not None, -t.weight))
    return Book(exact, tuple(templates), form, _heads(templates))


def _heads(templates: list[Template]) -> dict[str, tuple[Template, ...]]:
    """Templates by how they start. Those that start with a parameter fit every beginning."""
    starts = {one.start[:HEAD] for one in templates if len(one.start) >= HEAD}
    short = tuple(one for one in templates if len(one.start) < HEAD)
    return {"": short} | {
        head: tuple(one for one in templates if len(one.start) < HEAD or one.start[:HEAD] == head)
        for head in starts
    }


def fields(template: str) -> list[str]:
    """The names of a template's parameters."""
    return [name for _, name, _, _ in string.Formatter().parse(template) if name]


def _template(original: str, forms: tuple[str, ...]) -> Template:
    pattern, start, longest, weight = "", None, "", 0
    seen: set[str] = set()
    for literal, name, _, _ in string.Formatter().parse(original):
        start = literal if start is None else start
        pattern += re.escape(literal)
        longest = max(longest, literal, key=len)
        weight += len(literal)
        if name is None:
            continue
        if name in seen:
            pattern += f"(?P={name})"
        else:
            pattern += f"(?P<{name}>{PARAMS.get(name, ANYTHING)})"
            seen.add(name)
    # A translation has no use for the format of a number that is a text by now.
    plain = tuple(re.sub(r"\{(\w+)[:!][^}]*\}", r"{\1}", form) for form in forms)
    found = re.compile(pattern, re.DOTALL)
    leads = None if start else fields(original)[0]
    return Template(original, start or "", longest, leads, found, plain, weight)


def messages(data: bytes) -> Iterator[tuple[str, str]]:
    """(message, translation) of a .mo file; plural forms are joined by NUL, as they are there.

    Python's own reader keeps only the singular of a message, and both forms are looked for here.
    """
    count, originals, translations = struct.unpack("<3I", data[8:20])
    for number in range(count):
        pair = []
        for table in (originals, translations):
            length, at = struct.unpack_from("<2I", data, table + number * 8)
            pair.append(data[at : at + length].decode())
        yield pair[0], pair[1]
