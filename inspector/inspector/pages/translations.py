"""The project's languages and catalogues, sorted for the page."""

from __future__ import annotations

from dataclasses import dataclass, field

from inspector.sections.templates import Catalogue as CatalogueRow
from inspector.sections.templates import I18n


@dataclass
class Counts:
    """Message counts of several sources together."""

    messages: int = 0
    translated: int = 0
    fuzzy: int = 0
    untranslated: int = 0

    def add(self, row: CatalogueRow) -> None:
        self.messages += row["messages"] or 0
        self.translated += row["translated"] or 0
        self.fuzzy += row["fuzzy"] or 0
        self.untranslated += row["untranslated"] or 0

    @property
    def share(self) -> int | None:
        """Percentage translated, rounded down: only 100 means all."""
        return self.translated * 100 // self.messages if self.messages else None


@dataclass
class Language:
    """``offered``: whether it is in the project's `LANGUAGES`; None if that is not set."""

    code: str
    name: str = ""
    offered: bool | None = None
    catalogues: int = 0
    lacking: int = 0
    counts: Counts = field(default_factory=Counts)


@dataclass(frozen=True)
class Catalogue:
    row: CatalogueRow
    counts: Counts

    @property
    def source(self) -> bool:
        """Whether there is a source with counted messages."""
        return self.row["messages"] is not None


def catalogues(data: I18n | None) -> list[Catalogue]:
    """By language; catalogues that Django reads come first."""
    found = []
    for row in data["catalogues"] if data else []:
        counts = Counts()
        counts.add(row)
        found.append(Catalogue(row, counts))
    return sorted(
        found,
        key=lambda c: (
            c.row["used"] is False,
            c.row["language"],
            c.row["folder"],
            c.row["domain"],
        ),
    )


def languages(data: I18n | None) -> list[Language]:
    """Languages with a catalogue, and languages that the project offers, by code.

    Django's own default list is left out, because it has about a hundred languages.
    """
    if data is None:
        return []
    own = data["languages_set"]
    names = {one["code"].lower(): one["name"] for one in data["languages"]}
    found: dict[str, Language] = {}
    if own:
        for one in data["languages"]:
            found[one["code"].lower()] = Language(one["code"].lower(), one["name"], offered=True)
    for row in data["catalogues"]:
        if row["used"] is False:
            continue
        code = row["language"]
        missing = False if own else None
        language = found.setdefault(code, Language(code, names.get(code, ""), missing))
        language.catalogues += 1
        language.counts.add(row)
    for gap in data["missing"]:
        if lacking := found.get(gap["language"].lower()):
            lacking.lacking += 1
    return sorted(found.values(), key=lambda one: one.code)


def totals(data: I18n | None) -> Counts:
    """Totals of the catalogues that Django may read."""
    counts = Counts()
    for row in data["catalogues"] if data else []:
        if row["used"] is not False:
            counts.add(row)
    return counts


def not_current(data: I18n | None) -> int:
    """Number of compiled catalogues that are missing or do not match their source."""
    rows = data["catalogues"] if data else []
    return sum(
        row["used"] is not False
        and (
            row["compiled"] in {"differs", "unreadable"}
            or (row["compiled"] == "missing" and bool(row["translated"]))
        )
        for row in rows
    )


def by_language(found: list[Catalogue]) -> list[tuple[str, int]]:
    """(language, number of catalogues) for a filter."""
    counts: dict[str, int] = {}
    for one in found:
        counts[one.row["language"]] = counts.get(one.row["language"], 0) + 1
    return sorted(counts.items())
