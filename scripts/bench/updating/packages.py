"""Faults in updates of real packages, and their outcomes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from .campaign import Line, display, may_mount, small_disk
from .place import ENDS
from .real import ROWS, START, TRANSACTION, RealWorld
from .versions import NEW, OLD

KILL = signal.Signals(9)  # by number: Windows has no name for it
FEED = Path(__file__).with_name("feed.js")
Harm = Callable[[RealWorld], None]


def at_state(state: str, *who: str) -> Harm:
    """kill -9 for processes of those kinds when the journal reaches that state."""

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


def logs_off(world: RealWorld) -> None:
    """The session ends during the trial: every process is asked to end at once."""
    world.until(lambda: _reached(world, "booting"), TRANSACTION, "the state booting")
    world.until(lambda: world.of_kind("server"), START, "the server of the new version")
    for kind in ("guardian", "shell", "server", "worker"):
        for pid in world.of_kind(kind):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
    world.until(lambda: not world.processes(), START, "the end of the session")


def starts_twice(world: RealWorld) -> None:
    """The user clicks twice while files are being replaced."""
    world.until(lambda: _reached(world, "drained"), TRANSACTION, "the state drained")
    for _ in range(2):
        world.open()


KINDS = ("folder", "appimage")
FOLDER, IMAGE = KINDS[:1], KINDS[1:]


class Fault(NamedTuple):
    """``broken``: the fault of the new version (versions.py); ``ends``: the state that the update
    must end in, if only one is right; ``short``: the kinds in a short campaign."""

    name: str
    broken: str = ""
    harm: Harm | None = None
    ends: str = ""
    short: tuple[str, ...] = KINDS


FAULTS = [
    Fault("nothing: a good update", ends="confirmed"),
    Fault("the first page fails in a rehearsal", "rehearsal", None, "refused", FOLDER),
    Fault("a migration raises", "migration", None, "refused", short=()),
    Fault("a migration waits for ever", "waits", None, "refused", short=()),
    Fault("nothing: a migration of three minutes", "long", None, "confirmed", short=()),
    Fault("the worker does not start", "worker", None, "refused", short=()),
    Fault("the first page is a 500", "page", None, "rolled_back"),
    Fault("the server ends at once, with 0", "exits", None, "rolled_back", IMAGE),
    Fault("the first page holds the interpreter", "hangs", None, "rolled_back", FOLDER),
    Fault("nothing: there is no page at /", "missing", None, "confirmed", short=()),
    Fault("nothing: a login, after 15 s", "login", None, "confirmed", FOLDER),
    Fault(
        "kill -9 of the guardian, new version starts",
        harm=at_state("booting", "guardian"),
        ends="confirmed",
    ),
    Fault("kill -9 of the new window", "", at_state("booting", "shell"), "rolled_back", FOLDER),
    Fault("kill -9 of the new server", "", at_state("booting", "server"), "confirmed", ()),
    Fault("kill -9 of the new worker", "", at_state("booting", "worker"), "confirmed", ()),
    Fault(
        "all processes end at once at the first start",
        "",
        power_cut("booting"),
        "confirmed",
        IMAGE,
    ),
    Fault("the session ends during the trial", "", logs_off, "confirmed", IMAGE),
    Fault("the app is started twice meanwhile", "", starts_twice, "confirmed"),
    Fault(
        "kill -9 of the guardian on the way back",
        "page",
        at_state("rolling_back", "guardian"),
        "rolled_back",
    ),
    Fault("kill -9 of the guardian at the swap", harm=at_state("backed_up", "guardian")),
]


def real_packages(folder: Path, packages: Path, short: bool) -> list[Line]:
    """Two at a time: an update mostly waits."""
    chosen = [fault for fault in FAULTS if fault.short or not short]
    kinds = {fault.name: fault.short if short else KINDS for fault in FAULTS}
    lines = {fault.name: Line(fault.name, named(kinds[fault.name])) for fault in chosen}
    with display() as screen, ThreadPoolExecutor(2) as pool:
        feed = pool.submit(feed_faults, folder / "feed", packages, screen)

        def one(fault: Fault, kind: str) -> Line:
            place = folder / f"{kind}-{chosen.index(fault)}"
            world = RealWorld(place, packages, kind, screen, fault.broken)
            return _tried(world, fault)

        done = [pool.submit(one, fault, kind) for fault in chosen for kind in kinds[fault.name]]
        if may_mount():
            fault = Fault("no program may be run from the data folder", ends="confirmed")
            tried = IMAGE if short else KINDS
            lines[fault.name] = Line(fault.name, named(tried))

            def noexec(kind: str) -> Line:
                with small_disk("300m", ",noexec") as disk:
                    world = RealWorld(folder / f"noexec-{kind}", packages, kind, screen, "", disk)
                    return _tried(world, fault)

            done += [pool.submit(noexec, kind) for kind in tried]
        for each in done:
            line = each.result()
            lines[line.fault].add(line)
        return [*lines.values(), *feed.result()]


def named(kinds: tuple[str, ...]) -> str:
    names = {"folder": "tar.gz", "appimage": "AppImage"}
    return " and ".join(sorted(names[kind] for kind in kinds))


def feed_faults(folder: Path, packages: Path, screen: str) -> list[Line]:
    """Faulty announcements and downloads; feed.js tests them with the real window."""
    world = RealWorld(folder, packages, "folder", screen)
    lines: list[Line] = []
    try:
        world.fill()
        words = [FEED, world.program, world.data, folder / "scratch", world.artefact]
        process = subprocess.Popen(
            ["node", *map(str, words)],
            env=world.environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout
        for text in process.stdout:
            result = json.loads(text)
            good = int(not result["problem"])
            line = Line(result["fault"], "feed, real window", 1, good, good)
            if not good:
                line.problems.append(result["problem"])
            lines.append(line)
            print(f"  {line.fault}: {line.problems or 'survived'}", flush=True)
        process.wait()
        process.stdout.close()
        # The last start was an update.
        world.until(world.shells, START, "the new version")
        world.close()
        found = world.look()
        last = lines[-1]
        last.ends.add(world.state)
        last.lost += max(0, ROWS - found[2])
        if found != (NEW, True, ROWS):
            last.problems.append(f"{found}")
            last.survived = last.together = 0
    except Exception as error:
        lines.append(Line("the feed", "feed, real window", 1, problems=[repr(error)[:1500]]))
    finally:
        world.remove()
    return lines


def _tried(world: RealWorld, fault: Fault) -> Line:
    begun, line = time.monotonic(), Line(fault.name, world.kind)
    try:
        _update(world, fault.harm, fault.ends, line)
    except Exception as error:
        line.problems.append(f"{world.kind}: {error!r}"[:1500])
    finally:
        world.remove()
    took = time.monotonic() - begun
    print(f"  {line.fault}, {world.kind}: {line.problems or 'survived'}, {took:.0f} s", flush=True)
    return line


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
        world.open()  # everything has ended: the user starts the app
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
    """Wait until the update has ended or no process works on it any more."""
    end = time.monotonic() + TRANSACTION
    quiet = 0
    while world.state not in ENDS and quiet < 20 and time.monotonic() < end:
        time.sleep(0.1)
        # Without a guardian, the user closes and restarts the app.
        working = world.of_kind("guardian")
        quiet = 0 if working else quiet + 1
    if world.state not in ENDS:
        world.close()
