"""Decide which job may start now. Pure functions: no process, no database."""

from __future__ import annotations

from collections.abc import Iterable

from djdesk.messages import say

from .machine import Machine
from .marks import Needs


def impossible(needs: Needs, machine: Machine) -> str:
    """Why this computer can never run it, or ''. Too few cores are no reason: the job just takes
    longer."""
    if needs.memory <= machine.memory:
        return ""
    return say(
        "This job needs {need} of memory; jobs can use {have} on this computer.",
        need=amount(needs.memory),
        have=amount(machine.memory),
    )


def wait_for(needs: Needs, running: Iterable[Needs], machine: Machine, free: int) -> str:
    """What it has to wait for, or '' if it may start. ``free``: bytes that can be given out now;
    memory that running jobs have reserved but not yet used does not count as free."""
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
