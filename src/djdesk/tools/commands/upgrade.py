"""``djdesk upgrade``: show djdesk's changes since the version that the app requires."""

from __future__ import annotations

import argparse
import re

from djdesk import __version__
from djdesk.tools.problem import ToolProblem
from djdesk.tools.project import add_app_option, on_app

# Matches the requirement in pyproject.toml: "djdesk>=1.2", "djdesk[node]==1.2.3".
LINE = re.compile(r"""(["'])djdesk(\[[^\]]*\])?\s*(>=|==|~=)\s*(\d[\w.]*)\1""")


def add_parser(subparsers: argparse._SubParsersAction) -> None:
    parser = subparsers.add_parser(
        "upgrade",
        help="show what changed in djdesk, and update one line",
        description="Shows what changed in djdesk between the version that pyproject.toml names "
        "and the installed one, then sets that line.",
    )
    add_app_option(parser)
    parser.add_argument(
        "--check",
        action="store_true",
        help="change nothing; exit code 1 if there is something to do",
    )
    parser.set_defaults(run=on_app(_upgrade))


def _upgrade(app, options: argparse.Namespace) -> int:
    from djdesk.tools import plan

    file = app.root / "pyproject.toml"
    text = file.read_text(encoding="utf-8")
    match = LINE.search(text)
    if match is None:
        raise ToolProblem(
            f"{file} does not say which djdesk the app was made for.",
            f'Add "djdesk>={__version__}" to its dependencies.',
        )
    made_for = match[4]
    if made_for == __version__:
        print(f"The app was made for djdesk {__version__}, which is installed.")
        return 0
    print(f"The app was made for djdesk {made_for}. Installed is {__version__}.\n")
    print(changes_since(plan.changelog().read_text(encoding="utf-8"), made_for))
    new = match[0].replace(made_for, __version__)
    if plan.ejected(app):
        print("The app has its own copy of the shell (electron/): merge the changes yourself.\n")
    print(f"{file.name}:\n- {match[0]}\n+ {new}")
    if options.check:
        return 1
    file.write_text(text[: match.start()] + new + text[match.end() :], encoding="utf-8")
    if (app.root / "uv.lock").is_file():
        print("\nNow: uv lock --upgrade-package djdesk")
    return 0


def changes_since(changelog: str, version: str) -> str:
    """The sections of a changelog (Keep a Changelog) newer than ``version``."""
    sections = re.split(r"^(?=## )", changelog, flags=re.M)[1:]
    newer = []
    for section in sections:
        title = section.splitlines()[0]
        if re.match(rf"## \[?v?{re.escape(version)}\b", title):
            break
        newer.append(section.rstrip() + "\n")
    return "\n".join(newer)
