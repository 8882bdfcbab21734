"""Counts faults and their outcomes."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Tally:
    """One kind of fault. Times in seconds; ``recovery`` is from the kill until it works again."""

    fault: str
    injected: int = 0
    survived: int = 0
    intact: int = 0
    orphans: int = 0
    recovery: list[float] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def table(tallies: list[Tally]) -> str:
    columns = ("injected", "survived", "intact", "orphans")
    head = f"{'fault':28}" + "".join(f"{name:>9}" for name in columns) + f"{'worst recovery':>16}"
    rows = [head]
    for tally in tallies:
        worst = f"{max(tally.recovery):.2f} s" if tally.recovery else "-"
        rows.append(
            f"{tally.fault:28}{tally.injected:9}{tally.survived:9}{tally.intact:9}"
            f"{tally.orphans:9}{worst:>16}"
        )
    return "\n".join(rows)
