"""Questions with a default, which is used and printed if nobody can be asked."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass
class Questions:
    """``quiet``: use every default (``--yes``, or no terminal)."""

    quiet: bool
    taken: list[str] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def here(cls, *, yes: bool) -> Questions:
        return cls(yes or not (sys.stdin.isatty() and sys.stderr.isatty()))

    def choose(self, question: str, options: Sequence[str]) -> str:
        """One of ``options``; the first is the default. A question is asked only once."""
        if question not in self.answers:
            self.answers[question] = self._choose(question, options)
        return self.answers[question]

    def _choose(self, question: str, options: Sequence[str]) -> str:
        if len(options) < 2 or self.quiet:
            if len(options) > 1:
                self.taken.append(f"{question} {options[0]} (the default).")
            return options[0]
        print(f"\n{question}", file=sys.stderr)
        for number, option in enumerate(options, 1):
            print(f"  {number}  {option}", file=sys.stderr)
        while True:
            print("[1] ", end="", file=sys.stderr, flush=True)
            given = sys.stdin.readline()
            if not given.strip():
                return options[0]
            if given.strip().isdecimal() and 1 <= int(given) <= len(options):
                return options[int(given) - 1]

    def yes(self, question: str) -> bool:
        """A question whose default is yes."""
        return self.choose(question, ("yes", "no")) == "yes"
