"""The faults of scripts/bench/updates.py, and what came of them."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from . import kills
from .place import ENDS
from .real import ROWS, START, TRANSACTION, RealWorld
from .versions import NEW, OLD

KILL = signal.Signals(9)  # by its number: Windows has no name for it


def may_mount() -> bool:
    return sys.platform != "win32" and os.geteuid() == 0


@dataclass
class Line:
    """One row of the table. ``together``: code and data belonged together at the end."""

    fault: str
    where: str
    injected: int = 0
    survived: int = 0
    together: int = 0
    lost: int = 0
    ends: set[str] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)


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
    """A disk of its own, in memory; needs root."""
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
    """A point of one step of an update of the small app, and perhaps one of its recovery."""

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


# -- real packages --------------------------------------------------------------------------------

Harm = Callable[[RealWorld], None]


def at_state(state: str, *who: str) -> Harm:
    """kill -9 of processes of those kinds when the journal comes to that state."""

    def harm(world: RealWorld) -> None:
        world.until(lambda: _reached(world, state), TRANSACTION, f"the state {state}")
        if "shell" in who or "server" in who or "worker" in who:
            world.until(lambda: world.of_kind(who[0]), START, who[0])
        for kind in who:
            for pid in world.of_kind(kind):
                with suppress(ProcessLookupError):
                    os.kill(pid, KILL)

    return harm


def power_cut(state: str) -> Harm:
    """Everything ends at once."""

    def harm(world: RealWorld) -> None:
        world.until(lambda: _reached(world, state), TRANSACTION, f"the state {state}")
        world.until(lambda: world.of_kind("server"), START, "the server of the new version")
        while running := [*world.processes(), *world.of_kind("server"), *world.of_kind("worker")]:
            for pid in running:
                with suppress(ProcessLookupError):
                    os.kill(pid, KILL)
            time.sleep(0.02)

    return harm


def _reached(world: RealWorld, state: str) -> bool:
    return any(entry["state"] == state for entry in world.journal().get("history", []))


# What happens; what is wrong with the new version; the state that it has to end in.
REAL: list[tuple[str, str, Harm | None, str]] = [
    ("nothing: a good update", "", None, "confirmed"),
    ("the first page fails in a rehearsal", "rehearsal", None, "refused"),
    ("a migration raises", "migration", None, "refused"),
    ("the worker does not start", "worker", None, "refused"),
    ("the first page is a 500", "page", None, "rolled_back"),
    (
        "kill -9 of the guardian, new version starts",
        "",
        at_state("booting", "guardian"),
        "confirmed",
    ),
    ("kill -9 of the new window", "", at_state("booting", "shell"), "rolled_back"),
    ("kill -9 of the new server", "", at_state("booting", "server"), "confirmed"),
    ("kill -9 of the new worker", "", at_state("booting", "worker"), "confirmed"),
    ("all processes end at once at the first start", "", power_cut("booting"), "confirmed"),
    (
        "kill -9 of the guardian on the way back",
        "page",
        at_state("rolling_back", "guardian"),
        "rolled_back",
    ),
    ("kill -9 of the guardian at the swap", "", at_state("backed_up", "guardian"), ""),
]
SHORT = (0, 1, 4, 5, 6, 9, 10)


def real_packages(folder: Path, packages: Path, short: bool) -> list[Line]:
    lines: list[Line] = []
    chosen = [REAL[number] for number in SHORT] if short else REAL
    with display() as screen:
        for fault, broken, harm, wanted in chosen:
            line = Line(fault, "AppImage and tar.gz")
            for kind in ("folder", "appimage"):
                place = folder / f"{kind}-{len(lines)}"
                world = RealWorld(place, packages, kind, screen, broken)
                _tried(world, harm, wanted, line)
            lines.append(line)
        if may_mount():
            line = Line("no program may be run from the data folder", "AppImage and tar.gz")
            for kind in ("folder", "appimage"):
                with small_disk("300m", ",noexec") as disk:
                    world = RealWorld(folder / f"noexec-{kind}", packages, kind, screen, "", disk)
                    _tried(world, None, "confirmed", line)
            lines.append(line)
    return lines


def _tried(world: RealWorld, harm: Harm | None, wanted: str, line: Line) -> None:
    try:
        _update(world, harm, wanted, line)
    except Exception as error:
        line.problems.append(f"{world.kind}: {error!r}"[:1500])
    finally:
        world.remove()
    print(f"  {line.fault}, {world.kind}: {line.problems or 'survived'}", flush=True)


def _update(world: RealWorld, harm: Harm | None, wanted: str, line: Line) -> None:
    line.injected += 1
    world.fill()
    world.open()
    world.until(world.ready, START, "the old version")
    if world.prepare() == 0:
        world.hand_over()
        if harm:
            harm(world)
    for _ in range(4):
        _wait(world)
        if world.state in ENDS:
            break
        world.open()  # nothing is there any more: the user starts the app
    if not world.shells():
        world.open()
    world.until(lambda: world.shells() and world.state in ENDS, TRANSACTION, "an app that runs")
    world.until(world.ready, START, "an app that is up")
    world.close()
    version, migrated, rows = world.look()
    line.ends.add(world.state)
    line.lost += max(0, ROWS - rows)
    together = (version, migrated) in ((OLD, False), (NEW, True))
    line.together += together
    if wanted and world.state != wanted:
        line.problems.append(f"{world.kind}: ended as {world.state}: {world.journal()['reason']}")
    elif together and rows == ROWS:
        line.survived += 1
    else:
        line.problems.append(f"{world.kind}: {version}, migrated {migrated}, {rows} rows")


def _wait(world: RealWorld) -> None:
    """Until the update has come to an end, or nothing works at it any more."""
    end = time.monotonic() + TRANSACTION
    quiet = 0
    while world.state not in ENDS and quiet < 20 and time.monotonic() < end:
        time.sleep(0.1)
        # An app that no guardian watches is closed by its user and started again.
        working = world.of_kind("guardian")
        quiet = 0 if working else quiet + 1
    if world.state not in ENDS:
        world.close()
