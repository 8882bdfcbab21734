"""kill -9, and a full disk, at every point of an update and of its recovery: the app must start
with its data."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from .place import ENDS
from .stand_in import ROWS
from .world import World, scratch

STEPS = ("begin", "stage", "rehearse", "install")
KINDS = ("folder", "appimage")
FAULTS = ("", "rehearsal", "dies", "page", "quits")


@dataclass
class Outcome:
    """Outcome of many kills. ``problems`` is empty if none did harm."""

    kills: int = 0
    ends: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)


def points(kind: str, fault: str) -> dict[str, int]:
    """How many points each step has without kills."""
    found = {}
    with tempfile.TemporaryDirectory(dir=scratch()) as folder:
        world = World(Path(folder) / "w", kind, fault)
        for step in STEPS:
            code = getattr(world, step)()
            found[step] = world.points
            if code:
                break
        world.settle()
    return found


def all_kills(kind: str, fault: str, again: int) -> Iterator[tuple[str, str, str, int, int]]:
    """Each point once without and ``again`` times with a second kill, spread over the recovery."""
    for step, number in points(kind, fault).items():
        for first in range(number):
            yield kind, fault, step, first, -1
            for nth in range(again):
                yield kind, fault, step, first, (first * 7 + nth * 23) % 60


def fill(folder: Path, kind: str, fault: str, step: str, point: int, outcome: Outcome) -> None:
    """The disk of ``folder`` is filled at one point; later the user frees space."""
    name = f"{kind}, {fault or 'good'}, disk full at {step} {point}"
    with tempfile.TemporaryDirectory(dir=folder) as place:
        world = World(Path(place) / "w", kind, fault)
        world.harm = "fill"
        for each in STEPS:
            code = getattr(world, each)(kill=point if each == step else -1)
            if each == step or code:
                break
        outcome.kills += 1
        found = world.problems(data=False)  # SQLite needs some space to read
        world.settle()
        world.free()
        for _ in range(3):
            world.open()
        found += world.problems() + last_use(world)
        outcome.ends[f"{fault or 'good'}: {world.state}, version {world.version()}"] += 1
        outcome.problems += [f"{name}: {problem}" for problem in found]


def run(kind: str, fault: str, step: str, first: int, second: int, outcome: Outcome) -> None:
    name = f"{kind}, {fault or 'good'}, killed at {step} {first}" + (
        f" and {second}" * (second >= 0)
    )
    with tempfile.TemporaryDirectory(dir=scratch()) as folder:
        world = World(Path(folder) / "w", kind, fault)
        for each in STEPS:
            code = getattr(world, each)(kill=first if each == step else -1)
            if each == step or code:
                break
        outcome.kills += 1 + (second >= 0)
        found = world.problems()  # at once: a user may click now
        world.settle()
        world.open(kill=second)
        found += world.problems()
        for _ in range(3):
            world.open()
        found += world.problems() + last_use(world)
        outcome.ends[f"{fault or 'good'}: {world.state}, version {world.version()}"] += 1
        outcome.problems += [f"{name}: {problem}" for problem in found]


def last_use(world: World) -> list[str]:
    """The state after the user starts the app again a few times."""
    found = []
    if world.state not in (*ENDS, "downloaded", ""):
        found.append(f"ends as {world.state}")
    used = (
        (world.data / "used.log").read_text().splitlines()
        if (world.data / "used.log").exists()
        else []
    )
    schema = 2 if world.version() == "2.0" else 1
    if not used or used[-1] != f"v{world.version()} schema{schema} rows{ROWS}":
        found.append(f"the app says {used[-1:]}")
    if world.version() == "2.0" and world.fault not in ("", "quits"):
        found.append("a version that does not work stayed")
    return found
