"""Cached results, each stored with everything it was derived from.

A result is reused only if every question asked while it was computed still has the same answer:
which file a module name resolves to, a file's content, a folder's entries.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

from djdesk.projects.code.tree import Tree
from inspector.static_analysis.facts_cache import FactsCache


def digest_of(*values: Any) -> str:
    """A hash of plain values; any other value is hashed by its text."""
    text = json.dumps(values, sort_keys=True, default=str)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


# Not a question, but a nested result. It is kept as long as the outer result, because it may help
# when the outer one has to be recomputed.
WITHIN = "within:"


class Memo:
    """``setting``: what all results depend on in addition to the files."""

    def __init__(self, tree: Tree, cache: FactsCache | None) -> None:
        self.tree = tree
        self.cache = cache
        self.setting = digest_of(tree.layout())

    def result[T](
        self,
        key: str,
        mark: str,
        make: Callable[[], T],
        fits: Callable[[T], bool] = lambda value: True,
    ) -> T:
        """The result of ``make()``, or its cached value from an earlier scan. JSON values only.

        ``mark``: a hash of all inputs that are not files. ``fits``: whether a value may
        be stored and reused.
        """
        if self.cache is None:
            return make()
        mark = f"{self.setting}:{mark}"
        known = self.cache.result(key, mark)
        if known is not None and self._holds(known[0]) and fits(known[1]):
            self.tree.note_all(known[0])
            self.cache.keep(key)
            for question in known[0]:
                if question.startswith(WITHIN):
                    self.cache.keep(question.removeprefix(WITHIN))
            value: T = known[1]
        else:
            with self.tree.watch() as asked:
                value = make()
            if self.tree.UNSURE not in asked and fits(value):
                self.cache.put(key, mark, [asked, value])
        self.tree.note_all({WITHIN + key: ""})
        return value

    def _holds(self, asked: dict[str, str]) -> bool:
        return all(
            question.startswith(WITHIN) or self.tree.answer(question) == known
            for question, known in asked.items()
        )
