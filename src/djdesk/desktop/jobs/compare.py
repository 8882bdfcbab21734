"""Two runs side by side: their arguments, resources and results."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any, Literal

from django.template.defaultfilters import filesizeformat
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from . import places
from .job_details import JobDetails, flat, written

Part = Literal["arguments", "run", "result", "files"]


@dataclass(frozen=True, slots=True)
class Line:
    """``difference``: second minus first if both are numbers; otherwise empty."""

    name: str
    first: str
    second: str
    differs: bool
    difference: str = ""


def compared(first: JobDetails, second: JobDetails) -> dict[Part, list[Line]]:
    return {
        "arguments": _values(first.arguments, second.arguments),
        "run": [
            _line(_("state"), first.state_words, second.state_words),
            _line(_("running time"), first.worked, second.worked),
            _line(_("peak memory"), first.peak, second.peak),
        ],
        "result": _values(flat(first.value), flat(second.value)),
        "files": _files(first, second),
    }


def _values(first: dict[str, Any], second: dict[str, Any]) -> list[Line]:
    names = [*first, *(name for name in second if name not in first)]
    return [_line(name, first.get(name), second.get(name)) for name in names]


def _line(name: str, first: Any, second: Any) -> Line:
    shown = ["" if value is None else written(value) for value in (first, second)]
    difference = ""
    if all(isinstance(value, int | float) and not isinstance(value, bool)
           for value in (first, second)):  # fmt: skip
        change = second - first
        difference = f"{'+' if change > 0 else ''}{number_format(round(change, 6))}"
        if first and change:
            difference += f" ({'+' if change / first > 0 else ''}{change / abs(first):.1%})"
        difference = difference if change else ""
    return Line(name, shown[0], shown[1], first != second, difference)


def _files(first: JobDetails, second: JobDetails) -> list[Line]:
    sizes = [dict(run.files) for run in (first, second)]
    lines = []
    for name in sorted({*sizes[0], *sizes[1]}):
        here, there = sizes[0].get(name), sizes[1].get(name)
        same = here is not None and here == there and _digest(first, name) == _digest(second, name)
        shown = ["" if size is None else filesizeformat(size) for size in (here, there)]
        lines.append(Line(name, shown[0], shown[1], not same))
    return lines


def _digest(run: JobDetails, name: str) -> str:
    try:
        with places.file_of(run.folder, name).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError):
        return ""
