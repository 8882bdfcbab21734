"""Write the table: into a separate folder, or into the project's pyproject.toml."""

from __future__ import annotations

import difflib
import re
from pathlib import Path

from djdesk.projects.discovery.project import DiscoveredProject
from djdesk.projects.readiness.draft import Draft
from djdesk.projects.readiness.table import name_of, version_of

from ..problem import ToolProblem


def without_table(project: DiscoveredProject) -> tuple[Path, str]:
    """pyproject.toml beside manage.py, and its text. Raises ToolProblem if it already
    has a table.
    """
    file = project.base / "pyproject.toml"
    before = file.read_text(encoding="utf-8") if file.is_file() else ""
    if re.search(r"^\s*\[tool\.djdesk\b", before, re.M):
        raise ToolProblem(
            f"{file} already has a table [tool.djdesk].",
            "Remove it first, or create the app beside the project with --out.",
        )
    return file, before


def inside(project: DiscoveredProject, draft: Draft) -> tuple[Path, str, str]:
    """(pyproject.toml beside manage.py, its current text, its text with the table).

    Raises ToolProblem if it already has a table.
    """
    file, before = without_table(project)
    head = before
    if "[project]" not in before:
        head += ("\n" if before else "") + (
            f'[project]\nname = "{name_of(project)}"\nversion = "{version_of(project)}"\n'
        )
    return file, before, f"{head.rstrip()}\n\n{draft.toml()}"


def diff(file: Path, before: str, after: str) -> str:
    lines = difflib.unified_diff(
        before.splitlines(), after.splitlines(), str(file), str(file), lineterm=""
    )
    return "\n".join(lines)
