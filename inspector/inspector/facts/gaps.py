"""What an inspection could not see; all other facts hold apart from that."""

from __future__ import annotations

from collections.abc import Iterator

from djdesk.messages import say, say_n
from inspector.facts.rows import Gap
from inspector.sections.common import Place, Section, data_of
from inspector.sections.scan import Sections, by_name

OF_THE_SOURCE = ("apps", "models", "urls", "migrations")


def gaps(sections: Sections) -> list[Gap]:
    """``[{"text", "section", "file", "line"}]``, with ``told`` if a finding reports it, too.

    Only static sections have such gaps: a live section is complete as Django sees it.
    """
    return [row for rule in (_apps, _urls, _files) for row in rule(sections)]


def _static[Data](section: Section[Data] | None) -> Data | None:
    return data_of(section) if section and section["source"] == "static" else None


def _row(text: str, section: str, place: Place | None = None) -> Gap:
    return {
        "text": text,
        "section": section,
        "file": place["file"] if place else None,
        "line": place["line"] if place else None,
    }


def _apps(sections: Sections) -> Iterator[Gap]:
    data = _static(sections.get("apps"))
    if data is None:
        return
    if not data["apps"] and data.get("source") == "folders":
        yield _row(say("No app was found: INSTALLED_APPS is not written out anywhere."), "apps")
    elif data.get("source") == "folders":
        yield _row(
            say(
                "INSTALLED_APPS is known only when the code runs: these apps were found by their "
                "folders, and some of them may not be installed."
            ),
            "apps",
        )
    elif data["unresolved"]:
        first = data["unresolved"][0]
        yield _row(
            say_n(
                "{n} part of INSTALLED_APPS is known only when the code runs: {text}",
                "{n} parts of INSTALLED_APPS are known only when the code runs, the first: {text}",
                len(data["unresolved"]),
                text=first["text"],
            ),
            "apps",
            first,
        )
    elif not data.get("complete", True):
        names = [one["name"] for one in data["apps"] if one.get("conditional")]
        yield _row(
            say(
                "Whether these are installed is decided when the code runs: {names}.",
                names=", ".join(names),
            )
            if names
            else say("INSTALLED_APPS may be another one when the code runs."),
            "apps",
        )


def _urls(sections: Sections) -> Iterator[Gap]:
    data = _static(sections.get("urls"))
    # The admin page shows what Django's admin generates.
    rows = [one for one in (data["unresolved"] if data else []) if one["text"] != "admin.site.urls"]
    if rows:
        first = rows[0]
        yield _row(
            say_n(
                "{n} part of the routes is made when the code runs: {text}",
                "{n} parts of the routes are made when the code runs, the first: {text}",
                len(rows),
                text=first["text"],
            ),
            "urls",
            first,
        )


def _files(sections: Sections) -> Iterator[Gap]:
    """Files that cannot be parsed, except tests, which often contain broken files on purpose."""
    data = _static(sections.get("code"))
    every = by_name(sections)
    if data is None or not any(_static(every.get(name)) for name in OF_THE_SOURCE):
        return
    for text in data.get("skipped", []):
        yield _row(text, "code")
    rows = [one for one in data["unparsable"] if not one.get("test")]
    if rows:
        # The finding about unparsable files reports this, too.
        yield {"told": True} | _row(
            say_n(
                "{n} file could not be read: {file}",
                "{n} files could not be read, the first: {file}",
                len(rows),
                file=rows[0]["file"],
            ),
            "code",
            {"file": rows[0]["file"], "line": rows[0]["line"]},
        )
