"""Content security policy: what it blocks on the pages, and the smallest policy that blocks
nothing.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from djdesk.desktop.content_security import written
from djdesk.overlay.rules.content_security import RELAXED, STRICT
from djdesk.projects.readiness.report import Decision

from .places import Places
from .seen import Seen, Visit, Visitor, Who, pages

TRIED = 30  # pages to try a policy on
TABLE = {"strict": STRICT, "relaxed": RELAXED}


def reporting() -> str:
    """A strict report-only policy besides the page's own, with samples of what it blocks."""
    return written(_sampled(STRICT))


def _sampled(policy: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    return {
        name: [*values, *(["'report-sample'"] if name in ("script-src", "style-src") else [])]
        for name, values in policy.items()
    }


def refused(visit: Visit) -> list[Mapping[str, Any]]:
    """What the page's own policy blocked, except resources of other hosts."""
    return [
        item
        for item in visit.violations
        if item["enforced"] and not re.match(r"(https?|wss?):", item["blocked"])
    ]


def try_out(visitor: Visitor, cookies: Mapping[Who, tuple[str, str] | None], seen: Seen) -> None:
    """Find the smallest policy that blocks nothing on pages where their own policy does. Writes
    what each page still violates under a policy to ``seen.quiet``."""
    loud = {(visit.path, visit.who): visit for visit in seen.visits if refused(visit)}
    candidates = [("relaxed", RELAXED)]
    while loud and candidates:
        name, policy = candidates.pop(0)
        still = []
        for visit in list(loud.values())[:TRIED]:
            visitor.become(cookies.get(visit.who))
            again = visitor.visit(visit.path, visit.who, enforce=written(policy), picture=False)
            still += refused(again)
        seen.quiet[name] = sorted({_addition(item)[0] for item in still})
        if still and name == "relaxed":
            candidates.append(("own", widened(RELAXED, still)))
        if not still:
            return


def widened(
    policy: Mapping[str, Sequence[str]], items: Sequence[Mapping[str, Any]]
) -> dict[str, list[str]]:
    """``policy`` extended to allow ``items``."""
    wider = {name: list(values) for name, values in policy.items()}
    for item in items:
        directive, source = _addition(item)
        values = [value for value in wider.get(directive, []) if value != "'none'"]
        wider[directive] = [*values, *([source] if source not in values else [])]
    return wider


def _addition(item: Mapping[str, Any]) -> tuple[str, str]:
    """The directive and source that would allow ``item``."""
    directive = re.sub(r"-(elem|attr)$", "", item["directive"])
    blocked = item["blocked"]
    if blocked == "inline":
        return directive, "'unsafe-inline'"
    if blocked in ("eval", "wasm-eval"):
        return directive, "'unsafe-eval'"
    return directive, f"{blocked.partition(':')[0]}:"


def judged(seen: Seen, places: Places) -> Iterator[Decision]:
    same: dict[tuple[str, str, str], list[Visit]] = defaultdict(list)
    for visit in seen.visits:
        for item in refused(visit):
            same[item["directive"], item["blocked"], _place(item, visit, places)].append(visit)
    for (directive, blocked, where), visits in same.items():
        yield Decision(
            "CSP1", "B", f"{_named(directive, blocked)} is blocked on {pages(visits)}.",
            why=f"The app's content security policy ({directive}) blocks it.",
            where=where, todo=_way_out(seen),
        )  # fmt: skip
    strict = any(
        not item["enforced"] and not re.match(r"(https?|wss?):", item["blocked"])
        for visit in seen.visits for item in visit.violations
    )  # fmt: skip
    if seen.facts.get("csp") == "relaxed" and seen.shell != "none" and not strict:
        yield Decision(
            "CSP1", "", "No page needs more than the policy “strict”.",
            todo='Remove csp = "relaxed" from [tool.djdesk.pages].',
        )  # fmt: skip


def _place(item: Mapping[str, Any], visit: Visit, places: Places) -> str:
    """By the sample in the report-only duplicate of an item."""
    samples = [item["sample"]] + [
        twin["sample"]
        for twin in visit.violations
        if (twin["directive"], twin["line"]) == (item["directive"], item["line"])
    ]
    sample = next(filter(None, samples), "")
    found = places.of_inline(sample) if sample else ""
    return found or f"{visit.path}, line {item['line']} of the page"


def _named(directive: str, blocked: str) -> str:
    kinds = {
        "script-src-elem": "An inline script", "script-src-attr": "A handler in an attribute",
        "style-src-elem": "An inline style sheet", "style-src-attr": "A style in an attribute",
    }  # fmt: skip
    if blocked == "inline":
        return kinds.get(directive, "Inline code")
    if blocked in ("eval", "wasm-eval"):
        return "Code that a script makes from text (eval)"
    return f"What a page loads from {blocked.partition(':')[0]}:"


def _way_out(seen: Seen) -> str:
    if seen.facts.get("own_policy"):
        return "Correct SECURE_CSP in the settings."
    if not seen.quiet.get("relaxed", ["?"]):
        return (
            'Move it into a file below static/, or allow inline code: csp = "relaxed" in '
            "[tool.djdesk.pages] is the strictest policy that works."
        )
    if not seen.quiet.get("own", ["?"]):
        return (
            "Move it into a file below static/, or set SECURE_CSP in the settings. The "
            "strictest policy that works is that of “relaxed” with more for "
            f"{', '.join(seen.quiet['relaxed'])}."
        )
    return "Move it into a file below static/."
