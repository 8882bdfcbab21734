"""Translate messages (djdesk.messages) into the language of the page.

Translations come from the ``sentences`` catalogues of the installed apps. Any other text, such as a
project's exception message, is foreign and shown unchanged.
"""

from __future__ import annotations

import gettext
import re
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.apps import apps
from django.utils.formats import number_format
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext as page_text

from djdesk.messages import Message, filled, word

DOMAIN = "sentences"


@dataclass(frozen=True)
class Catalogue:
    """``forms``: translations by English template, singular or plural: one, or one per plural form.
    ``form`` returns the plural form for a number."""

    forms: dict[str, tuple[str, ...]]
    form: Callable[[int], int]


def translated(text: str | None) -> str:
    """The message in the active language; any other text as it is."""
    if isinstance(text, Message) and (catalogue := _catalogue(get_language() or "")):
        return _translated(catalogue, text)
    return text or ""


def translated_word(text: str) -> str:
    """The same for a single word of ours, such as "field"."""
    return translated(text if isinstance(text, Message) else word(text))


def _translated(catalogue: Catalogue, message: Message) -> str:
    forms = catalogue.forms.get(message.id)
    if forms is None:
        # A word that pages use too, such as the name of a section; or a combination of messages.
        template = page_text(message.id)
    elif len(forms) > 1 and isinstance(n := message.params.get("n"), int):
        template = forms[min(catalogue.form(n), len(forms) - 1)]
    else:
        template = forms[0]

    def shown(value: Any) -> str:
        if isinstance(value, Message):
            return _translated(catalogue, value)
        if isinstance(value, list):
            return ", ".join(map(shown, value))
        return value if isinstance(value, str) else number_format(value)

    try:
        return filled(template, message.params, shown)
    except (KeyError, ValueError):
        return message


@cache
def _catalogue(language: str) -> Catalogue | None:
    """None if there is none, as for English."""
    files = (
        Path(app.path) / "locale" / to_locale(language) / "LC_MESSAGES" / f"{DOMAIN}.mo"
        for app in apps.get_app_configs()
    )
    found = [file.read_bytes() for file in files if file.is_file()]
    return catalogue_of(found) if found else None


def catalogue_of(files: list[bytes]) -> Catalogue:
    """Merge several .mo files."""
    forms: dict[str, tuple[str, ...]] = {}
    rule: Any = gettext.c2py("n != 1")
    for original, translated in (pair for data in files for pair in messages(data)):
        if original:
            for template in original.split("\0"):
                forms[template] = tuple(translated.split("\0"))
        elif match := re.search(r"plural=([^;\n]+)", translated):
            rule = gettext.c2py(match[1].strip())
    return Catalogue(forms, rule)


def messages(data: bytes) -> Iterator[tuple[str, str]]:
    """(message, translation) pairs of a .mo file; plural forms are joined by NUL, as in the file.

    Python's own reader keeps only the singular of a message; both forms are looked up here.
    """
    count, originals, translations = struct.unpack("<3I", data[8:20])
    for number in range(count):
        pair = []
        for table in (originals, translations):
            length, at = struct.unpack_from("<2I", data, table + number * 8)
            pair.append(data[at : at + length].decode())
        yield pair[0], pair[1]
