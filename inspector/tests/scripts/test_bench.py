"""The benchmark starts, although it has the name of a module of the standard library."""

import subprocess
import sys
from pathlib import Path

BENCH = Path(__file__).resolve().parents[2] / "scripts" / "bench"


def test_the_benchmark_says_what_it_measures(tmp_path):
    done = subprocess.run(
        [sys.executable, BENCH / "inspect.py", "--help"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "usage:" in done.stdout
