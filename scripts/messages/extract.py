"""Every text that a user can see, found in templates, Python and page scripts."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from django.utils.translation.template import templatize

from inspector.lab.notebooks.document import read
from inspector.lab.notebooks.texts import texts

ROOT = Path(__file__).resolve().parents[2]
# Each app has its own: who deletes inspector/ deletes its translations.
APPS = (ROOT / "src/djdesk/desktop", ROOT / "inspector")
# Projects to look at, other people's code, and the probe, which runs in other people's Python.
LEFT_OUT = {"sample", "vendor", "migrations", "locale"}

FUNCTIONS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
SENTENCES = {"say": None, "say_n": (1, 2), "say_noop": None}


@dataclass(frozen=True)
class Domain:
    """``suffixes`` of the files it is made from; ``functions`` as Babel names them."""

    name: str
    suffixes: tuple[str, ...]
    functions: dict


DOMAINS = (
    Domain("django", (".html", ".py"), FUNCTIONS),
    Domain("djangojs", (".js",), FUNCTIONS),
    Domain("sentences", (".py",), SENTENCES),
)


def template(app: Path, domain: Domain) -> Catalog:
    """The messages of one app and domain, without translations, in the order of their places."""
    catalogue = Catalog(fuzzy=False)
    for file in _files(app, domain):
        for line, message, comments, context in _messages(file, domain):
            place = (file.relative_to(ROOT).as_posix(), line)
            catalogue.add(message, None, [place], auto_comments=comments, context=context)
    return catalogue


def _files(app: Path, domain: Domain) -> Iterator[Path]:
    for file in sorted(app.rglob("*")):
        inside = file.relative_to(app).parts
        if file.suffix in domain.suffixes and not LEFT_OUT.intersection(inside):
            yield file


def _messages(file: Path, domain: Domain) -> Iterator[tuple]:
    if file.parent.name == "cells" and domain.name == "sentences":
        # The cells of a notebook are told as they are, without a function around each text.
        for kind, text in read(file.stem):
            yield from ((0, one, [], None) for one in texts(kind, text))
        return
    source = file.read_text(encoding="utf-8")
    method = "javascript" if file.suffix == ".js" else "python"
    if file.suffix == ".html":
        # What is left of a template is read as Python: one line must not look like a block.
        lines = templatize(source, origin=file.name).split("\n")
        source = "\n".join(line.lstrip() for line in lines)
    yield from extract(
        method,
        io.BytesIO(source.encode()),
        keywords=domain.functions,
        comment_tags=("Translators:",),
        options={"encoding": "utf-8", "template_string": "True"},
        strip_comment_tags=True,
    )
