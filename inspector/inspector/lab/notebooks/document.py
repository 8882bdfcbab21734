"""Turns cells and data into a notebook (nbformat 4.5).

We write the format ourselves: besides validating, nbformat only joins lines, and its validation
needs seven packages. The tests validate every notebook with it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from djdesk.messages import say_noop, word
from inspector.sections.scan import Snapshot

from ..message_translation import translated
from . import data, texts
from .execute import Execution

CELLS = Path(__file__).with_name("cells")
MARK = re.compile(r"^# %%(?: \[(\w+)\])?$", re.MULTILINE)
Make = Callable[[Snapshot, Snapshot | None], dict[str, Any]]
# Name -> (file of cells, function that selects data from a snapshot and an earlier one).
KINDS: dict[str, Make] = {
    "overview": data.overview,
    "models": data.models,
    "migrations": data.migrations,
    "urls": data.urls,
    "changes": data.changes,
}
DATA_TITLE = "markdown", "## " + say_noop("Data")
DATA = """\
# The data of this notebook, as JSON: one row of a table on each line.
DATA = json.loads(r'''
%s
''')
len(DATA)"""


def document(kind: str, snapshot: Snapshot, old: Snapshot | None = None) -> dict[str, Any]:
    """The notebook ``kind`` for a snapshot. ``changes`` without ``old`` raises NothingToCompare.

    ``Execution`` runs its cells here to fill in their outputs.
    """
    carried = KINDS[kind](snapshot, old)
    run = Execution()
    cells = []
    for number, (what, text) in enumerate(_cells(kind, carried), 1):
        cell: dict[str, Any] = {
            "cell_type": "markdown" if what == "markdown" else "code",
            "id": f"{kind}-{number}",
            "metadata": {"jupyter": {"source_hidden": True}} if what in ("data", "tools") else {},
            "source": text,
        }
        if what != "markdown":
            cell["outputs"] = run.outputs(text)
            cell["execution_count"] = run.count
        cells.append(cell)
    return {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {
            "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
            "language_info": {"name": "python", "file_extension": ".py"},
        },
        "cells": cells,
    }


def _cells(kind: str, carried: dict[str, Any]) -> list[tuple[str, str]]:
    """(``markdown``, ``code``, ``tools`` or ``data``; its text), in order."""
    found: list[tuple[str, str]] = []
    for what, text in read(kind):
        if what == "data":
            found += [("markdown", _translated(*DATA_TITLE)), ("data", DATA % literal(carried))]
        elif what == "tools":
            found += [
                (one if one == "markdown" else "tools", _translated(one, cell))
                for one, cell in read("tools")
            ]
        else:
            found.append((what, _translated(what, text)))
    return found


def _translated(what: str, text: str) -> str:
    """Translate a cell into the notebook's language."""
    tell = texts.markdown if what == "markdown" else texts.code
    same = tell(text, lambda words: words)
    other = tell(text, lambda words: translated(word(words)))
    return text if other == same else other


def read(name: str) -> list[tuple[str, str]]:
    """(kind, text) of the cells in a file of ``CELLS``."""
    parts = MARK.split((CELLS / f"{name}.py").read_text(encoding="utf-8"))[1:]
    cells = []
    for what, text in zip(parts[::2], parts[1::2], strict=True):
        text = text.strip("\n")
        if what == "markdown":
            text = "\n".join(line.removeprefix("#").removeprefix(" ") for line in text.split("\n"))
        cells.append((what or "code", text))
    return cells


def literal(carried: dict[str, Any]) -> str:
    """JSON that fits into a raw Python string: ASCII only, without apostrophes."""

    def text(value: Any) -> str:
        return json.dumps(value, ensure_ascii=True).replace("'", "\\u0027")

    parts = []
    for key, value in carried.items():
        if isinstance(value, list) and value:
            rows = ",\n".join(f"  {text(row)}" for row in value)
            parts.append(f" {text(key)}: [\n{rows}\n ]")
        else:
            parts.append(f" {text(key)}: {text(value)}")
    return "{\n" + ",\n".join(parts) + "\n}"
