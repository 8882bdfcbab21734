"""``djdesk package``: build the app's installers for the current system."""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from pathlib import Path

from djdesk.tools.problem import ToolProblem
from djdesk.tools.project import add_app_option, on_app
from djdesk.tools.scratch import results


def add_parser(subparsers: argparse._SubParsersAction) -> None:
    parser = subparsers.add_parser(
        "package",
        help="build installers for this system",
        description="Stages Python, the app and its packages, tests every page, and builds the "
        "packages for this system in dist/. Users need no Python, no Node and no network.",
    )
    add_app_option(parser)
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--dir", action="store_true", help="an unpacked app only")
    what.add_argument(
        "--targets", default="", metavar="A,B",
        help="electron-builder's names: AppImage, deb, tar.gz; nsis, portable; dmg, zip",
    )  # fmt: skip
    parser.add_argument("--staged", action="store_true", help="do not stage the Python side again")
    parser.add_argument(
        "--stage-only", action="store_true", help="stage and test it, build nothing"
    )
    parser.add_argument("--strip", action="store_true", help="remove symbols from ELF files")
    parser.add_argument(
        "--requirements", type=Path, metavar="FILE",
        help="versions with hashes (default: uv.lock, requirements.txt, else this environment's)",
    )  # fmt: skip
    parser.add_argument(
        "--python-archive", type=Path, metavar="FILE",
        help="an install_only archive of python-build-standalone (default: uv fetches one; "
        "DJDESK_PYTHON_ARCHIVE)",
    )  # fmt: skip
    parser.add_argument(
        "--with-faults", action="store_true", help="package an app with pages that answer 500"
    )
    parser.add_argument("--uv", help="the uv to use")
    parser.set_defaults(run=on_app(_package))


def _package(app, options: argparse.Namespace) -> int:
    from djdesk.tools import plan
    from djdesk.tools.builds import built
    from djdesk.tools.nodejs import find_node
    from djdesk.tools.stage.build import Options, build
    from djdesk.tools.stage.places import Backend, StageProblem

    targets = ["dir"] if options.dir else [name for name in options.targets.split(",") if name]
    if any(not re.fullmatch(r"[A-Za-z0-9.]+", name) for name in targets):
        raise ToolProblem("--targets needs names separated by commas.")
    # Checked before staging, which takes minutes.
    node = find_node()
    file = plan.write_plan(app)
    backend = Backend(app.root / plan.MADE / "stage" / "backend")
    if not (options.staged and backend.manifest.is_file()):
        source = built(app, lambda line: print(line, file=sys.stderr, flush=True))
        try:
            build(
                app, backend,
                Options.named(
                    archive=options.python_archive, uv=options.uv, strip=options.strip,
                    requirements=options.requirements, with_faults=options.with_faults,
                ),
                source,
            )  # fmt: skip
        except StageProblem as problem:
            backend.manifest.unlink(missing_ok=True)
            raise ToolProblem(str(problem), problem.hint, problem.detail) from problem
    if options.stage_only:
        return 0
    with results(plan.dist_folder(app), plan.made(app) / "packaging.json"):
        done = subprocess.run(
            [node, plan.NODE_TOOLS / "package.js", *targets],
            env=os.environ | {"DJDESK_PLAN": str(file)}, check=False,
        )  # fmt: skip
    if done.returncode == 0:
        print(f"\nDone: {plan.dist_folder(app)}", file=sys.stderr)
    return done.returncode
