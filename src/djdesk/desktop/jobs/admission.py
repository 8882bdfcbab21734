"""Which job may start now. Pure: no process, no database."""

from __future__ import annotations

from collections.abc import Iterable

from ..wording import say
from .machine import Machine
from .marks import Needs


def impossible(needs: Needs, machine: Machine) -> str:
    """Why this computer can never run it, or ''. More cores than there are is no reason: it takes
    longer then."""
    if needs.memory <= machine.memory:
        return ""
    return say(
        "This job needs {need} of memory; jobs can use {have} on this computer.",
        need=amount(needs.memory),
        have=amount(machine.memory),
    )


def wait_for(needs: Needs, running: Iterable[Needs], machine: Machine, free: int) -> str:
    """What it has to wait for, or '' if it may start. ``free`` is the memory that can be given out
    now, in bytes; what running jobs have not taken yet of theirs is not free for another one."""
    running = list(running)
    cores = min(needs.cores, machine.cores)
    if sum(min(one.cores, machine.cores) for one in running) + cores > machine.cores:
        return say("It is waiting for a free processor core.")
    if sum(one.memory for one in running) + needs.memory > machine.memory:
        return say("It is waiting for memory that another job uses.")
    if needs.memory > free:
        return say(
            "It is waiting for memory: it needs {need}, and {have} are free.",
            need=amount(needs.memory),
            have=amount(free),
        )
    return ""


def amount(size: int) -> str:
    """Bytes as ``2 GiB`` or ``512 MiB``."""
    for unit, factor in (("GiB", 2**30), ("MiB", 2**20)):
        if size >= factor:
            return f"{size / factor:.3g} {unit}"
    return f"{max(0, size) // 1024} KiB"
