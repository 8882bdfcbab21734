"""What an inspection could not see; all other facts hold apart from that."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from djdesk.messages import say, say_n

Row = dict[str, Any]
SECTIONS = ("apps", "models", "urls", "migrations")


def gaps(snapshot: Row) -> list[Row]:
    """``[{"text", "section", "file", "line"}]``, with ``told`` if a finding reports it, too.

    Only static sections have such gaps: a live section is complete as Django sees it.
    """
    return [row for rule in (_apps, _urls, _files) for row in rule(snapshot)]


def _static(snapshot: Row, name: str) -> Row | None:
    section = snapshot["sections"].get(name)
    known = section and section["ok"] and section["source"] == "static"
    return section["data"] if known else None


def _row(text: str, section: str, place: Row | None = None) -> Row:
    place = place or {}
    return {
        "text": text,
        "section": section,
        "file": place.get("file"),
        "line": place.get("line"),
    }


def _apps(snapshot: Row) -> Iterator[Row]:
    data = _static(snapshot, "apps")
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


def _urls(snapshot: Row) -> Iterator[Row]:
    data = _static(snapshot, "urls")
    # The admin page shows what Django's admin generates.
    rows = [one for one in (data or {}).get("unresolved", []) if one["text"] != "admin.site.urls"]
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


def _files(snapshot: Row) -> Iterator[Row]:
    """Files that cannot be parsed, except tests, which often contain broken files on purpose."""
    data = _static(snapshot, "code")
    if data is None or not any(_static(snapshot, name) for name in SECTIONS):
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
            rows[0],
        )
