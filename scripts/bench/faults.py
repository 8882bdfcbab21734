"""Fault campaigns: kill -9 at random moments, count survivals, check the data. Bounded, seeded.

    .venv/bin/python scripts/bench/faults.py [--rounds 50] [--writes 200] [--unauthenticated 300]
        [--busy 60] [--seed 1]

Prints a table: faults injected, survived, data intact, orphans, worst recovery. Exit code 1 if any
fault was not survived. The numbers in docs/reliability.md come from here.
"""

from __future__ import annotations

import os.path
import sys

# Imports use the package `bench`, so drop the script's own folder from the path.
if os.path.basename(sys.path[0]) == "bench":  # noqa: PTH119 - pathlib imports too much
    sys.path[0] = os.path.dirname(sys.path[0])  # noqa: PTH120

import argparse
import random
import tempfile
import time
from pathlib import Path

# The package that holds the parts is beside the script.
from bench.campaigns import busy, processes, unauthenticated, writes
from bench.campaigns.tally import Tally, table


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=50, help="kills of processes (default: 50)")
    parser.add_argument("--writes", type=int, default=200, help="kills during writes")
    parser.add_argument(
        "--unauthenticated",
        type=float,
        default=300,
        help="seconds that each crowd of connections stays",
    )
    parser.add_argument(
        "--busy", type=float, default=60, help="seconds that each lock, full disk, … lasts"
    )
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    begun = time.monotonic()
    tallies: list[Tally] = []
    with tempfile.TemporaryDirectory(prefix="djdesk faults é ", ignore_cleanup_errors=True) as top:
        if options.rounds:
            tallies += processes.campaign(Path(top) / "processes", options.rounds, chance)
        if options.writes:
            tallies += writes.campaign(Path(top) / "writes", options.writes, chance)
        if options.unauthenticated:
            tallies += unauthenticated.campaign(
                Path(top) / "unauthenticated", options.unauthenticated
            )
        if options.busy:
            tallies += busy.campaign(Path(top) / "busy", options.busy)
    print(table(tallies))
    for tally in tallies:
        for problem in tally.problems:
            print(f"{tally.fault}: {problem}")
    print(f"seed {options.seed}, {time.monotonic() - begun:.0f} s")
    return 1 if any(tally.problems for tally in tallies) else 0


if __name__ == "__main__":
    sys.exit(main())
