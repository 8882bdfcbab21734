"""Sections about what happens when the project is loaded: checks and side effects."""

from typing import Annotated, Literal, NotRequired, TypedDict

from inspector.sections.common import LIVE, Error, EventOf, Origin, Place, Section


class Message(Place):
    """A message of Django's system checks."""

    id: Annotated[str, "`models.W042`"]
    level: Annotated[Literal["debug", "info", "warning", "error", "critical"], "how grave it is"]
    msg: Annotated[str, "Django's text"]
    hint: Annotated[str | None, "Django's hint"]
    obj: Annotated[str | None, "what it is about"]
    origin: Annotated[
        Origin, "that of `obj`, so that findings about third-party apps can be set apart"
    ]
    deploy: Annotated[bool, "only `check --deploy` would say it"]
    silenced: Annotated[bool, "`SILENCED_SYSTEM_CHECKS` has it"]
    assumed: NotRequired[
        Annotated[bool, "`deploy`: about a value that a repair put in place of the real one"]
    ]


class FailedCheck(TypedDict):
    """A check that raised an exception, or was refused what it asked for."""

    check: Annotated[str, "dotted name of the function"]
    type: Annotated[
        str,
        "class of the exception; `Refused`: it was refused a server or a file on the way, and what "
        "it said is about the inspection",
    ]
    message: Annotated[str, "the exception's text"]


class SlowCheck(TypedDict):
    """A check that took long."""

    check: Annotated[str, "dotted name of the function"]
    seconds: Annotated[float, "how long it took"]


class Checks(TypedDict):
    messages: Annotated[list[Message], "what the checks say"]
    ran: Annotated[int, "number of checks"]
    failed: Annotated[list[FailedCheck], "checks that gave no answer"]
    slow: Annotated[list[SlowCheck], "checks that took long"]
    silenced: Annotated[list[str], "ids in `SILENCED_SYSTEM_CHECKS`"]


class DeployModule(TypedDict):
    """A settings module, loaded in a process of its own, with the guard and repairs of the scan."""

    module: Annotated[str, "dotted"]
    file: Annotated[str | None, "its file"]
    source: Annotated[str, "where it was found"]
    kind: Annotated[Literal["production", "development", "other", "test"], "goes by the name"]
    chosen: Annotated[bool, "the one of this scan"]
    ok: Annotated[bool, "whether it loads"]
    seconds: Annotated[float, "how long it took"]
    messages: Annotated[list[Message], "those that only `check --deploy` reports"]
    failed: Annotated[list[FailedCheck], "as in `checks`"]
    assumed: Annotated[list[str], "sentences, as in `runtime`"]
    error: Annotated[Error | None, "why it does not load"]


class Deploy(TypedDict):
    modules: Annotated[list[DeployModule], "one for each settings module"]
    left_out: Annotated[
        list[str],
        "settings modules that were not tried: those for tests, and what is more than six",
    ]


EffectKind = Literal["write", "sqlite-open", "connect", "resolve", "spawn", "database"]


class Effect(Place):
    """What loading the project tried to do."""

    kind: Annotated[
        EffectKind,
        "`sqlite-open`: a database file that was opened directly; `database`: a query through "
        "Django (`what` names the alias)",
    ]
    what: Annotated[str, "file, address, program or alias"]
    denied: Annotated[bool, "false for a write into the private copy and for a fork"]
    count: Annotated[int, "how often"]
    frames: Annotated[list[str], '`["catalog/apps.py:12 in ready"]`']
    during: Annotated[
        str,
        "`load` (settings and `django.setup()`) or the section that was being collected: "
        "importing all views belongs to `urls`",
    ]
    origin: Annotated[
        Origin,
        "of the code that did it: `project` when a frame of the project is among the callers",
    ]


class EnvRead(Place):
    """A variable that was read while loading."""

    name: Annotated[str, "of the variable"]
    set: Annotated[bool, "whether it was there"]
    count: Annotated[int, "how often"]
    origin: Annotated[str, "of the code that asked, directly or through a library"]


class Warned(Place):
    """A warning of Python."""

    category: Annotated[str, "class of the warning"]
    text: Annotated[str, "its text"]
    origin: Annotated[Origin, "whose code it is"]
    count: Annotated[int, "how often"]


class SideEffects(TypedDict):
    events: Annotated[list[Effect], "what was tried"]
    env_reads: Annotated[list[EnvRead], "variables that were read"]
    deprecations: Annotated[list[Warned], "warnings about what will go"]
    other_warnings: Annotated[list[Warned], "all others"]
    threads: Annotated[list[str], "names of threads left running"]


class CheckSections(TypedDict, total=False):
    checks: Annotated[Section[Checks], LIVE, "Django's system checks"]
    deploy: Annotated[Section[Deploy], LIVE, "`check --deploy` with each settings module"]
    side_effects: Annotated[Section[SideEffects], LIVE, "what loading the project tried to do"]


CheckSectionEvent = (
    EventOf[Literal["checks"], Checks]
    | EventOf[Literal["deploy"], Deploy]
    | EventOf[Literal["side_effects"], SideEffects]
)
