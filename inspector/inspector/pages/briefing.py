"""The overview as a briefing: what the project is, what to do next, and what to know about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypedDict
from urllib.parse import quote

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..facts import next_steps
from ..templatetags.inspector import count, num
from .latest_results import LatestResults

if TYPE_CHECKING:
    from inspector.facts.next_steps import NextStep
    from inspector.facts.rows import FindingRow

MOST = 3  # steps
HERE = {"trust", "interpreter", "scan"}
Row = dict[str, Any]


class ToDo(TypedDict):
    """A step in this app."""

    id: Literal["trust", "interpreter", "scan"]


@dataclass(frozen=True)
class Briefing:
    """``steps``: up to three rows of `facts.next_steps`, or ``{"id": "trust" | "interpreter" |
    "scan"}`` for steps in this app. ``more``: number of further steps. ``risky`` and ``known``:
    findings that are not steps. ``done``: a scan has finished and there is nothing to do.
    """

    lines: list[SafeString]
    steps: list[NextStep | ToDo]
    more: int
    risky: list[FindingRow]
    known: list[FindingRow]
    done: bool


def briefing(
    latest: LatestResults, runtime: Row, *, may_run: bool, interpreter: str | None
) -> Briefing:
    """``may_run``: the preferences allow running projects. ``interpreter``:
    path of the chosen one.
    """
    project = latest.project
    found = latest.findings
    discovered = latest.discovered
    django = runtime.get("django") or discovered.get("django_hint") or ""
    error = None if latest.active else latest.load_error
    wanted = next_steps(found, discovered, error, django=django)
    steps: list[NextStep | ToDo] = []
    ended = not latest.active
    if project.exists and may_run and not project.is_trusted:
        steps.append({"id": "trust"})
    elif project.exists and may_run and ended and not project.trusts(interpreter):
        steps.append({"id": "interpreter"})
    if project.exists and ended and latest.result is None:
        steps.append({"id": "scan"})
    steps += wanted[: MOST - len(steps)]
    as_steps = [id(one.get("finding")) for one in steps if one.get("finding")]
    rest = [
        one
        for one in found
        if id(one) not in as_steps and not (error and one["id"] == "runtime.not-loaded")
    ]
    return Briefing(
        lines=_lines(latest, runtime, django),
        steps=steps,
        more=max(0, len(wanted) - sum(one["id"] not in HERE for one in steps)),
        risky=[one for one in rest if one["severity"] != "info"],
        known=[one for one in rest if one["severity"] == "info"],
        done=ended and latest.result is not None and not steps,
    )


def _lines(latest: LatestResults, runtime: Row, django: str) -> list[SafeString]:
    """Sentences about the project; unknown facts are said to be unknown."""
    if not latest.discovered:
        return []
    pk = latest.project.pk
    counts = latest.counts
    known, unknown = [], []
    for key, page, words, name in (
        ("project_apps", "", "own app", _("apps")),
        ("models", "models", "model", _("models")),
        ("routes", "urls", "URL", _("URLs")),
    ):
        if counts.get(key) is None:
            unknown.append(name)
        elif counts[key] or key == "routes":
            known.append(_linked(count(counts[key], words), page, pk))
    about = latest.summary.get("about") or {}
    lines = []
    version = f"Django {django}" if django else _("Django of unknown version")
    if known:
        parts = _listed(known)
        lines.append(format_html(_("A project with {}: {}."), version, parts))
    else:
        lines.append(format_html(_("A project with {}."), version))
    if about and counts.get("models") is not None:
        lines.append(_stored(latest, about))
        if not about["databases"]:
            unknown.append(_("its database"))
    if unknown and counts:
        text = _("Not known until the project runs: {}.") if not runtime else _("Not known: {}.")
        lines.append(format_html(text, get_text_list(unknown, _("and"))))
    return lines


def _stored(latest: LatestResults, about: Row) -> SafeString:
    """What it stores, and where."""
    base = reverse("inspector:models", args=[latest.project.pk])
    names = [
        format_html('<a href="{}?model={}">{}</a>', base, quote(label), label.rpartition(".")[2])
        for label in about["models"]
    ]
    if about["more"]:
        text = ngettext("%s more", "%s more", about["more"]) % num(about["more"])
        names.append(_linked(text, "models", latest.project.pk))
    where = get_text_list([_database(row) for row in about["databases"]], _("and"))
    if not names:
        if not where:
            return format_html("{}", _("It has no models of its own."))
        return format_html(_("It has no models of its own. Its database is {}."), where)
    if not where:
        return format_html(_("It stores {}."), _listed(names))
    return format_html(_("It stores {} in {}."), _listed(names), where)


def _database(row: Row) -> str:
    name = row["name"]
    if not name:
        return str(row["kind"])
    if row["state"] == "missing":
        return _("%(kind)s (%(name)s, which does not exist yet)") % row
    return f"{row['kind']} ({name})"


def _linked(text: str, page: str, pk: int) -> SafeString:
    if not page:
        return format_html("{}", text)
    return format_html('<a href="{}">{}</a>', reverse(f"inspector:{page}", args=[pk]), text)


def _listed(parts: list[SafeString]) -> SafeString:
    """Join with commas, and “and” before the last part."""
    if len(parts) == 1:
        return parts[0]
    first = format_html_join(", ", "{}", ((part,) for part in parts[:-1]))
    return format_html("{} {} {}", first, _("and"), parts[-1])


def gained(latest: LatestResults) -> list[str]:
    """What running the project added, if the previous scan only read its files."""
    now = latest.result
    before = now.compared_with if now else None
    if now is None or before is None or before.trusted or not now.trusted or latest.load_error:
        return []
    old, new = before.summary.get("counts") or {}, now.summary.get("counts") or {}
    rows = []
    more = (new.get("routes") or 0) - (old.get("routes") or 0)
    if more > 0:
        rows.append(ngettext("%s more URL", "%s more URLs", more) % num(more))
    if (checks := new.get("checks")) is not None:
        n = sum(checks.get(level) or 0 for level in ("error", "warning", "deploy"))
        rows.append(ngettext("%s check message", "%s check messages", n) % num(n))
    if (pending := new.get("pending")) is not None:
        text = ngettext("%s unapplied migration", "%s unapplied migrations", pending)
        rows.append(text % num(pending) if pending else _("all migrations applied"))
    for section, name in (
        ("settings", _("computed settings")),
        ("packages", _("installed packages")),
        ("side_effects", _("side effects of loading")),
    ):
        if latest.is_live(section):
            rows.append(name)
    return rows
