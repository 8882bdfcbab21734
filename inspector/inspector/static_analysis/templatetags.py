"""The tags of one template: extends, includes, links and unclosed blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, TypedDict

from djdesk.messages import say
from djdesk.projects.redact import scrub

KINDS = {"{%": "%}", "{#": "#}"}
QUOTED = re.compile(r"^(?:\"([^\"]*)\"|'([^']*)')")
# `{% if 'shop.plugin' in APPS %}`: its content depends on that app.
WITH_APP = re.compile(r"[\"'][\w.]+[\"']\s+in\s+\w")
# A template name passed to a custom tag, as menu tags do.
GIVEN = re.compile(r"[\"']([\w./-]+\.(?:html?|txt|xml|jinja|j2))[\"']")
PAIRED = {
    "block",
    "if",
    "for",
    "with",
    "autoescape",
    "filter",
    "spaceless",
    "ifchanged",
    "blocktranslate",
    "blocktrans",
}
LONGEST = 4000  # characters examined per tag
NAME = re.compile(r"\w+(?=\s|\(|$)")


class TemplateFacts(TypedDict):
    """What one template says. A tuple comes back from the cache as a list of the same items."""

    links: list[tuple[str, Literal["extends", "include"], int]]  # template, tag, line
    used: list[str]  # templates
    # Name, number of arguments, line, and whether it may be missing.
    urls: list[tuple[str, int, int, bool]]
    computed: list[tuple[str, int]]  # expression, line
    broken: tuple[str, int] | None  # why, line
    guarded: list[int]  # lines


def nothing() -> TemplateFacts:
    """Facts of a template that has not been read."""
    return {"links": [], "used": [], "urls": [], "computed": [], "broken": None, "guarded": []}


def tags(text: str) -> Iterator[tuple[int, str]]:
    """Yield the position and content of each tag, without delimiters. Skips comments.

    Runs in linear time: each part of the text is examined a few times at most, even
    if tags do not close.
    """
    at = 0
    newline = text.find("\n")
    ends = dict.fromkeys(KINDS, 0)
    starts = {opening: text.find(opening) for opening in KINDS}
    while True:
        for opening, start in starts.items():
            if 0 <= start < at:
                starts[opening] = text.find(opening, at)
        here = [(start, opening) for opening, start in starts.items() if start >= 0]
        if not here:
            return
        start, opening = min(here)
        end = ends[opening]
        if end < start + 2:
            end = ends[opening] = text.find(KINDS[opening], start + 2)
        if end < 0:
            starts[opening] = -1  # no later one is closed either
            continue
        if 0 <= newline < start:
            newline = text.find("\n", start)
        if opening == "{%" and 0 <= newline < end and text.find("{%", start + 2, end) >= 0:
            at = start + 2  # not closed on its line, so it is text: that end belongs to another tag
            continue
        at = end + 2
        if opening == "{%":
            yield start, text[start + 2 : min(end, start + 2 + LONGEST)].strip("-").strip()


def scan(text: str) -> TemplateFacts:
    """Facts of one template: extends, includes, URL names, computed references, unclosed tags."""
    found = nothing()
    open_: list[tuple[str, int]] = []
    guards: list[bool] = []
    skip: str | None = None
    line, at = 1, 0
    for start, inner in tags(text):
        line += text.count("\n", at, start)
        at = start
        word = NAME.match(inner)  # Jinja also accepts `if(x)`
        name = word[0] if word else inner.partition(" ")[0]
        rest = inner[len(name) :].lstrip()
        if skip:
            skip = None if name == skip else skip
            continue
        if name == "if":
            guards.append(bool(WITH_APP.match(rest)))
        elif name == "endif" and guards:
            guards.pop()
        elif any(guards) and name in {"extends", "include"}:
            found["guarded"].append(line)
        if name in {"comment", "verbatim", "raw"}:
            skip = f"end{name}"
        elif name in {"extends", "include", "import", "from"}:
            quoted = QUOTED.match(rest)
            after = rest[quoted.end() :].lstrip() if quoted else ""
            if name in {"import", "from"}:  # Jinja macros
                if quoted:
                    found["used"].append(quoted[1] or quoted[2] or "")
            elif quoted and not after.startswith(("|", "+", "~")):
                target = quoted[1] or quoted[2] or ""
                kind: Literal["extends", "include"] = "extends" if name == "extends" else "include"
                found["links"].append((target, kind, line))
            else:
                found["computed"].append((scrub(rest[:120]), line))
        elif name == "url":
            # Django shows a tag that spans two lines as text.
            lines = "\n" in text[start : text.find("%}", start)]
            quoted = None if lines else QUOTED.match(rest)
            if quoted and (quoted[1] or quoted[2]):
                arguments = rest[quoted.end() :].split()
                named = arguments[-2:-1] == ["as"]
                arguments = arguments[:-2] if named else arguments
                quiet = named or any(guards)
                found["urls"].append((quoted[1] or quoted[2], len(arguments), line, quiet))
        elif name not in PAIRED:
            found["used"] += GIVEN.findall(rest)
        if name in PAIRED:
            open_.append((name, line))
        elif name.startswith("end") and name[3:] in PAIRED and found["broken"] is None:
            if not open_:
                found["broken"] = (say("end{tag} without {tag}", tag=name[3:]), line)
            elif open_[-1][0] != name[3:]:
                wrong, where = open_[-1]
                found["broken"] = (
                    say(
                        "{name} where {other} of line {line} is open",
                        name=name,
                        other=wrong,
                        line=where,
                    ),
                    line,
                )
            else:
                open_.pop()
    if open_ and found["broken"] is None:
        found["broken"] = (say("{word} is not closed", word=open_[-1][0]), open_[-1][1])
    return found
