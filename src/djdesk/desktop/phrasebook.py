"""The templates of sentences and their translations, as they are in the catalogues."""

from __future__ import annotations

import gettext
import re
import string
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

# What a parameter can be, by its name; the less, the fewer foreign sentences fit by chance.
# ``place`` may be empty, such as " (shop/models.py:7)".
ANYTHING = ".+?"
PARAMS = {
    "n": "[0-9,]+",
    "place": ".*?",
    "word": r"\S+",
    "path": r"(?:[/\\~]|[A-Za-z]:)[^\n]*?",
}
# So many characters of a sentence choose the templates that are tried.
HEAD = 4


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
    templates.sort(key=lambda t: (t.leads not in {None, *PARAMS}, -t.weight))
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
