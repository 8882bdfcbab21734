"""Builds the page with the measurements."""

from __future__ import annotations

import statistics
from collections import Counter
from typing import Any

from .judgements import JUDGED, VERDICTS

Row = dict[str, Any]
KINDS = ("models", "fields", "relations", "migrations", "routes", "settings", "admin", "checks")
LEVELS = ("error", "warning", "info")
TARGETS = {"models": 0.98, "fields": 0.95}  # median recall of the source alone


def page(rows: list[Row]) -> str:
    done = [row for row in rows if "not_installed" not in row]
    lines = [
        "# Coverage on real projects",
        "",
        "Made by `python -m scripts.coverage` (see its help); do not edit by hand. Each project is",
        "its whole repository, with an environment of its own lock or requirements, and was",
        "inspected as somebody does who opens it for the first time and then trusts it. Projects",
        "with a star were never scanned before; the engine was the same for all of them.",
        "",
        "## Facts",
        "",
        "Counts are those of a scan with the project's code running, installed apps included. A",
        "script that shares nothing with the engine asked Django itself in the same environment;",
        "the last column says where the two differ: what only Django has, and what only we have.",
        "",
        table(["project", "date", "Python", "Django", *KINDS, "differences"], 4, done, facts_row),
        "",
        *compared(done),
        "",
        "## Findings",
        "",
        "Every finding was judged by reading the source: useful, noise (true, and of no use to",
        "anybody), misleading, false. More projects, and what was mended: [judged](judged.md).",
        "",
        table(
            ["project", *LEVELS, *VERDICTS, "not judged", "wrong errors and warnings"],
            1,
            done,
            findings_row,
        ),
        "",
        *judged(done),
        "",
        "## Time and memory",
        "",
        "Of the whole command, first without and then with the project's code, on two cores that",
        "were busy with other work. Caches are empty, so Python compiles the project and Django.",
        "",
        table(
            ["project", "what is special", "without s", "with s", "peak MB", "untouched"],
            2,
            done,
            cost_row,
        ),
        "",
        *reasons(rows),
    ]
    return "\n".join(lines).rstrip() + "\n"


def table(names: list[str], texts: int, rows: list[Row], cells: Any) -> str:
    rule = " --- |" * texts + " ---: |" * (len(names) - texts)
    if names[-1] in {"differences", "untouched"}:
        rule = rule.removesuffix(" ---: |") + " --- |"
    body = ["| " + " | ".join(map(str, cells(row))) + " |" for row in rows]
    return "\n".join(["| " + " | ".join(names) + " |", "|" + rule, *body])


def name(row: Row) -> str:
    return f"{row['name']} *" if row.get("unseen") else str(row["name"])


def facts_row(row: Row) -> list[Any]:
    counts = [row["counts"].get(key, 0) if row["loaded"] else "-" for key in KINDS]
    return [name(row), row["date"], row["python"], row["django"], *counts, differences(row)]


def differences(row: Row) -> str:
    if not row["loaded"]:
        return "not loaded"
    if "different" not in row:
        return "not compared"
    parts = []
    for kind, found in row["different"].items():
        missing, extra = len(found["missing"]), len(found["extra"])
        texts = [f"{missing} missing"] if missing else []
        texts += [f"{extra} more"] if extra else []
        parts.append(f"{kind}: {', '.join(texts)}")
    parts += [f"{kind.replace('_', ' ')} not compared" for kind in row["failed"]]
    return "; ".join(parts) or "none"


def compared(rows: list[Row]) -> list[str]:
    lines = []
    equal = sum(differences(row) == "none" for row in rows)
    several = sum("different" in row for row in rows)
    lines.append(f"{equal} of {several} projects that were compared have no difference at all.")
    for key, target in TARGETS.items():
        found = [row["recall"][key] for row in rows if key in row.get("recall", {})]
        if found:
            middle = statistics.median(found)
            verdict = "PASS" if middle >= target else "MISS"
            lines.append(
                f"Of {key}, the source alone tells {middle:.1%} (median; the lowest"
                f" {min(found):.1%}; target {target:.0%}: {verdict})."
            )
    return lines


def verdicts(row: Row, *levels: str) -> Counter[str]:
    known = JUDGED.get(row["name"], {})
    return Counter(
        known.get(one["id"], ("not judged",))[0]
        for one in row["findings"]
        if one["severity"] in (levels or LEVELS)
    )


def wrong(row: Row) -> int:
    found = verdicts(row, "error", "warning")
    return found["misleading"] + found["false"]


def findings_row(row: Row) -> list[Any]:
    levels = Counter(one["severity"] for one in row["findings"])
    found = verdicts(row)
    counts = [found[name] for name in (*VERDICTS, "not judged")]
    return [name(row), *(levels[name] for name in LEVELS), *counts, wrong(row)]


def judged(rows: list[Row]) -> list[str]:
    total: Counter[str] = Counter()
    for row in rows:
        total += verdicts(row)
    count = sum(total[name] for name in VERDICTS)
    if not count:
        return []
    shares = ", ".join(f"{total[name]} {name}" for name in VERDICTS)
    loud = sum(sum(verdicts(row, "error", "warning").values()) for row in rows)
    return [
        f"{count} findings on {len(rows)} projects: {shares}; {total['useful'] / count:.0%} useful"
        f" (target 60%). Of {loud} errors and",
        f"warnings {sum(map(wrong, rows))} are false or misleading (target 0):",
        "",
        *[
            f"- {row['name']}, {one['title']}: {verdict}, because {why}."
            for row in rows
            for one in row["findings"]
            for verdict, why in [JUDGED.get(row["name"], {}).get(one["id"], ("", ""))]
            if one["severity"] != "info" and verdict in {"misleading", "false"}
        ],
    ]


def cost_row(row: Row) -> list[Any]:
    without, with_code = row["seconds"]
    untouched = "yes" if row["changed"] == [] else "no"
    return [name(row), row["kind"], without, with_code, row["peak_mb"], untouched]


def reasons(rows: list[Row]) -> list[str]:
    lines = []
    for row in rows:
        if "not_installed" in row:
            lines.append(f"- {row['name']} is not installed, because: {row['not_installed']}")
        elif not row["loaded"]:
            lines.append(f"- {row['name']} is not loaded, because: {row['why']}")
        elif "oracle" in row:
            lines.append(f"- {row['name']} is not compared, because: {row['oracle']}")
        elif row["failed"]:
            texts = [f"{kind.replace('_', ' ')}: {why}" for kind, why in row["failed"].items()]
            lines.append(f"- {row['name']} is not compared whole: {'; '.join(texts)}")
        elif row["without"]:
            lines.append(f"- {row['name']} has no live {', '.join(row['without'])}")
    return ["## What failed", "", *lines] if lines else []
