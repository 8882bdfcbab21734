"""Faults in updates of the small app, and their outcomes."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from . import kills


def may_mount() -> bool:
    return sys.platform != "win32" and os.geteuid() == 0


@dataclass
class Line:
    """One row of the table. ``together``: code and data matched at the end."""

    fault: str
    where: str
    injected: int = 0
    survived: int = 0
    together: int = 0
    lost: int = 0
    ends: set[str] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)

    def add(self, other: Line) -> None:
        self.injected += other.injected
        self.survived += other.survived
        self.together += other.together
        self.lost += other.lost
        self.ends |= other.ends
        self.problems += other.problems


@contextmanager
def display() -> Iterator[str]:
    words = ["Xvfb", "-displayfd", "1", "-screen", "0", "1280x900x24", "-nolisten", "tcp"]
    server = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert server.stdout
    try:
        yield f":{server.stdout.readline().decode().strip()}"
    finally:
        server.kill()
        server.wait()
        server.stdout.close()


@contextmanager
def small_disk(size: str, options: str = "") -> Iterator[Path]:
    """A separate in-memory disk; needs root."""
    folder = Path(tempfile.mkdtemp(prefix="updates-disk-"))
    words = ["mount", "-t", "tmpfs", "-o", f"size={size}{options}", "tmpfs", str(folder)]
    subprocess.run(words, check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)])
        folder.rmdir()


# -- the small app: every point -------------------------------------------------------------------


class Spot(NamedTuple):
    """A point in one step of an update of the small app, optionally with one of its recovery."""

    kind: str
    fault: str
    step: str
    first: int
    second: int = -1


def small_app(chance: random.Random, seconds: float) -> list[Line]:
    """As many kills and full disks as fit into the time, spread over all points."""
    todo = [
        Spot(*one)
        for kind in kills.KINDS
        for fault in kills.FAULTS
        for one in kills.all_kills(kind, fault, 1)
    ]
    chance.shuffle(todo)
    killed = Line("kill -9 of the guardian, and again in its recovery", "small app, all points")

    def kill(spot: Spot, outcome: kills.Outcome) -> None:
        kills.run(spot.kind, spot.fault, spot.step, spot.first, spot.second, outcome)

    _spend(killed, seconds * 0.7, todo, kill)
    lines = [killed]
    if may_mount():
        full = Line("disk filled to the last byte", "small app, all points")
        spots = [
            Spot(kind, fault, step, point)
            for kind in kills.KINDS
            for fault in ("", "page")
            for step, number in kills.points(kind, fault).items()
            for point in range(number)
        ]
        chance.shuffle(spots)
        with small_disk("12m") as disk:
            # One at a time: they fill the same disk.
            def fill(spot: Spot, outcome: kills.Outcome) -> None:
                kills.fill(disk, spot.kind, spot.fault, spot.step, spot.first, outcome)

            _spend(full, seconds * 0.3, spots, fill, threads=1)
        lines.append(full)
    return lines


def _spend(
    line: Line,
    seconds: float,
    todo: list[Spot],
    act: Callable[[Spot, kills.Outcome], None],
    threads: int = 2,
) -> None:
    end = time.monotonic() + seconds

    def one(spot: Spot) -> kills.Outcome | None:
        if time.monotonic() > end:
            return None
        outcome = kills.Outcome()
        try:
            act(spot, outcome)
        except Exception as error:
            outcome.problems.append(f"{spot}: {error!r}"[:500])
        return outcome

    with ThreadPoolExecutor(threads) as pool:
        for outcome in filter(None, pool.map(one, todo)):
            line.injected += outcome.kills
            ends = {key.split(": ")[1].split(",")[0] for key in outcome.ends}
            line.ends |= ends - {""}  # killed before there was a journal
            line.problems += outcome.problems
            if not outcome.problems:
                line.survived += outcome.kills
            apart = [text for text in outcome.problems if "with data" in text]
            lost = [text for text in outcome.problems if "rows" in text]
            line.together += outcome.kills if not apart else 0
            line.lost += len(lost)
