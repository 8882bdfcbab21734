"""Generates translation catalogues like those of large projects: many languages,
sources and compiled.
"""

from __future__ import annotations

import random
import struct
from pathlib import Path

WORDS = ["account", "address", "amount", "archive", "booking", "choose", "delete", "event", "file"]
MESSAGES = 9_000  # per language; about 2 MB including the compiled file
HEAD = (
    "Content-Type: text/plain; charset=UTF-8\n"
    "Plural-Forms: nplurals=2; plural=(n != 1);\n"
    "Language: {language}\n"
)


def catalogues(root: Path, megabytes: int) -> Path:
    """Fill ``root/locale`` with that many megabytes. The same size gives the same files."""
    size = number = 0
    while size < megabytes * 2**20:
        language = f"{chr(97 + number // 26)}{chr(97 + number % 26)}"
        size += _language(root / "locale" / language / "LC_MESSAGES", language, number)
        number += 1
    return root


def _language(folder: Path, language: str, seed: int) -> int:
    """Bytes of both files of one language; every tenth message is untranslated."""
    chance = random.Random(seed)
    texts: dict[str, str] = {}
    for number in range(MESSAGES):
        words = chance.choices(WORDS, k=chance.randrange(2, 9))
        known = chance.random() < 0.9
        texts[f"{' '.join(words)} {number}"] = f"{' '.join(words)} é {language}" if known else ""
    head = HEAD.format(language=language)
    rows = ['msgid ""\nmsgstr ""\n' + "".join(f'"{line}\\n"\n' for line in head.splitlines())]
    rows += [
        f'#: shop/views.py:{at} shop/templates/shop/page.html:{at}\nmsgid "{one}"\nmsgstr "{two}"\n'
        for at, (one, two) in enumerate(texts.items(), start=1)
    ]
    folder.mkdir(parents=True)
    source, made = folder / "django.po", folder / "django.mo"
    source.write_text("\n".join(rows), "utf-8")
    made.write_bytes(_compiled({"": head, **{key: text for key, text in texts.items() if text}}))
    return source.stat().st_size + made.stat().st_size


def _compiled(texts: dict[str, str]) -> bytes:
    """In the format of `msgfmt`: both tables, then the texts, sorted, each
    terminated by a zero byte.
    """
    pairs = sorted((key.encode(), text.encode()) for key, text in texts.items())
    tables, body = [], bytearray()
    start = 28 + 16 * len(pairs)
    for side in (0, 1):
        for pair in pairs:
            tables += [len(pair[side]), start + len(body)]
            body += pair[side] + b"\0"
    head = (0x950412DE, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, start)
    return struct.pack("<7I", *head) + struct.pack(f"<{len(tables)}I", *tables) + bytes(body)
