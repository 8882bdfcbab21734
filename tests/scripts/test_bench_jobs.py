"""Heavy jobs on the real shell: killed, resumed, with the same result as an undisturbed run."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.long import LONG

BENCH = Path(__file__).resolve().parents[2] / "scripts" / "bench" / "jobs.py"

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="it is measured on Linux"),
    LONG,
]


def test_no_kill_loses_a_job_or_leaves_a_process():
    done = subprocess.run(
        [sys.executable, BENCH, "--short"], capture_output=True, text=True, check=False, timeout=500
    )
    assert done.returncode == 0, done.stdout + done.stderr
    last = done.stdout.splitlines()[-1]
    assert re.match(
        r"3 kills \(1 job, 1 worker, 1 shell\), 3 resumed from the last checkpoint, 0 orphans, "
        r"(\d+) of \1 results equal, 0 problems",
        last,
    ), last
