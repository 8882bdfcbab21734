"""What the facts of a snapshot are told as: findings with the facts that they rest on, warnings."""

from __future__ import annotations

from typing import NotRequired, TypedDict

from inspector.sections.common import Place, Repair, Severity


class Fact(Place):
    """``section``: the one that has it."""

    text: str
    section: str


class FindingRow(Place):
    """A finding as `findings_of` gives it. ``more``: facts that are left out of ``facts``;
    ``fingerprints``: one for each fact, also of those. ``partly``: some facts are dismissed.
    ``new``: the previous scan did not have it, see `new_first`."""

    id: str
    severity: Severity
    title: str
    text: str
    why: str
    facts: list[Fact]
    more: int
    fingerprints: list[str]
    section: str
    command: str
    partly: NotRequired[bool]
    new: NotRequired[bool]


class Warned(Place):
    """A warning of the summary."""

    severity: Severity
    text: str
    section: str


class Gap(Fact):
    """What an inspection could not see. ``told``: a finding says it, too."""

    told: NotRequired[bool]


class PlanFacts(TypedDict):
    """What was assumed so that a project loads, as in the section `runtime` and in its error."""

    assumed: list[str]
    repairs: list[Repair]
    attempts: int
