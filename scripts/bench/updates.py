"""Updates under kills, full disks and broken versions. After each fault the app must start, code
and data must match, and no row may be missing.

    .venv/bin/python scripts/bench/updates.py [--short] [--packages DIR] [--seed 1] [--docs]

Builds two versions of the parity app as AppImage and tar.gz, or reuses those in DIR. --short takes
at most 25 minutes on two cores; --docs puts the table into docs/reliability.md. Linux, with what
``npm test -- package`` needs. Exit code 1 if any fault did harm.
"""

from __future__ import annotations

import os.path
import sys

# Imports use the package `bench`, so drop the script's own folder from the path.
if os.path.basename(sys.path[0]) == "bench":  # noqa: PTH119 - pathlib imports too much
    sys.path[0] = os.path.dirname(sys.path[0])  # noqa: PTH120

import argparse
import platform
import random
import shutil
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bench.updating import campaign, packages, versions

ROOT = Path(__file__).resolve().parents[2]
BEGIN, END = "<!-- updates: made by scripts/bench/updates.py -->", "<!-- updates: end -->"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--packages", type=Path)
    parser.add_argument("--small-app-only", action="store_true", help="without real packages")
    parser.add_argument("--docs", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    begun = time.monotonic()
    lines: list[campaign.Line] = []
    with tempfile.TemporaryDirectory(prefix="updates é ", ignore_cleanup_errors=True) as top:
        built = options.packages or Path(top) / "packages"
        seconds = 300 if options.short else 3600
        with ThreadPoolExecutor(1) as pool:
            # In parallel with what follows, which mostly waits.
            build = (
                None if options.small_app_only else pool.submit(versions.build, built, find_uv())
            )
            print("the small app …", flush=True)
            lines += campaign.small_app(random.Random(options.seed), seconds)
            if build:
                build.result()
        if not options.small_app_only:
            print("real packages …", flush=True)
            lines += packages.real_packages(Path(top) / "real", built, options.short)
    text = table(lines)
    print(text)
    for line in lines:
        for problem in line.problems:
            print(f"{line.fault}: {problem}")
    closing = (
        f"{sum(line.injected for line in lines)} faults, {sum(line.survived for line in lines)} "
        f"survived, code and data together {sum(line.together for line in lines)} times, "
        f"rows lost {sum(line.lost for line in lines)}"
    )
    took = f"{(time.monotonic() - begun) / 60:.0f} min, {platform.system()}, {os.cpu_count()} cores"
    print(f"{closing}\n{took}, seed {options.seed}")
    if options.docs:
        words = " ".join(sys.argv[1:]).replace(" --docs", "").replace("--docs", "")
        write_docs(f"`scripts/bench/updates.py {words}`: {closing}\n({took}).\n\n{text}")
    return 1 if any(line.problems for line in lines) else 0


def table(lines: list[campaign.Line]) -> str:
    rows = [
        "| fault | where | injected | survived | code and data together | rows lost | ended as |",
        "| --- | --- | ---: | ---: | ---: | ---: | --- |",
    ]
    rows += [
        f"| {line.fault} | {line.where} | {line.injected} | {line.survived} | {line.together} | "
        f"{line.lost} | {', '.join(sorted(line.ends))} |"
        for line in lines
    ]
    return "\n".join(rows)


def write_docs(text: str) -> None:
    file = ROOT / "docs" / "reliability.md"
    before, _, rest = file.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    file.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}")


def find_uv() -> str:
    own = ROOT / ".tools" / "uv" / "bin" / "uv"
    found = os.environ.get("UV") or shutil.which("uv") or (str(own) if own.exists() else "")
    if not found:
        raise SystemExit("uv was not found; name one in the variable UV")
    return found


if __name__ == "__main__":
    raise SystemExit(main())
