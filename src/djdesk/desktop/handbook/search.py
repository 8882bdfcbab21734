"""Search in the handbook: every word must be there, whatever its case and accents."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from .topics import Topic

MOST = 30
AROUND = 90  # characters of an excerpt before and after what was found
IN_TITLE, IN_HEADING, IN_TEXT = 100, 10, 1


@dataclass(frozen=True, slots=True)
class Hit:
    """``excerpt``: pieces of text, each with whether it is what was looked for."""

    topic: Topic
    anchor: str
    heading: str
    excerpt: list[tuple[str, bool]]
    score: int


def search(topics: Iterable[Topic], query: str) -> list[Hit]:
    """The best first, at most MOST; of a topic one hit for each section."""
    words = list(dict.fromkeys(fold(query)[0].split()))
    if not words:
        return []
    hits = [hit for topic in topics for hit in _in_topic(topic, words)]
    return sorted(hits, key=lambda hit: -hit.score)[:MOST]


def _in_topic(topic: Topic, words: list[str]) -> list[Hit]:
    title = fold(topic.title)[0]
    hits = []
    for section in topic.sections:
        # What stands before the first heading goes with the summary.
        source = section.text if section.heading else f"{topic.summary} {section.text}"
        heading, text = fold(section.heading)[0], fold(source)[0]
        scores = [IN_HEADING * (word in heading) + IN_TEXT * (word in text) for word in words]
        titled = [IN_TITLE * (word in title) for word in words]
        if not all(map(max, scores, titled)):
            continue
        # Words of the title alone are answered by the topic's beginning, not by each section.
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
    """Without case and accents (``Größe`` is ``grosse``), and for each character of that, and its
    end, the place in ``text`` that it comes from."""
    folded: list[str] = []
    origin: list[int] = []
    for at, letter in enumerate(text):
        for part in unicodedata.normalize("NFKD", letter).casefold():
            if not unicodedata.combining(part):
                folded.append(part)
                origin.append(at)
    return "".join(folded), [*origin, len(text)]
