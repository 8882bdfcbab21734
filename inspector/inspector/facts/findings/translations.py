# ruff: noqa: E501 - sentences for people stay in one piece
"""Findings about translations: outdated compiled catalogues, and languages without a catalogue."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from djdesk.messages import say, say_n
from djdesk.projects.lists import listed
from inspector.facts.finding import Finding, Known, fact
from inspector.facts.rows import Fact
from inspector.sections.common import data_of
from inspector.sections.project import Variable
from inspector.sections.templates import Catalogue, I18n

Findings = Iterator[Finding]
DOMAINS = {"django", "djangojs"}  # those that Django looks up itself


def compiled(known: Known) -> Findings:
    """Only for folders that Django reads, and only where a translation is lost.

    If no catalogue is compiled, that is a build step, and every checkout is like that. So is one
    that git ignores; one that was compiled on this machine is out of date on no other.
    """
    data = _on(known)
    if data is None:
        return
    rows = [one for one in data["catalogues"] if one["used"] and one["domain"] in DOMAINS]
    there = [one for one in rows if one["mo"]]
    # A source that lost most of its texts is no reason to drop the compiled ones, too.
    wrong = [
        one
        for one in rows
        if one["compiled"] in {"differs", "unreadable"}
        and (one["translated"] or 0) * 2 >= (one["compiled_messages"] or 0)
    ]
    absent = [
        one
        for one in rows
        if one["compiled"] == "missing" and one["translated"] and not one.get("ignored")
    ]
    if there:
        # If none is compiled, deployment does it; if only one is missing, it was forgotten.
        wrong += absent
    if wrong:
        yield Finding(
            "i18n.compiled",
            "info" if all(one.get("ignored") for one in wrong) else "warning",
            say_n(
                "{n} translation has to be compiled again",
                "{n} translations have to be compiled again",
                len(wrong),
            ),
            _text(wrong[0]),
            say(
                "Django reads the compiled files only: visitors see old translations, or none. Run compilemessages, and commit what it writes where the .mo files are committed."
            ),
            [_fact(one) for one in wrong],
            "i18n",
            33,
            manage="compilemessages",
        )


def languages(known: Known) -> Findings:
    """Languages offered in the project's own `LANGUAGES`. Live only, since only Django knows all
    folders that it reads.
    """
    data = _on(known)
    if data is None or not known.live("i18n") or not data["languages_set"] or data["left_out"]:
        return
    if not any(one["used"] for one in data["catalogues"]):
        return  # it has no texts of its own to translate; its packages' catalogues are enough
    folders = {one["folder"] for one in data["catalogues"] if one["used"]}
    lacks: dict[str, set[str]] = {}
    for row in data["missing"]:
        lacks.setdefault(row["language"], set()).add(row["folder"])
    bare = [one for one in data["languages"] if folders <= lacks.get(one["code"], set())]
    if bare:
        names = [one["code"] for one in bare]
        place = _setting(known, "LANGUAGES")
        yield Finding(
            "i18n.languages",
            "info",
            say_n(
                "{n} language is offered without a catalogue",
                "{n} languages are offered without a catalogue",
                len(names),
            ),
            say(
                "LANGUAGES offers {names_list}, and no folder of the project has a catalogue for them.",
                names_list=listed(names),
            ),
            say(
                "Visitors who choose such a language see Django's own texts translated, but not the project's. Run makemessages for it, or take it out of LANGUAGES."
            ),
            [fact(one["code"], "i18n", place) for one in bare],
            "i18n",
            67,
        )


def _on(known: Known) -> I18n | None:
    """The section if translation is on; None if it is off or unknown."""
    data = data_of(known.sections.get("i18n"))
    return data if data and data["use_i18n"] is True else None


def _text(row: Catalogue) -> str:
    if row["compiled"] == "missing":
        return say(
            "{file} is not compiled.",
            file=row["po"],
        )
    if row["compiled"] == "unreadable":
        return say("{file} cannot be read.", file=row["mo"])
    return say_n(
        "{file} differs from its source in {n} message, such as “{example}”.",
        "{file} differs from its source in {n} messages, such as “{example}”.",
        row["differing"],
        file=row["mo"],
        example=row["example"],
    )


def _fact(row: Catalogue) -> Fact:
    return fact(_text(row), "i18n", {"file": row["po"] or row["mo"]})


def _setting(known: Known, name: str) -> Variable | None:
    data = data_of(known.sections.get("settings"))
    rows = data["variables"] if data else []
    return next((one for one in rows if one["name"] == name), None)


RULES: list[Callable[[Known], Findings]] = [compiled, languages]
