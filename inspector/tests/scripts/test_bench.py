"""The benchmarks start, although one has the name of a module of the standard library."""

import subprocess
import sys
from pathlib import Path

import pytest

BENCH = Path(__file__).resolve().parents[2] / "scripts" / "bench"


@pytest.mark.parametrize("name", ["home", "inspect"])
def test_the_benchmark_says_what_it_measures(name, tmp_path):
    done = subprocess.run(
        [sys.executable, BENCH / f"{name}.py", "--help"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "usage:" in done.stdout
