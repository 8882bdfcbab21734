"""Catalogues for test projects: source text, and files compiled by Babel."""

from __future__ import annotations

import io
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

HEAD = (
    'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
    '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n'
)


def po(**texts: str) -> str:
    """``po(Save="Sichern", Close="")``: one message per argument."""
    rows = [f'\nmsgid "{name}"\nmsgstr "{text}"\n' for name, text in texts.items()]
    return HEAD + "".join(rows)


def compiled(root: Path, folder: str, locale: str, text: str, domain: str = "django") -> Path:
    """Write the compiled file for a source text, which need not exist as a
    file; returns its path.
    """
    file = root / folder / locale / "LC_MESSAGES" / f"{domain}.mo"
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as out:
        write_mo(out, read_po(io.BytesIO(text.encode())))
    return file
