"""A topic's Markdown as tokens for search, and as safe HTML."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

# `## Heading {#name}`: anchors stay stable when a heading is reworded or translated.
ANCHOR = re.compile(r"\s*\{#([a-z0-9-]+)\}\s*$")
TOPIC_LINK = re.compile(r"^[^:]*?([a-z0-9-]+)\.md(?:#([a-z0-9-]+))?$")
# Keeps handbook ids from colliding with those of the page behind the drawer.
PREFIX = "help-"


@cache
def _markdown() -> MarkdownIt:
    """Imported by the first help page, not at startup: it takes 2 MB that no other page needs.

    HTML in the source is escaped; `javascript:` and similar links are dropped (validateLink).
    """
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False}).enable("table")


Address = Callable[[str, str], str]


@dataclass(frozen=True, slots=True)
class Section:
    """``anchor`` and ``heading`` are empty for the text before the first heading."""

    anchor: str
    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """``title``: the first heading; ``summary``: the first paragraph as text; ``tokens``:
    everything after these two."""

    title: str
    summary: str
    sections: tuple[Section, ...]
    tokens: tuple[Token, ...]


def parse(source: str) -> Document:
    tokens = _markdown().parse(source)
    for token, inline in pairwise(tokens):
        if token.type == "heading_open":
            _take_anchor(token, inline)
    title, summary, rest = "", "", 0
    if len(tokens) > 2 and tokens[0].type == "heading_open" and tokens[0].tag == "h1":
        title, rest = plain(tokens[1]), 3
        if len(tokens) > 5 and tokens[3].type == "paragraph_open":
            summary, rest = plain(tokens[4]), 6
    return Document(title, summary, tuple(_sections(tokens[rest:])), tuple(tokens[rest:]))


def render(document: Document, address: Address, *, below: int) -> str:
    """HTML of everything after the summary. ``address(topic, anchor)`` returns the URL of another
    topic; ``below``: how many levels to lower the headings."""
    tokens = deepcopy(list(document.tokens))
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1]) + below)}"
        for child in token.children or ():
            if child.type == "link_open":
                _lead(child, address)
    return _markdown().renderer.render(tokens, _markdown().options, {})


def topic_link(target: str) -> tuple[str, str] | None:
    """``../de/models.md#keys`` gives ``("models", "keys")``; None if it is not a link
    to a topic.
    """
    found = TOPIC_LINK.match(target)
    return (PurePosixPath(found[1]).name, found[2] or "") if found else None


def links(document: Document) -> list[str]:
    return [
        str(child.attrGet("href"))
        for token in document.tokens
        for child in token.children or ()
        if child.type == "link_open"
    ]


def plain(token: Token) -> str:
    parts = []
    for child in token.children or ():
        parts.append(" " if child.type in ("softbreak", "hardbreak") else child.content)
    return "".join(parts)


def _take_anchor(token: Token, inline: Token) -> None:
    last = inline.children[-1] if inline.children else None
    found = ANCHOR.search(last.content) if last and last.type == "text" else None
    if last and found:
        last.content = last.content[: found.start()]
        token.attrSet("id", PREFIX + found[1])


def _sections(tokens: Sequence[Token]) -> list[Section]:
    found: list[tuple[str, str, list[str]]] = [("", "", [])]
    heading = False
    for token in tokens:
        if token.type == "heading_open":
            found.append((str(token.attrGet("id") or "").removeprefix(PREFIX), "", []))
            heading = True
        elif token.type == "inline" and heading:
            anchor, _, texts = found.pop()
            found.append((anchor, plain(token), texts))
            heading = False
        elif token.type == "inline":
            found[-1][2].append(plain(token))
        elif token.type in ("fence", "code_block"):
            found[-1][2].append(token.content.strip())
    return [Section(anchor, title, " ".join(texts)) for anchor, title, texts in found]


def _lead(link: Token, address: Address) -> None:
    target = str(link.attrGet("href") or "")
    if topic := topic_link(target):
        link.attrSet("href", address(*topic))
        link.attrSet("data-help", "#".join(filter(None, topic)))
    elif target.startswith("#"):
        link.attrSet("href", f"#{PREFIX}{target[1:]}")
    else:
        # The shell opens it in the system's browser; see electron/policy/navigation.js.
        link.attrSet("target", "_blank")
        link.attrSet("rel", "noopener noreferrer")
