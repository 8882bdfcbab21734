"""Two workers with separate data folders on one PostgreSQL, killed at random. Seeded.

    .venv/bin/python scripts/bench/workers.py [--minutes 10] [--seed 1] [--short]

Queues tasks that run once, repeatable ones and heavy jobs, kills a worker every few seconds, or
suspends it for longer than its lease, and starts a replacement. ``--short`` takes a minute or two.
Exit code 1 if a task was lost, repeated without being declared repeatable, or a process was left
over. The figures in docs/how-to/web.md come from here.
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
from collections import Counter
from pathlib import Path

from bench.campaigns import workers


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--short", action="store_true", help="four kills")
    options = parser.parse_args()
    chance = random.Random(options.seed)
    begun = time.monotonic()
    scratch = tempfile.TemporaryDirectory(prefix="djdesk workers ", ignore_cleanup_errors=True)
    with scratch as top, workers.opened(Path(top)) as bench:
        if options.short:
            bench.queue(once=8, again=8, count=2)
            bench.trouble(chance, kills=4)
        else:
            end = time.monotonic() + options.minutes * 60
            while time.monotonic() < end:
                bench.queue(once=10, again=10, count=2)
                bench.trouble(chance, kills=6)
        bench.settle()
        problems = bench.problems()
        ends = Counter(f"{kind} {status.lower()}" for kind, _, status, _ in bench.results())
        left = bench.stop()
    problems += [f"process {pid} was left" for pid in left]
    for problem in problems:
        print(f"problem: {problem}")
    print(f"seed {options.seed}, {time.monotonic() - begun:.0f} s; {dict(sorted(ends.items()))}")
    trouble = ", ".join(f"{count} {kind}" for kind, count in bench.done.items())
    print(
        f"{sum(ends.values())} tasks, {trouble}; {bench.begun_again} begun again, "
        f"{len(problems)} problems"
    )
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
