"""Short campaigns in which no process may end; long version: scripts/bench/faults.py."""

import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "scripts"))

from bench.campaigns import busy

from tests.long import LONG

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="the campaigns send SIGKILL"),
    pytest.mark.skipif(not shutil.which("node"), reason="the shell runs under node"),
]


@LONG
def test_locks_full_disks_slow_requests_the_gil_and_changed_files_end_nothing(tmp_path):
    for tally in busy.campaign(tmp_path / "é", 4):
        assert tally.problems == [], tally.fault
        assert tally.survived == tally.intact == tally.injected, tally.fault
