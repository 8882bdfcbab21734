"""Measure the staged backend and enforce its size budget.

    .venv/bin/python scripts/size_budget.py [--markdown] [--budget MB]

The budget is for the whole as tar.xz on Linux, in megabytes (10^6 bytes). Exit code 1 above it.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from djdesk.tools.stage.places import Backend
from djdesk.tools.stage.sizes import weigh

STAGED = Path(__file__).resolve().parents[1] / "inspector/.djdesk/stage/backend"
BUDGET = 15.0


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--backend", type=Path, default=STAGED)
    parser.add_argument("--budget", type=float, default=BUDGET, help="MB (default: %(default)s)")
    parser.add_argument("--markdown", action="store_true", help="a table for docs/packaging.md")
    options = parser.parse_args(argv)
    rows = weigh(Backend(options.backend.absolute()), each=options.markdown)
    if options.markdown:
        print("| part | files | MB | MB as tar.xz |\n| --- | ---: | ---: | ---: |")
    line = "| {} | {} | {:.1f} | {} |" if options.markdown else "{:40}{:>7}{:>9.1f}{:>9}"
    for row in rows:
        # Without a table, the parts are not compressed individually.
        compressed = f"{row.compressed / 1e6:.1f}" if row.compressed else ""
        print(line.format(row.part, row.files, row.size / 1e6, compressed))
    total = rows[-1].compressed / 1e6
    within = total <= options.budget
    verdict = "within" if within else "ABOVE"
    print(f"\n{total:.1f} MB as tar.xz: {verdict} the budget of {options.budget:g} MB")
    return 0 if within else 1


if __name__ == "__main__":
    sys.exit(main())
