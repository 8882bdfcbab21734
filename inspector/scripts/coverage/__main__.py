"""Write inspector/docs/coverage.md: the inspector on real projects with their whole repositories.

    ../.venv/bin/python -m scripts.coverage --sources DIR --cache DIR [--only NAME …] [--write FILE]

The ``--sources`` folder holds the repositories in ``projects.py``, as ``owner/name`` or
``owner+name``. Only packages are downloaded, by uv, from each project's own lock file or
requirements. Copies, environments and results are kept in ``--cache``, so that one project can be
measured alone (``--only``) and the page includes all results. Each project is scanned by ``djdesk
inspect`` without and with its code running, with empty caches. Then ``oracle.py``, which shares no
code with the inspector, asks Django in the same environment for models, fields and relations in the
registry, the migration graph and applied migrations, routes of the resolver, changed settings, the
admin registry and system checks. Every difference is a row. ``--findings`` prints the findings to
judge instead; verdicts are in ``judgements.py``.

Needs git, and the Python versions that ``projects.py`` names (pyenv's, else uv finds them).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from .measure import measure
from .page import page
from .prepare import prepare
from .projects import PROJECTS, Project


def main() -> int:
    parser = argparse.ArgumentParser(
        "python -m scripts.coverage",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--sources", type=Path, required=True, metavar="DIR")
    parser.add_argument("--cache", type=Path, required=True, metavar="DIR")
    parser.add_argument("--only", nargs="*", metavar="NAME", help="measure these, none without one")
    parser.add_argument("--write", type=Path, metavar="FILE", help="else the page is printed")
    parser.add_argument("--findings", action="store_true", help="print findings, not the page")
    parser.add_argument("--uv", default="uv")
    options = parser.parse_args()
    for project in PROJECTS:
        if options.only is None or project.name in options.only:
            print(f"{project.name} …", file=sys.stderr)
            row = one(project, options.sources, options.cache, options.uv)
            kept(options.cache, project).write_text(json.dumps(row, indent=1))
    rows = [
        json.loads(file.read_text())
        for project in PROJECTS
        if (file := kept(options.cache, project)).exists()
    ]
    if options.findings:
        shown = [row for row in rows if not options.only or row["name"] in options.only]
        print("\n".join(line for row in shown for line in to_judge(row)))
    elif options.write:
        options.write.write_text(page(rows))
    else:
        print(page(rows))
    return 0


def place(cache: Path, project: Project) -> Path:
    return cache.absolute() / project.name.replace("/", "+")


def kept(cache: Path, project: Project) -> Path:
    return place(cache, project) / "measured.json"


def one(project: Project, sources: Path, cache: Path, uv: str) -> dict[str, Any]:
    try:
        repository, venv = prepare(project, sources.absolute(), place(cache, project), uv)
    except subprocess.CalledProcessError as error:
        words = (error.stderr or b"").decode(errors="replace").strip().splitlines()
        reason = next((line.strip() for line in reversed(words) if line.strip()), str(error))
        return {"name": project.name, "kind": project.kind, "not_installed": reason[:200]}
    return measure(project, repository, venv)


def to_judge(row: dict[str, Any]) -> list[str]:
    lines = [f"== {row['name']}: {row.get('not_installed') or row.get('why') or 'loaded'}"]
    for found in row.get("findings", ()):
        lines += [f"{found['severity']} {found['id']}: {found['title']}", f"    {found['text']}"]
        lines += [
            f"    - {one['text']} ({one['file']}:{one['line']})" for one in found["facts"][:12]
        ]
    for kind, found in row.get("different", {}).items():
        lines += [f"    {kind}, {side}: {found[side]}" for side in found if found[side]]
    return lines


if __name__ == "__main__":
    sys.exit(main())
