"""``djdesk release``: look at what was built, before anybody gets it, and write its checksums."""

from __future__ import annotations

import argparse
import os
import subprocess

from djdesk.tools.project import add_app_option, on_app


def add_parser(subparsers: argparse._SubParsersAction) -> None:
    parser = subparsers.add_parser(
        "release",
        help="check what was built, and write checksums",
        description="Compares what is in dist/ with what a release of this version has: names, "
        "sizes, fuses of Electron, licences, bill of materials. Writes SHA256SUMS.",
    )
    add_app_option(parser)
    parser.set_defaults(run=on_app(_release))


def _release(app, options: argparse.Namespace) -> int:
    from djdesk.tools import plan
    from djdesk.tools.nodejs import find_node

    env = os.environ | {"DJDESK_PLAN": str(plan.write_plan(app))}
    command = [find_node(), str(plan.NODE_TOOLS / "release.js")]
    return subprocess.run(command, env=env, check=False).returncode
