"""``djdesk doctor``: examine an installation and advise what to do."""

from __future__ import annotations

import argparse

from ..doctor import examine
from .common import EXIT_FAILED, add_common, data_dir, output

SIGNS = {"ok": "ok     ", "warning": "warning", "error": "ERROR  "}


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "doctor",
        help="examine an installation and say what to do",
        description="Examine an installation and say what to do.",
        epilog="exit codes: 0 no errors (warnings possible); 1 errors; 2 usage",
    )
    add_common(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    findings = examine(data_dir(arguments))
    lines = []
    for finding in findings:
        lines.append(f"{SIGNS[finding.verdict]}  {finding.topic}: {finding.text}")
        if finding.advice:
            lines.append(f"         {finding.advice}")
    output(arguments, [finding.as_dict() for finding in findings], "\n".join(lines))
    return EXIT_FAILED if any(finding.verdict == "error" for finding in findings) else 0
