"""The benchmarks start although one shares its name with a standard library module;
they measure and record.
"""

import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from inspector.static_analysis import mofile, pofile

BENCH = Path(__file__).resolve().parents[2] / "scripts" / "bench"
CATALOGUES = runpy.run_path(str(BENCH / "catalogues.py"))
FIGURES = runpy.run_path(str(BENCH / "figures.py"))


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


def test_generated_catalogues_are_whole_and_say_the_same_in_both_files(tmp_path):
    CATALOGUES["catalogues"](tmp_path, 2)
    files = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert 2 * 2**20 <= sum(file.stat().st_size for file in files) < 5 * 2**20
    source = pofile.read((tmp_path / "locale/aa/LC_MESSAGES/django.po").read_bytes())
    texts = mofile.read((tmp_path / "locale/aa/LC_MESSAGES/django.mo").read_bytes())
    assert source.errors == [] and source.untranslated > 100 and source.translated == len(texts)
    assert mofile.compare(source, texts).count == 0
    texts.popitem()
    assert mofile.compare(source, texts).count == 1


ROW = {
    "name": "shop",
    "models": 30,
    "own": 1.0,
    "live": 1.4,
    "live_cpu": 1.6,
    "spread": (1.3, 1.5),
    "first": 0.5,
    "again": {"models.py": 0.2, "urls.py": 0.25},
    "again_cpu": {"models.py": 0.31, "urls.py": 0.2},
    "starts": "3, then 1",
}


def test_figures_are_held_against_their_targets():
    assert [line.partition(":")[0] for line in FIGURES["verdicts"](ROW)] == [
        "PASS  whole live half / own",
        "MISS  whole live half / own, processor",
        "PASS  first live sections / own",
        "PASS  static scan again / first, urls.py touched",
        "MISS  static scan again / first, processor, models.py touched",
    ]


def test_the_document_has_the_projects_that_were_measured_and_no_others(tmp_path):
    file, marks = tmp_path / "engine.md", FIGURES["DOCS"]
    old = "| project | models |\n| --- | --- |\n| other | 5 |\n| shop | 9 |"
    file.write_text(f"before\n{marks[0]}\n\n{old}\n\n{marks[1]}\nafter\n")
    FIGURES["documented"]([ROW, {**ROW, "name": "third"}], file, 2.4)
    text = file.read_text()
    assert text.startswith("before\n") and text.endswith("\nafter\n")
    rows = [line for line in text.splitlines() if line.startswith("| ")][2:]
    assert rows[0] == (
        "| shop | 30 | 1.00 | 1.40 (1.30 to 1.50) | 1.60, missed | 0.50 | 0.25 | 0.31, missed "
        "| 3, then 1 | 2 |"
    )
    assert [row.split()[1] for row in rows] == ["shop", "third"]


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        ("shop", "shop"),
        ("shop/src", "shop"),
        ("owner+shop/project/src", "shop"),
        ("taken/project", "taken (3)"),
    ],
)
def test_projects_are_told_apart_whatever_their_folders_are_called(folder, name):
    assert FIGURES["project_name"](Path("/") / folder, {"taken", "taken (2)"}) == name
