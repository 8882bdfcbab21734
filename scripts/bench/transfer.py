"""Move all data of an app from SQLite to PostgreSQL and back: duration, size, and equality.

    .venv/bin/python scripts/bench/transfer.py [--rows 1000000] [--megabytes 2000] [--short]

Fills tests/apps/zoo with rows of many kinds and files, and moves them with the commands that users
type. ``--short`` takes at most a minute. Exit code 1 if the result is not equal. The figures in
docs/how-to/move-data.md come from here.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from pathlib import Path

from djdesk.tools import postgres

ZOO = Path(__file__).resolve().parents[2] / "tests" / "apps" / "zoo"
LEGACY = "from zoo.fill import legacy; legacy()"
# As fast as rows can be created; every fifth has a value of each kind.
FILL = """
from datetime import UTC, datetime, timedelta
from decimal import Decimal
import uuid
from zoo.models import Base, Membership, Place, Values
fifth = {rows} // 5
when = datetime(2026, 1, 1, tzinfo=UTC)
def many(model, rows):
    model._base_manager.bulk_create(rows, batch_size=2000)
Place.objects.create(key=uuid.UUID(int=1))
for begin in range(0, fifth, 20000):
    part = range(begin, min(begin + 20000, fifth))
    many(Base, [Base(pk=2 * n + k + 1, name=f"name {{n}}") for n in part for k in (0, 1)])
    many(Membership, [Membership(place_id=uuid.UUID(int=1), base_id=2 * n + k + 1, role="x" * 40)
                      for n in part for k in (0, 1)])
    many(Values, [Values(code=str(n), raw=bytes(40), price=Decimal(n) / 8, ratio=n / 7, big=n,
                         took=timedelta(seconds=n), at=when + timedelta(seconds=n), day=when.date(),
                         data={{"n": n, "list": [1, 2, 3]}}, text="text " * 20) for n in part])
"""


class Command:
    """``manage.py`` of one side, with its duration and memory."""

    def __init__(self, folder: Path, port: int = 0) -> None:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("DJANGO", "DJDESK"))}
        self.environment = kept | {"DATA_DIR": str(folder)}
        if port:
            self.environment |= {"POSTGRES_PORT": str(port), "POSTGRES_NAME": "zoo"}
        folder.mkdir()
        self("migrate", "-v", "0")

    def __call__(self, *words: str) -> tuple[float, float]:
        """Seconds, and peak memory in MiB."""
        before = time.monotonic()
        process = subprocess.Popen(
            [sys.executable, "manage.py", *words], cwd=ZOO, env=self.environment,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert process.stderr
        said = process.stderr.read()
        if sys.platform == "win32":
            raise RuntimeError("this system does not tell the most memory of a process")
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            sys.exit(said)
        return time.monotonic() - before, usage.ru_maxrss / 1024


def ends(export: Path) -> tuple[dict, set[tuple[str, int]]]:
    """What an export says about its tables, and its files."""
    files = set()
    tables = {}
    with tarfile.open(export) as tar:
        for member in tar:
            if member.name == "rows.json" and (stream := tar.extractfile(member)):
                tables = json.load(stream)
            elif member.name.startswith("files/"):
                files.add((member.name, member.size))
    return tables, files


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--megabytes", type=int, default=2000)
    parser.add_argument("--short", action="store_true", help="a minute at most")
    parser.add_argument("--in", type=Path, dest="top", help="a folder with room for six times that")
    options = parser.parse_args()
    rows, size = (20_000, 20) if options.short else (options.rows, options.megabytes)
    scratch = tempfile.TemporaryDirectory(prefix="djdesk transfer é ", dir=options.top)
    with scratch as name, postgres.running() as port:
        top = Path(name)
        postgres.create(port, "zoo")
        source, middle, target = Command(top / "a"), Command(top / "b", port), Command(top / "c")
        for side in (source, middle, target):
            side("shell", "-c", LEGACY)
        source("shell", "-c", FILL.format(rows=rows))
        media = top / "a" / "media"
        media.mkdir()
        block = os.urandom(1 << 20)
        for number in range(size // 20):
            (media / f"{number}.bin").write_bytes(block * 20)
        for step, side, words in (
            ("export from SQLite", source, ("export", str(top / "1"))),
            ("import into PostgreSQL", middle, ("import", str(top / "1"))),
            ("export from PostgreSQL", middle, ("export", str(top / "2"))),
            ("import into SQLite", target, ("import", str(top / "2"))),
        ):
            taken, memory = side("data", *words)
            print(f"{step:26}{taken:8.1f} s {memory:8.0f} MiB of memory", flush=True)
        target("data", "export", str(top / "3"))
        first, *others = (ends(top / one) for one in "123")
        count = sum(one["rows"] for one in first[0].values())
        export = (top / "1").stat().st_size / 2**20
        shutil.rmtree(media)
    for tables, _ in others:
        for label in first[0]:
            if tables.get(label) != first[0][label]:
                print(f"differs: {label}: {first[0][label]}, {tables.get(label)}")
    equal = sum(one == first for one in others)
    print(
        f"{count} rows and {len(first[1])} files, {export:.0f} MiB in one file, "
        f"{equal} of 2 copies equal"
    )
    return 0 if equal == 2 else 1


if __name__ == "__main__":
    sys.exit(main())
