"""What the sections mean: the folded snapshot and its summary for people."""

from inspector.facts.snapshot import snapshot
from inspector.facts.summary import summarize

__all__ = ["snapshot", "summarize"]
