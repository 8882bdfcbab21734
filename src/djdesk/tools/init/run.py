"""``djdesk init``, from its arguments to the report."""

from __future__ import annotations

import json
import shutil
import time

from djdesk.projects.readiness.ask import Questions
from djdesk.projects.readiness.decide import decided
from djdesk.projects.readiness.options import Options, Result, tell
from djdesk.projects.readiness.report import as_text, level, to_json, union
from djdesk.tools.init.find import candidates, find

from .beside import beside
from .dependencies import install, uv
from .in_place import in_place


def run(options: Options) -> int:
    """Exit code: 0 for levels A and B, 4 for C and D. Raises ToolProblem."""
    begun = time.monotonic()
    ask = Questions.here(yes=options.yes)
    project = find(options.path, settings=options.settings, manage=options.manage)
    if options.report_only:
        result = decided(project, options, ask, candidates(project, options, ask)[0])
    elif options.out:
        result = beside(project, options, ask)
    else:
        result = in_place(project, options, ask)
    packages = uv.seconds()
    own = time.monotonic() - begun - packages
    work = uv.processor_seconds()
    tell(f"done in {own:.1f} s ({work:.1f} s of work), and {packages:.1f} s for packages", end=".")
    rows = union(result.decisions)
    if options.json:
        print(json.dumps(to_json(rows), ensure_ascii=False, indent=2))
    else:
        print(as_text(rows))
        for line in ask.taken:
            print(f"\nNot asked: {line}")
        _next(result, options)
    return 0 if level(rows) in "AB" else 4


def _next(result: Result, options: Options) -> None:
    if result.folder is None:
        return
    print(f"\nThe table: {result.folder / 'pyproject.toml'}\n\nNow:\n  cd {result.folder}")
    own = install.python_of(result.folder).with_name("djdesk")
    program = ".venv/bin/djdesk" if options.out and own.is_file() else "djdesk"
    if not options.out and shutil.which("uv"):
        print("  uv add djdesk")
    print(f"  {program} start\n  {program} prove\n  {program} package")
