"""Finds texts for users without a function call around them; called by ``scripts.messages``."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from inspector.lab.notebooks.document import read
from inspector.lab.notebooks.texts import texts


def texts_of(file: Path) -> Iterable[str] | None:
    """The texts of a notebook's cells, which are translated as whole literals;
    ``None`` for any other file.
    """
    if file.parent.name != "cells":
        return None
    return [one for kind, text in read(file.stem) for one in texts(kind, text)]
