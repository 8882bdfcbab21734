"""The snapshot as a whole."""

from typing import Annotated, Any, Literal, NotRequired, TypedDict, cast, get_args, get_type_hints

from inspector.sections.behaviour import BehaviourSections
from inspector.sections.checks import CheckSections
from inspector.sections.code import CodeSections
from inspector.sections.common import Error, Section, Source
from inspector.sections.migrations import MigrationSections
from inspector.sections.models import ModelSections
from inspector.sections.project import ProjectSections
from inspector.sections.templates import TemplateSections

Status = Literal["complete", "partial", "failed", "cancelled"]
# Counted up when a key goes or changes its meaning.
VERSION: Literal[1] = 1


class Sections(
    ProjectSections,
    ModelSections,
    MigrationSections,
    CheckSections,
    BehaviourSections,
    CodeSections,
    TemplateSections,
    total=False,
):
    """All sections by name."""


class Evidence(TypedDict):
    """Where a settings module is named."""

    file: Annotated[str, "the file"]
    line: Annotated[int | None, "counts from 1"]
    text: Annotated[str, "in a few words"]


class SettingsModuleRow(TypedDict):
    """A settings module that was found."""

    module: Annotated[str, "dotted"]
    file: Annotated[str | None, "its file"]
    source: Annotated[str, "where it was found: `manage.py`"]
    chosen: Annotated[bool, "whether it is the one of this scan"]
    evidence: NotRequired[Annotated[list[Evidence], "every place that names it"]]
    tied: NotRequired[Annotated[bool, "another module has as much evidence"]]


class InterpreterRow(TypedDict):
    """An interpreter that was found."""

    path: Annotated[str, "of the program"]
    source: Annotated[str, "where it was found: `.venv`"]
    python: Annotated[str | None, "version"]
    django: Annotated[str | None, "version"]
    missing: Annotated[list[str], "declared packages that it lacks"]
    usable: Annotated[bool, "whether it has Django"]
    chosen: Annotated[bool, "whether it is the one of this scan"]
    note: Annotated[str, "why it is not usable, or empty"]


class Git(TypedDict):
    """The checkout when the scan started. Git is not run, so uncommitted changes are unknown."""

    branch: Annotated[str, "empty for a detached HEAD, or if the files in `.git` do not tell"]
    commit: Annotated[str, "empty for a branch without commits, and likewise"]


class ProjectFacts(TypedDict):
    """The inspected project."""

    root: Annotated[str, "the project's folder"]
    name: Annotated[str, "of that folder"]
    base: Annotated[str, "the folder on the path"]
    manage_py: Annotated[str | None, "the file"]
    settings_modules: Annotated[list[SettingsModuleRow], "best first"]
    interpreters: Annotated[list[InterpreterRow], "best first"]
    django_hint: Annotated[str | None, "Django version that the source requires"]
    git: NotRequired[Annotated[Git | None, "`null` outside a repository"]]
    others: NotRequired[Annotated[list[str], "other projects in the folder"]]
    bundled: NotRequired[Annotated[list[str], "vendored folders that the project puts on the path"]]


class DismissedRow(TypedDict):
    """A fact of a finding that the user has dismissed, or that a baseline names."""

    id: Annotated[str, "of the finding"]
    text: Annotated[str, "of the fact"]
    file: Annotated[str, "of the fact, or empty"]


class Snapshot(TypedDict):
    """The result of an inspection."""

    schema: Annotated[Literal[1], "version of the schema"]
    project: Annotated[ProjectFacts, "the inspected project"]
    status: Annotated[Status, "`partial`: something failed, or the source leaves gaps"]
    seconds: Annotated[float | None, "duration in seconds"]
    error: Annotated[Error | None, "why a half ended early"]
    changed: Annotated[list[str], "project files that changed during the scan"]
    sections: Annotated[Sections, "by name; see below"]
    dismissed: NotRequired[Annotated[list[DismissedRow], "left out of the findings"]]


def by_name(sections: Sections) -> dict[str, Section[Any]]:
    """The sections for code that takes any of them."""
    return cast(dict[str, Section[Any]], sections)


def typed(sections: dict[str, Section[Any]]) -> Sections:
    """The same dictionary, of sections that were checked when they came."""
    return cast(Sections, sections)


def names(half: Source) -> tuple[str, ...]:
    """The sections that ``half`` produces."""
    hints: dict[str, Any] = get_type_hints(Sections, include_extras=True)
    return tuple(name for name, hint in hints.items() if half in get_args(hint)[1])
