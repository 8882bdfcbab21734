"""Missing environment variables that a project requires."""

from __future__ import annotations

import re

from djdesk.messages import say, say_n
from djdesk.projects.discovery.env_files import find_examples
from djdesk.projects.discovery.project import DiscoveredProject
from djdesk.projects.lists import listed
from inspector.facts.causes.cause import Cause, place
from inspector.sections.common import Error

MADE_UP = "inspection-placeholder"  # values that a scan invents begin with it
SECRET_MISSING = "The SECRET_KEY setting must not be empty"  # noqa: S105 - Django's message
# How libraries and projects report a missing variable; the first group is its name.
VARIABLE = [
    re.compile(pattern)
    for pattern in (
        r"Set the ([A-Z][A-Z0-9_]*) environment variable",
        r"^([A-Z][A-Z0-9_]*) not found\. Declare it as envvar",
        r"(?:change|set|define|provide|configure)(?: the| a)?(?: value of)?(?: the)? "
        r"[`'\"]?([A-Z][A-Z0-9_]{2,})[`'\"]? (?:env|environment)\b",
        r"[Ee]nvironment variable[:\s'\"`]*([A-Z][A-Z0-9_]{2,})",
        r"\benv(?:ironment)? var(?:iable)?s? [`'\"]?([A-Z][A-Z0-9_]{2,})",
        r"\b([A-Z][A-Z0-9_]{2,})\b['\"`]? (?:environment variable )?"
        r"(?:is not set|must be set|is required|not set|is missing|must not be empty|is undefined"
        r"|cannot be empty|needs to be set|has to be set|was not set|is unset"
        r"|(?:has to|must|needs to) be (?:configured|provided|specified))",
        r"(?:[Mm]issing|[Rr]equired|[Pp]lease set|[Yy]ou must set|[Mm]ust define|[Uu]ndefined)"
        r"(?: the| a)?(?: required)?(?: environment)?(?: variable| setting)?:? "
        r"[`'\"]?([A-Z][A-Z0-9]*_[A-Z0-9_]+)",
    )
]


def missing_variables(error: Error) -> list[str]:
    """Names of missing variables in an error; [] if it names none."""
    kind, message = error.get("type", ""), str(error.get("message", ""))
    unset = error.get("unset") or []
    if kind == "KeyError":
        found = re.fullmatch(r"'([A-Za-z_][A-Za-z0-9_]*)'", message)
        # Any dictionary's KeyError looks the same: the variable must have been
        # read, or look like one.
        if found and (found[1] in unset or re.fullmatch(r"[A-Z][A-Z0-9]*_[A-Z0-9_]+", found[1])):
            return [found[1]]
    if error.get("wanted"):
        return [str(name) for name in error["wanted"]]
    texts = [message]
    if error.get("cause"):
        texts.append(re.sub(r"^\w+: ", "", str(error["cause"])))
    for text in texts:
        for pattern in VARIABLE:
            names = [
                name for name in pattern.findall(text) if name not in {"DJANGO_SETTINGS_MODULE"}
            ]
            if names and SECRET_MISSING not in text:
                return list(dict.fromkeys(names))
    # pydantic-settings: the name on one line, "Field required" below it.
    if "validation error" in message:
        names = re.findall(r"^(\w+)\n\s+[Ff]ield required", message, re.MULTILINE)
        known = {name.lower(): name for name in unset}
        return [known.get(name.lower(), name.upper()) for name in names]
    return []


def variables(project: DiscoveredProject, error: Error, kind: str, message: str) -> Cause | None:
    names = missing_variables(error)
    if not names and (made_up := _made_up(error, message)):
        return Cause(
            "missing-variable",
            say(
                "Loading stopped with {kind}{place}: the project does not accept a value that the "
                "scan made up, because a scan runs without your environment. Enter the project's "
                "own: {names}.",
                kind=kind,
                place=place(error),
                names=listed(made_up),
            ),
            made_up,
        )
    if not names:
        unset = error.get("unset") or []
        if not unset or kind not in {"ValueError", "TypeError", "AttributeError"}:
            return None
        return Cause(
            "missing-variable",
            say(
                "Loading stopped with {kind}{place} after environment variables were read "
                "that are not set: {names}. One of them may be needed.",
                kind=kind,
                place=place(error),
                names=", ".join(unset[-3:]),
            ),
            unset[-5:],
        )
    example = _example(project)
    text = say_n(
        "Environment variable {names} is not set.",
        "Environment variables {names} are not set.",
        len(names),
        names=", ".join(names),
    )
    text += " " + say(
        "A scan runs without your environment. Enter values here, or put them into the .env file "
        "that the project reads."
    )
    if example:
        text += " " + say("{file} in the project shows its variables.", file=example)
    return Cause("missing-variable", text, names)


def _made_up(error: Error, message: str) -> list[str]:
    """The variables that got an invented value, if the error shows one."""
    if MADE_UP not in f"{message} {error.get('cause', '')}":
        return []
    return [
        name
        for one in error.get("repairs") or []
        if one["kind"] in {"placeholder", "secret-key"}
        for name in one["names"]
    ]


def _example(project: DiscoveredProject) -> str | None:
    examples = find_examples(project.root, project.base)
    return project.relative(examples[0].file) if examples else None
