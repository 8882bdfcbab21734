"""Variables that settings want: which one a failure names, and what it has to be like."""

from __future__ import annotations

import re
from typing import Any

from djdesk.projects.readiness.look import Look

# For a variable that may not be empty.
UNSET = "unset"
# How settings packages report a missing variable.
ABSENT = (
    re.compile(r"^'([A-Z][A-Z0-9_]+)'$"),
    re.compile(r"[Ss]et the ['\"]?([A-Z][A-Z0-9_]+)['\"]? env"),
    re.compile(r"([A-Z][A-Z0-9_]+) not found\. Declare it"),
    re.compile(r"must set ['\"]?([A-Z][A-Z0-9_]+)"),
    re.compile(r"\b[Ss]et ['\"`$]?([A-Z][A-Z0-9]*_[A-Z0-9_]+)"),
    re.compile(r"[Ee]nvironment variable ['\"`]?([A-Z][A-Z0-9_]+)['\"]?"),
    re.compile(r"['\"]?\b([A-Z][A-Z0-9]*_[A-Z0-9_]+)['\"]? (?:is|was|must be|has to be|not) "
               r"(?:required|missing|not set|set|defined|found)"),
)  # fmt: skip
# A message about a variable, even if it does not say which one to set.
ASKED = re.compile(
    r"\b[A-Z][A-Z0-9]+(_[A-Z0-9]+)*\b[^.]*\b(required|missing|not set)\b"
    r"|\b([Rr]equired|[Mm]issing|[Ss]et) [^.]*[`'\"][A-Z][A-Z0-9_]+[`'\"]"
)


def missing(facts: dict[str, Any]) -> str:
    """The environment variable named in a failure, or empty."""
    texts = (facts["message"], facts["outer"])
    for pattern in ABSENT[1:] if facts["type"] != "KeyError" else ABSENT:
        for text in texts:
            if match := pattern.search(text):
                return match[1]
    return ""


def asked_alike(look: Look, name: str) -> dict[str, str]:
    """The variables that the project asks for as it does for ``name``: by the same function of its
    own, without a default. Each with its place."""
    asked = re.compile(rf"\b(\w+)\(\s*['\"]{re.escape(name)}['\"]\s*\)")
    named = {found for source in look.sources for found in asked.findall(source.text)}
    own = {
        one
        for one in named
        if any(re.search(rf"\bdef {one}\(", source.text) for source in look.sources)
    }
    if not own:
        return {}
    others = re.compile(rf"\b(?:{'|'.join(sorted(own))})\(\s*['\"]([A-Z][A-Z0-9_]+)['\"]\s*\)")
    found: dict[str, str] = {}
    for source in look.sources:
        for match in others.finditer(source.text):
            line = source.text.count("\n", 0, match.start()) + 1
            found.setdefault(match[1], look.place(source.file, line))
    return found


def kind_of(look: Look, name: str) -> str | None:
    """Its type, from the code that reads it."""
    fact = look.variables.get(name)
    return (fact["kind"] if fact else None) or _kind_around(look, name)


def _kind_around(look: Look, name: str) -> str | None:
    """What a project's own function for variables is called in: ``json.loads(variable("NAME"))``,
    or is called: ``bool_variable("NAME")``."""
    quoted = rf"\(\s*['\"]{re.escape(name)}['\"]"
    for kind, pattern in (
        ("json", rf"json\.loads\(\s*[\w.]+{quoted}"),
        ("int", rf"\bint\(\s*[\w.]+{quoted}"),
        ("float", rf"\bfloat\(\s*[\w.]+{quoted}"),
        ("bool", rf"\w*bool\w*{quoted}"),
    ):
        if any(re.search(pattern, source.text) for source in look.sources if name in source.text):
            return kind
    return None
