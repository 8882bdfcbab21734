"""Collect the licences of everything that is shipped, and list it as a CycloneDX SBOM.

    python -m djdesk.tools.notices --stage FOLDER --modules FOLDER

Reads the staged Python side and the list of the shell's bundled packages; writes LICENSES.txt,
which the app shows (Help, Licences), and sbom.cdx.json. A part without a licence is an error; one
without a licence text is reported.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from ..stage.places import StageProblem
from .parts import Part, everything
from .sbom import bill

LINE = "=" * 80


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--stage", type=Path, required=True, help="folder of the staged app")
    parser.add_argument("--modules", type=Path, required=True, help="folder of node_modules")
    options = parser.parse_args(argv)
    try:
        parts = everything(options.stage.absolute(), options.modules)
    except (StageProblem, OSError) as problem:
        print(problem, file=sys.stderr)
        return 1
    if silent := [part.name for part in parts if not part.texts and not part.beside]:
        print(
            f"No licence was found for: {', '.join(silent)}. Put its text into "
            "licences/NAME.txt in the app's folder, or leave the package out.",
            file=sys.stderr,
        )
        return 1
    if named := [f"{part.name} ({part.license})" for part in parts if _only_named(part)]:
        print(
            f"The licence is named, but its text is missing: {', '.join(named)}. If the licence "
            "must be shipped with its text, put that into licences/NAME.txt in the app's folder.",
            file=sys.stderr,
        )
    manifest = json.loads((options.stage / "backend" / "manifest.json").read_text("utf-8"))
    app = json.loads((options.stage / "resources" / "app.json").read_text("utf-8"))
    (options.stage / "LICENSES.txt").write_text(page(parts, app["name"]), encoding="utf-8")
    text = json.dumps(bill(parts, manifest, app), indent=2, ensure_ascii=False)
    (options.stage / "sbom.cdx.json").write_text(text + "\n", encoding="utf-8")
    print(f"{len(parts)} components, each with a licence", file=sys.stderr)
    return 0


def _only_named(part: Part) -> bool:
    return part.purl.startswith("pkg:pypi/") and not part.texts


def page(parts: list[Part], name: str) -> str:
    """One text file: first the list, then the licence texts."""
    out = [f"What {name} contains, and under which licences. Built with DJDesk.", ""]
    for part in parts:
        out.append(f"  {part.name} {part.version}: {part.license or 'see its text'}")
    for part in parts:
        out += ["", LINE, f"{part.name} {part.version}", LINE, ""]
        out += [part.beside] if part.beside else []
        out += part.texts
    return "\n".join(out).rstrip() + "\n"


if __name__ == "__main__":
    sys.exit(main())
