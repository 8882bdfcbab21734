"""``djdesk prove``: what would happen on a user's computer, with the location of every fault."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from djdesk.tools.project import add_app_option, on_app


def add_parser(subparsers: argparse._SubParsersAction) -> None:
    parser = subparsers.add_parser(
        "prove",
        help="run the app as a user would, and report what does not work",
        description="Runs the app on empty data in a temporary folder as users will run it, visits "
        "every page that needs no arguments, and reports what does not work, with file and line. "
        "The network is not used. Exit code: 0 good, 1 faults.",
    )
    add_app_option(parser)
    parser.add_argument(
        "--format", choices=["text", "json"], default="text", help="what is printed (default: text)"
    )
    parser.add_argument(
        "--report", type=Path, metavar="FILE.html", help="also write a report with pictures"
    )
    parser.add_argument(
        "--shell", choices=["auto", "window", "chromium", "none"], default="auto",
        help="what visits the pages; default: the window, else Chromium, else no browser",
    )  # fmt: skip
    parser.add_argument(
        "--data", type=Path, metavar="DIR", help="use a copy of this data folder, not empty data"
    )
    parser.add_argument(
        "--pages", type=int, default=100, metavar="N",
        help="visit at most N pages per visitor (default: 100)",
    )  # fmt: skip
    parser.set_defaults(run=on_app(_prove))


def _prove(app, options: argparse.Namespace) -> int:
    from djdesk.projects.readiness.report import as_text
    from djdesk.tools.prove.judge import judge
    from djdesk.tools.prove.places import Places
    from djdesk.tools.prove.report import as_html, as_json
    from djdesk.tools.prove.run import Options, prove

    def say(line: str) -> None:
        print(line, file=sys.stderr, flush=True)

    if options.report and not options.report.absolute().parent.is_dir():
        from djdesk.tools.problem import ToolProblem

        raise ToolProblem(f"There is no folder {options.report.absolute().parent}.", "--report")
    try:
        seen = prove(app, Options(options.shell, options.data, options.pages), say)
    except KeyboardInterrupt:
        say("Interrupted.")
        return 130
    folders = seen.facts.get("folders", {"own": [], "packages": []})
    decisions = judge(
        seen, Places(seen.project or app.project, folders["own"], folders["packages"])
    )
    if options.report:
        options.report.write_text(as_html(app, seen, decisions), encoding="utf-8")
    if options.format == "json":
        print(json.dumps(as_json(app, seen, decisions), ensure_ascii=False, indent=2))
    else:
        print(as_text(decisions))
    return 1 if any(one.level not in ("", "A") for one in decisions) else 0
