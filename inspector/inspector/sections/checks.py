"""Sections about loading the project: checks and side effects."""

from typing import Annotated, Literal, NotRequired, TypedDict

from inspector.sections.common import LIVE, Error, EventOf, Origin, Place, Section


class Message(Place):
    """A message of Django's system checks."""

    id: Annotated[str, "`models.W042`"]
    level: Annotated[Literal["debug", "info", "warning", "error", "critical"], "severity"]
    msg: Annotated[str, "Django's text"]
    hint: Annotated[str | None, "Django's hint"]
    obj: Annotated[str | None, "its object"]
    origin: Annotated[Origin, "origin of `obj`, to separate findings about third-party apps"]
    deploy: Annotated[bool, "reported only by `check --deploy`"]
    silenced: Annotated[bool, "is in `SILENCED_SYSTEM_CHECKS`"]
    assumed: NotRequired[Annotated[bool, "`deploy`: about a value that a repair replaced"]]


class FailedCheck(TypedDict):
    """A check that raised an exception, or that the guard refused access."""

    check: Annotated[str, "dotted name of the function"]
    type: Annotated[
        str,
        "class of the exception; `Refused`: the guard refused access to a server "
        "or file, so its messages are about the inspection",
    ]
    message: Annotated[str, "the exception's text"]


class SlowCheck(TypedDict):
    """A slow check."""

    check: Annotated[str, "dotted name of the function"]
    seconds: Annotated[float, "duration in seconds"]


class Checks(TypedDict):
    messages: Annotated[list[Message], "messages of the checks"]
    ran: Annotated[int, "number of checks"]
    failed: Annotated[list[FailedCheck], "checks that failed"]
    slow: Annotated[list[SlowCheck], "slow checks"]
    silenced: Annotated[list[str], "ids in `SILENCED_SYSTEM_CHECKS`"]


class DeployModule(TypedDict):
    """A settings module, loaded in its own process with the guard and repairs of the scan."""

    module: Annotated[str, "dotted"]
    file: Annotated[str | None, "its file"]
    source: Annotated[str, "where it was found"]
    kind: Annotated[Literal["production", "development", "other", "test"], "judged by its name"]
    chosen: Annotated[bool, "whether it is the one of this scan"]
    ok: Annotated[bool, "whether it loads"]
    seconds: Annotated[float, "duration in seconds"]
    messages: Annotated[list[Message], "messages that only `check --deploy` reports"]
    failed: Annotated[list[FailedCheck], "as in `checks`"]
    assumed: Annotated[list[str], "sentences, as in `runtime`"]
    error: Annotated[Error | None, "why it does not load"]


class Deploy(TypedDict):
    modules: Annotated[list[DeployModule], "one per settings module"]
    left_out: Annotated[
        list[str],
        "settings modules that were not checked: those for tests, and all beyond six",
    ]


EffectKind = Literal["write", "sqlite-open", "connect", "resolve", "spawn", "database"]


class Effect(Place):
    """A side effect that loading the project attempted."""

    kind: Annotated[
        EffectKind,
        "`sqlite-open`: a database file was opened directly; `database`: a query "
        "through Django (`what` is the alias)",
    ]
    what: Annotated[str, "file, address, program or alias"]
    denied: Annotated[bool, "false for writes to the private copy and for forks"]
    count: Annotated[int, "number of times"]
    frames: Annotated[list[str], '`["catalog/apps.py:12 in ready"]`']
    during: Annotated[
        str,
        "`load` (settings and `django.setup()`) or the section being collected; "
        "importing all views belongs to `urls`",
    ]
    origin: Annotated[
        Origin,
        "of the code that did it: `project` if the project is on the call stack",
    ]
    thread: NotRequired[Annotated[bool, "a thread beside the main one did it"]]


class EnvRead(Place):
    """A variable that was read while loading."""

    name: Annotated[str, "of the variable"]
    set: Annotated[bool, "whether it was set"]
    count: Annotated[int, "number of times"]
    origin: Annotated[str, "of the code that read it, directly or through a library"]


class Warned(Place):
    """A Python warning."""

    category: Annotated[str, "class of the warning"]
    text: Annotated[str, "its text"]
    origin: Annotated[Origin, "whose code it is"]
    count: Annotated[int, "number of times"]


class SideEffects(TypedDict):
    events: Annotated[list[Effect], "attempted operations"]
    env_reads: Annotated[list[EnvRead], "variables read during loading"]
    deprecations: Annotated[list[Warned], "deprecation warnings"]
    other_warnings: Annotated[list[Warned], "all other warnings"]
    threads: Annotated[list[str], "names of threads left running"]


class CheckSections(TypedDict, total=False):
    checks: Annotated[Section[Checks], LIVE, "Django's system checks"]
    deploy: Annotated[Section[Deploy], LIVE, "`check --deploy` with each settings module"]
    side_effects: Annotated[Section[SideEffects], LIVE, "side effects of loading the project"]


CheckSectionEvent = (
    EventOf[Literal["checks"], Checks]
    | EventOf[Literal["deploy"], Deploy]
    | EventOf[Literal["side_effects"], SideEffects]
)
