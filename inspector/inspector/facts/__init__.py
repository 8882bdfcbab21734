"""Interprets the sections: snapshot, summary, findings and differences."""

from inspector.facts.about import about
from inspector.facts.diff import diff
from inspector.facts.findings import findings_of, new_first
from inspector.facts.next_steps import next_steps
from inspector.facts.snapshot import snapshot
from inspector.facts.summary import summarize

__all__ = ["about", "diff", "findings_of", "new_first", "next_steps", "snapshot", "summarize"]
