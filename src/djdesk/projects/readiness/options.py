"""The options of ``djdesk init``, and its result."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from djdesk.projects.readiness.report import Decision

from .draft import Draft
from .look import Look


@dataclass(frozen=True)
class Options:
    path: Path
    settings: str | None = None
    manage: str | None = None
    env_file: Path | None = None
    python: str | None = None
    out: Path | None = None
    report_only: bool = False
    json: bool = False
    yes: bool = False


@dataclass
class Result:
    """``look``: what was read; ``draft``: the table; ``folder``: the app's, once written."""

    look: Look
    draft: Draft
    decisions: list[Decision]
    folder: Path | None = None


def tell(what: str, end: str = "…") -> None:
    print(f"djdesk init: {what}{end}", file=sys.stderr, flush=True)
