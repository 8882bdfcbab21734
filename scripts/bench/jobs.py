"""Heavy jobs under faults and load, on the real shell with the simulation example. Seeded.

    .venv/bin/python scripts/bench/jobs.py [--kills 20] [--seed 1] [--short]

Kills job, worker and shell at random moments, and compares each result with that of an undisturbed
run; lets a job use too much memory; measures response times under load, cancellation and the cost
of progress. ``--short`` takes at most a minute. Exit code 1 if a job was lost, differs or left a
process, and without ``--short`` also if a figure is above its limit. The numbers in
docs/reliability.md come from here.
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

from bench.campaigns import jobs

# By prefix of the figure's name.
LIMITS = {
    "memory hog": 1024.0,
    "swap": 64.0,
    "health p95 busy": 50.0,
    "another lane begins p95 busy": 300.0,
    "cancel listening": 1.0,
    "cancel deaf": 16.0,
    "cost of": 5.0,
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--short", action="store_true", help="a minute at most")
    options = parser.parse_args()
    short = options.short
    number = 3 if short else options.kills
    chance = random.Random(options.seed)
    begun = time.monotonic()
    found = jobs.Found()
    scratch = tempfile.TemporaryDirectory(prefix="djdesk jobs é ", ignore_cleanup_errors=True)
    with scratch as top, jobs.opened(Path(top)) as bench:
        jobs.kills(bench, number, 150 if short else 600, chance, found)
        jobs.memory(bench, found)
        jobs.load(bench, 2 if short else 20, found)
        jobs.cancel(bench, found, with_deaf=not short)
        jobs.progress(bench, 50_000 if short else 1_000_000, found)
    late = 0
    for name, value in found.figures.items():
        limit = next((limit for start, limit in LIMITS.items() if name.startswith(start)), None)
        late += limit is not None and value > limit
        print(f"{name:42}{value:9.1f}" + (f"   (limit {limit:g})" if limit is not None else ""))
    for problem in found.problems:
        print(f"problem: {problem}")
    killed = sum(found.kills.values())
    counts = ", ".join(f"{count} {victim}" for victim, count in found.kills.items())
    print(f"seed {options.seed}, {time.monotonic() - begun:.0f} s")
    print(
        f"{killed} kills ({counts}), {found.resumed} resumed from the last checkpoint, "
        f"{found.orphans} orphans, {found.equal} of {found.results} results equal, "
        f"{len(found.problems)} problems, {late} figures above their limit"
    )
    return 1 if found.problems or found.resumed != killed or (late and not short) else 0


if __name__ == "__main__":
    sys.exit(main())
