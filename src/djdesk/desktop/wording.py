"""Messages (djdesk.messages) in the language of the page.

Their translations are in the catalogues ``sentences`` of the installed apps. Every other text is
somebody else's, such as what an exception of a project says, and is shown as it is.
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

from djdesk.messages import Message, filled, joined, say, word

__all__ = ["joined", "said", "said_word", "say"]

DOMAIN = "sentences"


@dataclass(frozen=True)
class Catalogue:
    """``forms``: by the English template, singular or plural, its translations: one, or one for
    each plural form. ``form``: which of them a number takes."""

    forms: dict[str, tuple[str, ...]]
    form: Callable[[int], int]


def said(text: str | None) -> str:
    """The message in the active language; any other text as it is."""
    if isinstance(text, Message) and (catalogue := _catalogue(get_language() or "")):
        return _said(catalogue, text)
    return text or ""


def said_word(text: str) -> str:
    """The same for a word of ours that stands alone, such as "field"."""
    return said(text if isinstance(text, Message) else word(text))


def _said(catalogue: Catalogue, message: Message) -> str:
    forms = catalogue.forms.get(message.id)
    if forms is None:
        # A word that pages have, too, such as the name of a section; or messages put together.
        template = page_text(message.id)
    elif len(forms) > 1 and isinstance(n := message.params.get("n"), int):
        template = forms[min(catalogue.form(n), len(forms) - 1)]
    else:
        template = forms[0]

    def shown(value: Any) -> str:
        if isinstance(value, Message):
            return _said(catalogue, value)
        if isinstance(value, list):
            return ", ".join(map(shown, value))
        return value if isinstance(value, str) else number_format(value)

    try:
        return filled(template, message.params, shown)
    except (KeyError, ValueError):
        return message


@cache
def _catalogue(language: str) -> Catalogue | None:
    """None where there is none, as for English."""
    files = (
        Path(app.path) / "locale" / to_locale(language) / "LC_MESSAGES" / f"{DOMAIN}.mo"
        for app in apps.get_app_configs()
    )
    found = [file.read_bytes() for file in files if file.is_file()]
    return catalogue_of(found) if found else None


def catalogue_of(files: list[bytes]) -> Catalogue:
    """What several .mo files say."""
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
