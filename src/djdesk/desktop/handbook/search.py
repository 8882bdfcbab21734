"""Full-text search in the handbook: all words must match, ignoring case and accents."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from .topics import Topic

MOST = 30
AROUND = 90  # characters of context on each side of a match
IN_TITLE, IN_HEADING, IN_TEXT = 100, 10, 1


@dataclass(frozen=True, slots=True)
class Hit:
    """``excerpt``: pairs of text and whether it is a match."""

    topic: Topic
    anchor: str
    heading: str
    excerpt: list[tuple[str, bool]]
    score: int


def search(topics: Iterable[Topic], query: str) -> list[Hit]:
    """Best matches first, at most MOST; one hit per section of a topic."""
    words = list(dict.fromkeys(fold(query)[0].split()))
    if not words:
        return []
    hits = [hit for topic in topics for hit in _in_topic(topic, words)]
    return sorted(hits, key=lambda hit: -hit.score)[:MOST]


def _in_topic(topic: Topic, words: list[str]) -> list[Hit]:
    title = fold(topic.title)[0]
    hits = []
    for section in topic.sections:
        # Text before the first heading is searched together with the summary.
        source = section.text if section.heading else f"{topic.summary} {section.text}"
        heading, text = fold(section.heading)[0], fold(source)[0]
        scores = [IN_HEADING * (word in heading) + IN_TEXT * (word in text) for word in words]
        titled = [IN_TITLE * (word in title) for word in words]
        if not all(map(max, scores, titled)):
            continue
        # Words found only in the title link to the start of the topic, not to every section.
        if any(scores) or not section.heading:
            score = sum(scores) + sum(titled)
            hits.append(Hit(topic, section.anchor, section.heading, excerpt(source, words), score))
    return hits


def excerpt(text: str, words: list[str]) -> list[tuple[str, bool]]:
    folded, origin = fold(text)
    spans = sorted(_spans(folded, words))
    begin = max(0, origin[spans[0][0]] - AROUND) if spans else 0
    end = min(len(text), begin + 2 * AROUND)
    if begin and " " in text[begin:end]:
        begin = text.index(" ", begin) + 1
    if end < len(text) and " " in text[begin:end]:
        end = text.rindex(" ", begin, end)
    pieces = [("…", False)] if begin else []
    at = begin
    for first, last in spans:
        start, stop = origin[first], origin[last]
        if start < at or stop > end:
            continue
        pieces += [(text[at:start], False), (text[start:stop], True)]
        at = stop
    pieces += [(text[at:end], False), ("…" if end < len(text) else "", False)]
    return [(piece, marked) for piece, marked in pieces if piece]


def _spans(folded: str, words: list[str]) -> list[tuple[int, int]]:
    spans = []
    for word in words:
        at = folded.find(word)
        while at >= 0:
            spans.append((at, at + len(word)))
            at = folded.find(word, at + len(word))
    return spans


def fold(text: str) -> tuple[str, list[int]]:
    """Strip case and accents (``Größe`` becomes ``grosse``). Also returns, for each resulting
    character and the end, its position in ``text``."""
    folded: list[str] = []
    origin: list[int] = []
    for at, letter in enumerate(text):
        for part in unicodedata.normalize("NFKD", letter).casefold():
            if not unicodedata.combining(part):
                folded.append(part)
                origin.append(at)
    return "".join(folded), [*origin, len(text)]
