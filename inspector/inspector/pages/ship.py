"""How close a project is to a desktop app: the level and lines of the readiness report."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

MEANINGS = {
    "A": _("Judging by its files, it can become a desktop app as it is."),
    "B": _("It can become a desktop app, with the limitations listed here."),
    "C": _("You need to make these decisions first."),
    "D": _("It cannot become a desktop app."),
}


@dataclass(frozen=True)
class Line:
    """One decision, in English. ``line`` is 0 if there is none."""

    rule: str
    level: str
    what: str
    why: str
    todo: str
    file: str
    line: int


def lines(data: dict[str, Any]) -> list[Line]:
    found = []
    for row in data.get("decisions", []):
        file, _colon, line = row["where"].rpartition(":")
        placed = re.fullmatch(r"\d+", line)
        found.append(
            Line(
                rule=row["rule"],
                level=row["level"],
                what=row["what"],
                why=row["why"],
                todo=row["todo"],
                file=file if placed else row["where"],
                line=int(line) if placed else 0,
            )
        )
    return found


def to_do(found: list[Line]) -> list[Line]:
    """Decisions that require work, most serious first."""
    return [one for one in found if one.level not in ("", "A")]


def decided(found: list[Line]) -> list[Line]:
    return [one for one in found if one.level in ("", "A")]


def commands(path: str, folder: str) -> list[str]:
    """The next commands to type. The app's own environment contains djdesk."""
    program = r".venv\Scripts\djdesk" if sys.platform == "win32" else ".venv/bin/djdesk"
    return [
        f'djdesk init "{path}" --out "{folder}"',
        f'cd "{folder}"',
        f"{program} start",
        f"{program} prove",
        f"{program} package",
    ]


def suggested(path: str) -> str:
    """The suggested folder for the app, next to the project's."""
    folder = Path(path)
    return str(folder.with_name(f"{folder.name}-desktop"))
