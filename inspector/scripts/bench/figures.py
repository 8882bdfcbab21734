"""Formats measurements: as a table, against targets, and as rows of a document."""

from __future__ import annotations

import itertools
import math
from pathlib import Path
from typing import Any

Row = dict[str, Any]
# Exponent up to which growth counts as linear: seconds ~ models ** exponent,
# with a margin for noise.
LINEAR = 1.1
LIVE, FIRST, AGAIN = 1.5, 1.0, 0.3  # targets
# Folder names that do not identify a project.
UNNAMED = ("project", "src", "source", "sandbox", "app", "backend", "checkout", "repo", "")
DOCS = ("<!-- measured by bench/inspect.py -->", "<!-- end of what was measured -->")


def project_name(source: Path, taken: set[str]) -> str:
    """The project's name in the tables: its folder, or the parent of a folder such as `src`."""
    named = next((one.name for one in (source, *source.parents) if one.name not in UNNAMED), "")
    name = named.rpartition("+")[2] or source.name
    numbers = (f"{name} ({number})" for number in itertools.count(2))
    return next(one for one in itertools.chain([name], numbers) if one not in taken)


def shown(rows: list[Row]) -> None:
    names = ["project", "models", "own s", "live x", "cpu", "first x", "deploy x", "starts"]
    table = [[*names, "static s", "MB", "again x", "cpu"]]
    for row in rows:
        loaded = "live" in row
        cells = [f"{row[key]:.2f}" for key in ("live", "live_cpu", "first", "deploy") if loaded]
        table.append(
            [
                row["name"],
                str(row["models"]),
                f"{row['own']:.2f}" if loaded else "does not load",
                *(cells or ["-"] * 4),
                row["starts"],
                f"{row['static']:.2f}",
                f"{row['mb']:.0f}",
                f"{worst(row, 'again')[1]:.2f}",
                f"{worst(row, 'again_cpu')[1]:.2f}",
            ]
        )
    widths = [max(len(line[at]) for line in table) for at in range(len(table[0]))]
    for line in table:
        cells = [cell.ljust(width) for cell, width in zip(line, widths, strict=True)]
        print("  ".join(cells).rstrip())


def worst(row: Row, key: str) -> tuple[str, float]:
    """The most expensive file to touch, and its share of the first scan."""
    rows: dict[str, float] = row[key]
    return max(rows.items(), key=lambda item: item[1], default=("", 0.0))


def verdict(text: str, value: float, limit: float) -> str:
    return f"{'PASS' if value <= limit else 'MISS'}  {text}: {value:.2f} (at most {limit:g})"


def verdicts(row: Row) -> list[str]:
    """One line per target, in wall-clock time and processor seconds."""
    lines = []
    if "live" in row:
        low, high = row["spread"]
        lines += [
            verdict("whole live half / own", row["live"], LIVE) + f", {low:.2f} to {high:.2f}",
            verdict("whole live half / own, processor", row["live_cpu"], LIVE),
            verdict("first live sections / own", row["first"], FIRST),
        ]
    for key, unit in (("again", ""), ("again_cpu", ", processor")):
        if row[key]:
            file, value = worst(row, key)
            lines.append(verdict(f"static scan again / first{unit}, {file} touched", value, AGAIN))
    if row["models"] >= 1000:
        lines.append(verdict("static scan, seconds", row["static"], 3.0))
        lines.append(verdict("static scan, MB", row["mb"], 250.0))
    return lines


def growth(rows: list[Row]) -> list[str]:
    """How times grow with the number of models, between consecutive sizes."""
    lines = []
    for key, text in (("static", "static scan"), ("seconds", "live scan")):
        known = [row for row in rows if key in row]
        for small, large in itertools.pairwise(known):
            more = large["models"] / small["models"]
            exponent = math.log(large[key] / small[key]) / math.log(more)
            each = (large[key] - small[key]) / (large["models"] - small["models"]) * 1000
            good = "no worse than linear" if exponent <= LINEAR else "WORSE THAN LINEAR"
            lines.append(
                f"{'PASS' if exponent <= LINEAR else 'MISS'}  growth of the {text}, "
                f"{small['models']} to {large['models']} models: seconds ~ models^{exponent:.2f}, "
                f"{each:.2f} ms for each further model: {good}"
            )
    return lines


def documented(rows: list[Row], file: Path, load: float) -> None:
    """Write the table between the document's two markers. Rows of other projects are removed,
    because they were measured with another engine or on another day.
    """
    before, _, rest = file.read_text("utf-8").partition(DOCS[0])
    after = rest.partition(DOCS[1])[2]
    table = "\n".join([*_head(), *(_line(row, load) for row in rows)])
    file.write_text(f"{before}{DOCS[0]}\n\n{table}\n\n{DOCS[1]}{after}", "utf-8")


def _head() -> list[str]:
    names = ["project", "models", "own, s", f"live half, at most {LIVE:g}", "processor"]
    names += [f"first sections, at most {FIRST:g}", f"source again, at most {AGAIN:g}"]
    names += ["processor", "starts", "load"]
    return ["| " + " | ".join(names) + " |", "| " + " | ".join("---" for _ in names) + " |"]


def _line(row: Row, load: float) -> str:
    def told(value: float, limit: float, more: str = "") -> str:
        return f"{value:.2f}{more}{', missed' if value > limit else ''}"

    cells = [row["name"], str(row["models"])]
    if "live" in row:
        low, high = row["spread"]
        cells += [f"{row['own']:.2f}", told(row["live"], LIVE, f" ({low:.2f} to {high:.2f})")]
        cells += [told(row["live_cpu"], LIVE), told(row["first"], FIRST)]
    else:
        cells += ["does not load", "", "", ""]
    cells += [told(worst(row, key)[1], AGAIN) for key in ("again", "again_cpu")]
    return "| " + " | ".join([*cells, row["starts"], f"{load:.0f}"]) + " |"
