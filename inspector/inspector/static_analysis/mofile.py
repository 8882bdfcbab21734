"""Compares a compiled catalogue with its source."""

from __future__ import annotations

import gettext
import io
from dataclasses import dataclass

from inspector.static_analysis.pofile import CONTEXT, PoFile

Texts = dict[str, tuple[str, ...]]


@dataclass
class Difference:
    """``count``: messages that are missing, different or extra in the compiled file;
    ``example``: the first of them.
    """

    count: int = 0
    example: str | None = None

    def add(self, key: str) -> None:
        self.count += 1
        if self.example is None:
            self.example = key.rpartition(CONTEXT)[2]


def read(raw: bytes) -> Texts:
    """Translations by key, read as Python's gettext does, and therefore as Django does.

    Raises OSError, ValueError, LookupError or struct.error for a file that Django
    could not read either.
    """
    known = gettext.GNUTranslations(io.BytesIO(raw))
    forms: dict[str, dict[int, str]] = {}
    for key, text in known._catalog.items():  # type: ignore[attr-defined]
        name, index = key if isinstance(key, tuple) else (key, 0)
        forms.setdefault(name, {})[index] = text
    forms.pop("", None)  # the header
    return {name: tuple(texts[one] for one in sorted(texts)) for name, texts in forms.items()}


def compare(source: PoFile, compiled: Texts) -> Difference:
    """Compares contents, because mtimes do not survive a checkout.

    A compiler may drop or keep fuzzy messages, and Babel fills empty plural forms with the message
    itself; neither counts as a difference.
    """
    found = Difference()
    for key, texts in source.texts.items():
        if compiled.get(key) != texts:
            found.add(key)
    for key, texts in compiled.items():
        if key in source.texts or key in source.loose:
            continue
        if texts[0] != key.rpartition(CONTEXT)[2]:
            found.add(key)
    return found
