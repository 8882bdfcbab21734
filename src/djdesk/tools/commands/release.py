"""``djdesk release``: check what was built, and create the keys and signed feeds for updates."""

from __future__ import annotations

import argparse
import os
import subprocess
from pathlib import Path

from djdesk.tools.project import add_app_option, on_app, report_problem


def add_parser(subparsers: argparse._SubParsersAction) -> None:
    parser = subparsers.add_parser(
        "release",
        help="check what was built, write checksums and the signed feed of updates",
        description="Compares what is in dist/ with what a release of this version has: names, "
        "sizes, fuses of Electron, licences, bill of materials. Writes SHA256SUMS, and the feed of "
        "updates if DJDESK_UPDATE_KEY holds the private key or names its file.",
    )
    add_app_option(parser)
    parser.set_defaults(run=on_app(lambda app, options: _node(app, "release.js", [])))
    steps = parser.add_subparsers(metavar="STEP")

    key = steps.add_parser("key", help="create a key pair for signing updates")
    key.add_argument("file", type=Path, metavar="FILE", help="for the private key")
    key.set_defaults(
        run=lambda options: report_problem(
            lambda: _node(None, "release-feed.js", ["key", str(options.file)])
        )
    )

    feed = steps.add_parser("feed", help="create the signed feed for a folder's artefacts")
    _common(feed)
    feed.add_argument("--channel", help="default: the one in the app's table")
    feed.add_argument(
        "--minimum-from", metavar="VERSION", help="the oldest version that can update"
    )
    feed.add_argument(
        "--notes",
        action="append",
        metavar="[LANGUAGE=]FILE",
        help="what is new, as plain text (default: this version's part of CHANGELOG.md)",
    )
    feed.set_defaults(run=on_app(_feed("feed")))

    announce = steps.add_parser("announce", help="announce a release to more users, or withdraw it")
    _common(announce)
    announce.add_argument("--hold", metavar="TEXT", help="why it is withdrawn")
    announce.set_defaults(run=on_app(_feed("announce")))


def _common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", nargs="?", help="default: dist/")
    add_app_option(parser)
    parser.add_argument("--key", metavar="FILE", help="the private key (or DJDESK_UPDATE_KEY)")
    parser.add_argument(
        "--rollout", metavar="PERCENT", help="share of installations that are offered it"
    )
    parser.add_argument(
        "--expires", metavar="DAYS", help="days until apps warn about missing news (default: 365)"
    )


def _feed(step: str):
    def run(app, options: argparse.Namespace) -> int:
        words = [step, *([options.folder] if options.folder else [])]
        for name in ("channel", "minimum_from", "rollout", "expires", "notes", "hold", "key"):
            value = getattr(options, name, None)
            for one in value if isinstance(value, list) else [value]:
                if one is not None:
                    words.append(f"--{name.replace('_', '-')}={one}")
        return _node(app, "release-feed.js", words)

    return run


def _node(app, script: str, words: list[str]) -> int:
    from djdesk.tools import plan
    from djdesk.tools.nodejs import find_node

    env = dict(os.environ)
    if app is not None:
        env["DJDESK_PLAN"] = str(plan.write_plan(app))
    command = [find_node(), str(plan.NODE_TOOLS / script), *words]
    return subprocess.run(command, env=env, check=False).returncode
