"""Write inspector/docs/coverage.md: the inspector on real projects from the package index.

    ../.venv/bin/python -m scripts.coverage --cache DIR [--only NAME …] [--write FILE]

Environments are made with uv and kept in DIR; a project that cannot be installed is a row that says
so. Needs the Python versions that ``projects.py`` names (pyenv's or uv's).
"""

from __future__ import annotations

import argparse
import re
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

from .measure import Row, measure
from .projects import PROJECTS, Project


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--write", type=Path)
    parser.add_argument("--uv", default="uv")
    options = parser.parse_args()
    rows = []
    for project in PROJECTS:
        if options.only and project.name not in options.only:
            continue
        print(f"{project.name} …", file=sys.stderr)
        try:
            rows.append(one(project, options.cache / project.name.replace(" ", "-"), options.uv))
        except subprocess.CalledProcessError as error:
            words = (error.stderr or b"").decode(errors="replace").strip().splitlines()
            reason = next((line.strip() for line in words if line.strip()), str(error))
            rows.append(Row(project.name, project.note, loaded=f"not installed: {reason[:120]}"))
        print(line(rows[-1]), file=sys.stderr)
    # Where the cache lies is nobody's business.
    text = re.sub(re.escape(str(options.cache.absolute())) + r"/[^/\s]+/", "", page(rows))
    if options.write:
        options.write.parent.mkdir(parents=True, exist_ok=True)
        options.write.write_text(text)
    else:
        print(text)
    return 0


def one(project: Project, place: Path, uv: str) -> Row:
    """Environment and folder are made once; the measuring is done anew."""
    venv, folder = place / "venv", place / "project"
    if not (place / "made").exists():
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        python = str(venv / "bin" / "python")
        for arguments in (
            ["venv", "-q", "--python", project.python, str(venv)],
            ["pip", "install", "-q", "--python", python, *project.requirements],
        ):
            subprocess.run([uv, *arguments], check=True, capture_output=True)
        project.make(folder, venv)
        (place / "made").touch()
    return measure(
        project.name,
        folder,
        venv / "bin" / "python",
        settings=project.settings,
        note=project.note,
    )


def page(rows: list[Row]) -> str:
    lines = [
        "# Coverage on real projects",
        "",
        "Made by `python -m scripts.coverage` (see its help); do not edit by hand. Projects come "
        "from the package index and are inspected as they are, each with its own environment.",
        "Counts are of the project's own code, static / live; routes are all explicit ones / all. "
        "Recall is the share of live facts that static analysis found too. Seconds and peak memory "
        "are of the whole command, static first and with empty caches (the live run compiles the "
        "project's and Django's byte code), on a machine with two cores.",
        "What its findings are worth on projects of strangers: [findings judged](judged.md).",
        "",
        "| project | Python | Django | loaded | models | fields | relations | migrations | routes "
        "| recall models / fields | static s | live s | peak MB | untouched |",
        "|" + " --- |" * 4 + " ---: |" * 9 + " --- |",
        *(line(row) for row in rows),
        "",
        *summary(rows),
        "",
    ]
    return "\n".join(lines)


def line(row: Row) -> str:
    def pair(key: str) -> str:
        return f"{row.static.get(key, 0)} / {row.live.get(key, 0)}" if row.live else "-"

    def recall(key: str) -> str:
        return f"{row.recall[key]:.1%}" if key in row.recall else "-"

    name = f"{row.name} ({row.note})" if row.note else row.name
    return (
        f"| {name} | {row.python} | {row.django} | {row.loaded} | {pair('models')} | "
        f"{pair('fields')} | {pair('relations')} | {pair('migrations')} | {pair('routes')} | "
        f"{recall('models')} / {recall('fields')} | {row.seconds_static:.1f} | "
        f"{row.seconds_live:.1f} | {row.peak_mb} | {'yes' if row.untouched else 'no'} |"
    )


TARGETS = {"models": 0.98, "fields": 0.95}  # median recall


def summary(rows: list[Row]) -> list[str]:
    loaded = sum(row.loaded.startswith("yes") for row in rows)
    whole = sum(row.loaded.startswith("yes") and ", without" not in row.loaded for row in rows)
    kept = sum(row.untouched for row in rows)
    own = sum(row.loaded.startswith("yes") and bool(row.live.get("models")) for row in rows)
    lines = [
        f"{loaded} of {len(rows)} projects load, {whole} of them with every live section complete, "
        f"{own} of them with models of their own. {kept} of {len(rows)} were left as they were, "
        "byte for byte.",
        "",
    ]
    models = [row.recall["models"] for row in rows if "models" in row.recall]
    fields = [row.recall["fields"] for row in rows if "fields" in row.recall]
    for key, found in (("models", models), ("fields", fields)):
        if found:
            middle, target = statistics.median(found), TARGETS[key]
            verdict = "PASS" if middle >= target else "MISS"
            lines.append(
                f"- Median static recall of {key}: {middle:.1%} over {len(found)} projects, "
                f"the lowest {min(found):.1%}; target {target:.0%}: {verdict}."
            )
    missed = [f"{row.name}: {row.loaded}" for row in rows if not row.loaded.startswith("yes")]
    if missed:
        lines += ["", "What failed:", "", *(f"- {text}" for text in missed)]
    return lines


if __name__ == "__main__":
    sys.exit(main())
