"""Results kept between scans, each with everything that it was made from.

A result is used again only when every question that was asked while it was made has the same
answer now: which file a module name leads to, what is in a file, what lies in a folder.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

from djdesk.projects.code.tree import Tree
from inspector.static_analysis.facts_cache import FactsCache


def digest_of(*values: Any) -> str:
    """A hash of plain values; what is no plain value counts by its text."""
    text = json.dumps(values, sort_keys=True, default=str)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


# No question: a result that was used within another one. It stays, too, as long as that one does,
# since it may serve when that one has to be made anew.
WITHIN = "within:"


class Memo:
    """``setting``: what all results depend on besides the files."""

    def __init__(self, tree: Tree, cache: FactsCache | None) -> None:
        self.tree = tree
        self.cache = cache
        self.setting = digest_of(tree.layout())

    def result(
        self,
        key: str,
        mark: str,
        make: Callable[[], Any],
        fits: Callable[[Any], bool] = lambda value: True,
    ) -> Any:
        """``make()``, or what it gave in an earlier scan. JSON values only.

        ``mark``: a hash of all that is not a file. ``fits``: whether a value may be kept and used.
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
            value = known[1]
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
