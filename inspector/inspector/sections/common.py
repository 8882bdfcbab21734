"""Types shared by several sections of a snapshot.

Each class here and beside it is a JSON object, and each field says what it means:
``python -m scripts.snapshot`` makes the JSON Schema and the tables of docs/snapshot.md from them.
"""

from typing import Annotated, Literal, NotRequired, TypedDict

Source = Literal["static", "live"]
Severity = Literal["error", "warning", "info"]

Origin = Annotated[
    Literal["project", "third-party", "django", "stdlib", "outside"],
    "whose code it is",
]
Label = Annotated[str, "app label"]


class Place(TypedDict):
    """The location of something in the source."""

    file: Annotated[str | None, "where it is written"]
    line: Annotated[int | None, "counts from 1"]


class Problem(Place):
    """A problem within a section that is otherwise ok."""

    text: Annotated[str, "the problem, or why it could not be read"]


class Disagreement(Place):
    """A fact that differs between the source and the running project."""

    key: Annotated[str, "key of the fact: `catalog.Book.title`"]
    what: Annotated[str, "`model`, `field`, `type`, `unique`, `max_length`, `relation to`, …"]
    static: Annotated[str | None, "value in the source; `null` if it is missing there"]
    live: Annotated[str | None, "value in the running project; `null` likewise"]


RepairKind = Literal[
    "values", "env-example", "placeholder", "secret-key", "copy", "path",
    "database", "forgotten", "folder", "scratch", "settings",
]  # fmt: skip


class Repair(TypedDict):
    """A repair that the inspection made so that the project loads. Never holds a value."""

    kind: Annotated[RepairKind, "kind of repair"]
    names: Annotated[list[str], "variables"]
    file: Annotated[str | None, "where the values come from"]
    text: Annotated[str, "the same as a sentence"]
    asked: NotRequired[Annotated[list[str], "variables that an error of the project named"]]


class Remedy(TypedDict):
    """One remedy for a project that does not load."""

    action: Annotated[
        Literal["env-example", "values", "settings", "python", "copy", "without-sandbox", "static"],
        "see below",
    ]
    text: Annotated[str, "what to do"]
    file: NotRequired[Annotated[str | None, "`env-example`: the file, relative"]]
    names: NotRequired[Annotated[list[str], "`env-example`, `values`: variables"]]
    secret: NotRequired[Annotated[list[str], "`values`: variables that look like secrets"]]
    modules: NotRequired[Annotated[list[str], "`settings`: other settings modules that were found"]]
    interpreters: NotRequired[Annotated[list[str], "`python`: paths of other usable interpreters"]]
    wanted: NotRequired[Annotated[str | None, "`python`: such as `>=3.14`"]]
    packages: NotRequired[Annotated[list[str], "`python`: what to install"]]


DiagnosisKind = Literal[
    "missing-package", "missing-variable", "missing-file", "wrong-python", "service", "syntax",
    "write-refused", "program", "settings", "sandbox", "other",
]  # fmt: skip


class Diagnosis(Place):
    """Why a project does not load."""

    kind: Annotated[DiagnosisKind, "the kind of cause"]
    text: Annotated[str, "the cause in one or two sentences (the same as `hint`)"]
    file: Annotated[str | None, "where the project's code stopped"]
    names: Annotated[
        list[str],
        "what is missing: packages, variables, files; `postgres:5432` for a service",
    ]
    remedies: Annotated[list[Remedy], "remedies, best first; the last is always `static`"]


class Refusal(TypedDict):
    """An operation that the guard refused."""

    kind: Annotated[str, "as in `side_effects`"]
    what: Annotated[str, "file, address, program or alias"]


class ErrorMaterial(TypedDict):
    """What a hint is made from."""

    module: NotRequired[Annotated[str | None, "input for the hint: a module"]]
    cause: NotRequired[Annotated[str | None, "the same: the first exception of a chain"]]
    text: NotRequired[Annotated[str | None, "the same: the line of source"]]
    missing_folder: NotRequired[Annotated[str | None, "the same: a missing folder"]]
    unset: NotRequired[Annotated[list[str], "the same: variables that were read but not set"]]
    wanted: NotRequired[Annotated[list[str], "the same: fields that a settings class lacks"]]
    refused: NotRequired[Annotated[list[Refusal], "the same: the last refusals of the guard"]]


class Error(ErrorMaterial):
    """Why a section or scan failed."""

    type: Annotated[str, "class of the exception"]
    message: Annotated[str, "its text"]
    trace: Annotated[list[str], "lines of the traceback"]
    hint: NotRequired[Annotated[str | None, "cause and remedy in plain words"]]
    file: NotRequired[Annotated[str | None, "where the project's code stopped"]]
    line: NotRequired[Annotated[int | None, "counts from 1"]]
    diagnosis: NotRequired[Annotated[Diagnosis, "`runtime`: why the project does not load"]]
    assumed: NotRequired[Annotated[list[str], "`runtime`: of the last attempt, as in its data"]]
    repairs: NotRequired[Annotated[list[Repair], "`runtime`: the same"]]
    attempts: NotRequired[Annotated[int, "`runtime`: the same"]]
    safety: NotRequired[Annotated[str, "`runtime`: the same"]]
    safety_notes: NotRequired[Annotated[list[str], "`runtime`: the same"]]


# Which halves of an inspection make a section.
STATIC: tuple[Source, ...] = ("static",)
LIVE: tuple[Source, ...] = ("live",)
BOTH: tuple[Source, ...] = ("static", "live")


class Section[Data](TypedDict):
    """One section. It has either `data` or `error`."""

    ok: Annotated[bool, "whether it has `data`"]
    source: Annotated[Source, "the half it comes from"]
    seconds: Annotated[float, "duration in seconds"]
    data: NotRequired[Annotated[Data, "the section's facts"]]
    error: NotRequired[Annotated[Error, "why it failed"]]
    live_error: NotRequired[Annotated[Error, "why the live half failed; `data` is then static"]]


class EventOf[Name, Data](TypedDict):
    """A section as it arrives. ``data`` if ``ok``, else ``error``."""

    event: Literal["section"]
    name: Name
    source: Source
    ok: bool
    seconds: float
    data: NotRequired[Data]
    error: NotRequired[Error]


def data_of[Data](section: Section[Data] | None) -> Data | None:
    """The data of a section; None if it is missing or failed."""
    return section["data"] if section and section["ok"] else None
