"""The catalogues by app, domain and language: updating, and reporting what they lack."""

from __future__ import annotations

import contextlib
import io
import re
import string
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from .extract import APPS, DOMAINS, ROOT, Domain, template

# The source language is English; these are translated.
LANGUAGES = ("de",)
PERCENT = re.compile(r"%(?:\((\w+)\))?[sd]")


@dataclass(frozen=True)
class Place:
    app: Path
    domain: Domain
    language: str

    @property
    def po(self) -> Path:
        folder = self.app / "locale" / self.language / "LC_MESSAGES"
        return folder / f"{self.domain.name}.po"

    @property
    def mo(self) -> Path:
        return self.po.with_suffix(".mo")

    @property
    def shown(self) -> str:
        return self.po.relative_to(ROOT).as_posix()

    def read(self) -> Catalog:
        if not self.po.exists():
            return Catalog(locale=self.language, charset="utf-8", fuzzy=False)
        with self.po.open("rb") as file:
            return read_po(file, locale=self.language)


def places() -> Iterator[Place]:
    for app in APPS:
        for domain in DOMAINS:
            for language in LANGUAGES:
                place = Place(app, domain, language)
                if app.is_dir() and len(template(app, domain)):
                    yield place


def update(place: Place) -> Catalog:
    """Update from the source's messages. Obsolete ones are removed; no fuzzy matching."""
    catalogue = place.read()
    catalogue.update(template(place.app, place.domain), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    place.po.parent.mkdir(parents=True, exist_ok=True)
    place.po.write_bytes(written(catalogue))
    return catalogue


def written(catalogue: Catalog) -> bytes:
    """The catalogue as text, without dates, versions and line numbers, which change although no
    message does.
    """
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=100, omit_header=True, sort_output=True, include_lineno=False)
    rule = (
        'msgid ""\nmsgstr ""\n'
        f'"Language: {catalogue.locale_identifier}\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n'
        f'"Plural-Forms: {catalogue.plural_forms}\\n"\n\n'
    )
    return rule.encode() + buffer.getvalue()


def listed(place: Place) -> Iterator[str]:
    """Every message and its translation, for proofreading: file by file, in the order
    of the pages.
    """
    yield f"# {place.shown}"
    catalogue = place.read()
    by_file: dict[str, list[Message]] = {}
    for message in catalogue:
        if message.id:
            by_file.setdefault(message.locations[0][0] if message.locations else "", []).append(
                message
            )
    for file in sorted(by_file):
        yield f"\n## {file}\n"
        for message in by_file[file]:
            yield f"- {' | '.join(forms_of(message.id))}"
            yield f"  → {' | '.join(forms_of(message.string))}"
    yield ""


def compiled(place: Place) -> bytes:
    """The .mo compiled from the .po."""
    catalogue = place.read()
    bare = _Bare(locale=catalogue.locale, charset="utf-8")
    for message in catalogue:
        if message.id:
            bare.add(message.id, message.string, context=message.context)
    buffer = io.BytesIO()
    write_mo(buffer, bare)
    return buffer.getvalue()


class _Bare(Catalog):
    """Without Babel's generated header: version and time."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        return [
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Plural-Forms", self.plural_forms),
        ]


def faults(place: Place) -> Iterator[str]:
    """What is wrong with one catalogue, as lines of text."""
    catalogue = place.read()
    wanted = template(place.app, place.domain)
    for message in wanted:
        found = catalogue.get(message.id, message.context) if message.id else message
        if found is None:
            yield f"{place.shown}: {_name(message)} is missing. Run `update`."
        elif message.id:
            yield from (f"{place.shown}: {_name(message)} {what}" for what in _lacks(found))
    for message in catalogue:
        if message.id and wanted.get(message.id, message.context) is None:
            yield f"{place.shown}: {_name(message)} is in no source any more. Run `update`."
    if not place.mo.exists() or place.mo.read_bytes() != compiled(place):
        yield f"{place.shown}: the .mo is not what the .po gives. Run `compile`."


def forms_of(text: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    """A message, or its plural forms, as a tuple of strings."""
    return (text,) if isinstance(text, str) else tuple(text or ("",))


def _lacks(message: Message) -> Iterator[str]:
    originals, forms = forms_of(message.id), forms_of(message.string)
    if not all(forms):
        yield "has no translation."
        return
    if message.fuzzy:
        yield "is marked fuzzy."
    allowed = set().union(*(placeholders(one) for one in originals))
    for form in forms:
        if extra := placeholders(form) - allowed:
            yield f"has {', '.join(sorted(extra))}, which the original has not."
    if lost := placeholders(originals[-1]) - placeholders(forms[-1]):
        yield f"lacks {', '.join(sorted(lost))}."


def placeholders(text: str) -> set[str]:
    """``%(name)s``, ``%s`` and ``{name}`` of a message."""
    found = {match[0] for match in PERCENT.finditer(text)}
    # A lone brace is not a placeholder.
    with contextlib.suppress(ValueError):
        found |= {f"{{{name}}}" for _, name, _, _ in string.Formatter().parse(text) if name}
    return found


def _name(message: Message) -> str:
    text = message.id if isinstance(message.id, str) else message.id[0]
    return f"“{text[:70]}”"
