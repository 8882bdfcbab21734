"""The short form of the fault campaigns; the long form is scripts/bench/faults.py."""

import random
import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "scripts"))

from bench.campaigns import processes, writes

from tests.long import LONG

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the campaigns send SIGKILL")


@pytest.mark.skipif(not shutil.which("node"), reason="needs-package: nodejs")
@LONG
def test_kills_of_processes_leave_nothing_behind(tmp_path):
    for tally in processes.campaign(tmp_path / "é", 4, random.Random(4), timeout=20):
        assert tally.problems == []
        assert (tally.survived, tally.intact, tally.orphans) == (tally.injected, tally.injected, 0)


@LONG
def test_kills_during_writes_lose_nothing_that_was_confirmed(tmp_path):
    for tally in writes.campaign(tmp_path / "é", 8, random.Random(8)):
        assert tally.problems == []
        assert tally.survived == tally.intact == tally.injected
