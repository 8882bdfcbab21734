"""Workers on a server: two on one PostgreSQL, killed and suspended; and what is refused."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.long import LONG

ROOT = Path(__file__).resolve().parents[2]
ZOO = ROOT / "tests" / "apps" / "zoo"

pytest.importorskip("psycopg", reason="needs-package: psycopg (Python)")


def test_sqlite_is_refused(tmp_path):
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("DJANGO", "DJDESK"))}
    done = subprocess.run(
        [sys.executable, "manage.py", "run_worker"],
        cwd=ZOO, env=kept | {"DATA_DIR": str(tmp_path)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "need a database server; this one is sqlite" in done.stderr


@LONG
def test_no_task_is_lost_and_none_done_twice():
    if not list(Path("/usr/lib/postgresql").glob("*/bin/initdb")):
        pytest.skip("needs-package: postgresql")
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "bench" / "workers.py", "--short"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    last = done.stdout.splitlines()[-1]
    assert re.fullmatch(r"18 tasks, 3 killed, 1 held; \d+ begun again, 0 problems", last), last
