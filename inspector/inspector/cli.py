"""``djdesk inspect``: a snapshot from the command line. Does not import Django."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

from djdesk import __version__
from djdesk.projects.discovery.env_files import RESERVED, SIZE_LIMIT, parse
from djdesk.projects.discovery.project import DiscoveryError, find_project
from djdesk.projects.reading import Unreadable, load_json, read_bytes, read_text
from inspector.engine import Options, inspect
from inspector.engine.repair import NAME
from inspector.events import Event
from inspector.facts import baseline, diff, findings_of, snapshot
from inspector.facts.rows import FindingRow
from inspector.facts.sarif import sarif
from inspector.facts.snapshot import SCHEMA
from inspector.facts.terminal import clean, render, render_diff
from inspector.sections.scan import Snapshot

SNAPSHOT_LIMIT = 512 * 2**20  # bytes
COMPLETE, FAILED, USAGE, NO_PROJECT, PARTIAL, FINDINGS, INTERRUPTED = 0, 1, 2, 3, 4, 5, 130

# File extension -> kind in lab.files. For notebooks, --notebook chooses the kind.
ENDINGS = {
    ".html": "report",
    ".ipynb": "",
    ".zip": "tables",
    ".json": "snapshot",
    ".mmd": "mermaid",
    ".dbml": "dbml",
    ".dot": "dot",
}

EPILOG = """\
The source is read; the project's code runs only with --trust. Nothing is written to the project.

exit codes:
  0    complete
  1    the scan failed, nothing was found out
  2    wrong arguments
  3    not a Django project
  4    partial: something failed or cannot be seen in the source, the rest is there;
       with --fail-on or --write-baseline this is no failure
  5    findings of the level of --fail-on that the baseline does not know
  130  interrupted
"""


def add_parser(subparsers: Any) -> None:
    """Entry point in the `djdesk.commands` group."""
    parser = subparsers.add_parser(
        "inspect",
        help="say what a Django project is made of",
        description="Say what a Django project is made of.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("path", metavar="PATH", help="the project's folder")
    parser.add_argument(
        "--trust", action="store_true", help="run the project's code for URLs, checks and databases"
    )
    parser.add_argument(
        "--format",
        choices=["text", "json", "sarif"],
        default="text",
        help="text for people (default), json for programs: the snapshot alone on stdout; sarif for"
        " code hosts: the findings",
    )
    parser.add_argument(
        "--fail-on",
        choices=["error", "warning"],
        help="exit with 5 where there are findings of this level or a higher one",
    )
    parser.add_argument(
        "--baseline",
        metavar="FILE",
        help="findings that are known already: left out, and not counted",
    )
    parser.add_argument(
        "--write-baseline", metavar="FILE", help="make all findings of this scan known"
    )
    parser.add_argument("--python", metavar="PATH", help="interpreter or environment to use")
    parser.add_argument(
        "--ask-database",
        metavar="ALIAS",
        action="append",
        default=[],
        help="connect to this server database of the settings, for reading (with --trust)",
    )
    parser.add_argument(
        "--without-sandbox",
        "--without-jail",  # its name before 0.2.0
        action="store_true",
        help="run the project's code with the guard alone, where the sandbox does not start",
    )
    parser.add_argument("--settings", metavar="MODULE", help="settings module to use")
    parser.add_argument(
        "--env",
        metavar="NAME=VALUE",
        action="append",
        default=[],
        type=_variable,
        help="a variable of the environment for the project's code; may be given several times",
    )
    parser.add_argument(
        "--env-file",
        metavar="FILE",
        action="append",
        default=[],
        help="take variables from a file such as .env",
    )
    parser.add_argument(
        "--time-limit",
        type=_seconds,
        default=300.0,
        metavar="S",
        help="seconds after which the project's code is ended (default 300)",
    )
    parser.add_argument(
        "--diff",
        metavar="OLD.json",
        help="say what changed since a snapshot that was kept with --format json",
    )
    parser.add_argument(
        "--export",
        metavar="FILE",
        action="append",
        default=[],
        type=_export,
        help="also write a file, by its ending: .html, .ipynb, .zip (CSV), .json, .mmd, .dbml,"
        " .dot; may be given several times",
    )
    parser.add_argument(
        "--notebook",
        choices=["overview", "models", "migrations", "urls", "changes"],
        default="overview",
        help="which notebook .ipynb is (default overview; changes needs --diff)",
    )
    parser.add_argument(
        "--own-only", action="store_true", help="export only what is the project's own"
    )
    parser.set_defaults(run=run)


def _seconds(text: str) -> float:
    value = float(text)
    if not 1 <= value <= 86_400:
        raise argparse.ArgumentTypeError("must be between 1 and 86400 seconds")
    return value


def _variable(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not NAME.match(name):
        raise argparse.ArgumentTypeError("must be NAME=VALUE")
    if RESERVED.match(name):
        raise argparse.ArgumentTypeError(f"{name} cannot be set for an inspection")
    return name, value


def _variables(arguments: argparse.Namespace) -> dict[str, str]:
    """Values from the files first, then values given one by one. Raises ``ValueError`` with a
    message.
    """
    found: dict[str, str] = {}
    for name in arguments.env_file:
        text = read_text(Path(name), SIZE_LIMIT)
        if text is None:
            raise ValueError(f"{name} cannot be read.")
        found |= parse(text)
    return found | dict(arguments.env)


def _export(text: str) -> Path:
    path = Path(text)
    if path.suffix not in ENDINGS:
        raise argparse.ArgumentTypeError(f"must end in one of {', '.join(ENDINGS)}")
    return path


def run(arguments: argparse.Namespace) -> int:
    """Run the command; the return value is the exit code."""
    try:
        project = find_project(
            Path(arguments.path), python=arguments.python, settings=arguments.settings
        )
    except DiscoveryError as error:
        print(f"djdesk: {error.reason}", file=sys.stderr)
        for title, rows in (("Looked for", error.looked_for), ("Found", error.found)):
            if rows:
                print(f"{title}:", *(f"  {row}" for row in rows), sep="\n", file=sys.stderr)
        return NO_PROJECT
    earlier: Snapshot | None = None
    if arguments.diff:
        try:
            earlier = read_snapshot(Path(arguments.diff))
        except ValueError as error:
            print(f"djdesk: {error}", file=sys.stderr)
            return USAGE
    if arguments.notebook == "changes" and earlier is None and _wants(arguments, ".ipynb"):
        print("djdesk: the notebook of changes needs --diff OLD.json", file=sys.stderr)
        return USAGE
    try:
        variables = _variables(arguments)
        known = baseline.read(Path(arguments.baseline)) if arguments.baseline else None
    except ValueError as error:
        print(f"djdesk: {error}", file=sys.stderr)
        return USAGE
    stop = _Stop()
    options = Options(
        trust=arguments.trust,
        env=variables,
        time_limit=arguments.time_limit,
        section_limit=min(60.0, arguments.time_limit),
        connect_to=tuple(arguments.ask_database),
        sandbox=not arguments.without_sandbox,
    )
    with stop.installed():
        events = _shown(inspect(project, options, stop))
        result = snapshot(events)
    if known:
        result["dismissed"] = [
            {"id": kind, "text": text, "file": file} for kind, text, file in sorted(known)
        ]
    try:
        if arguments.format == "sarif":
            json.dump(sarif(result, _findings(result), known, __version__), sys.stdout, indent=1)
            sys.stdout.write("\n")
        elif arguments.format == "json":
            shown = result if earlier is None else diff(earlier, result)
            json.dump(shown, sys.stdout, ensure_ascii=True)
            sys.stdout.write("\n")
        else:
            text = render(result) if earlier is None else render_diff(diff(earlier, result))
            sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:  # `djdesk inspect … | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if result["status"] in ("complete", "partial") and not _exported(arguments, result, earlier):
        return FAILED
    code = {
        "complete": COMPLETE,
        "partial": PARTIAL,
        "failed": FAILED,
        "cancelled": INTERRUPTED,
    }[result["status"]]
    if code not in {COMPLETE, PARTIAL}:
        return code
    if arguments.write_baseline and not _baseline_written(arguments.write_baseline, result):
        return FAILED
    if arguments.fail_on:
        return _judged(result, arguments.fail_on, known)
    # The baseline was written, which is what the user asked for: gaps in the source do not count as
    # a failure.
    return COMPLETE if arguments.write_baseline else code


def _findings(result: Snapshot) -> list[FindingRow]:
    """All findings with all their facts, known ones included."""
    return findings_of({**result, "dismissed": []}, facts=sys.maxsize)


def _baseline_written(name: str, result: Snapshot) -> bool:
    try:
        Path(name).write_text(baseline.written(_findings(result)), "utf-8")
    except OSError as error:
        print(f"djdesk: {name} cannot be written: {error.strerror}", file=sys.stderr)
        return False
    return True


def _judged(result: Snapshot, level: str, known: set[baseline.Key] | None) -> int:
    """Print one line for each new finding of that level; True if there is any."""
    wanted = {"error"} if level == "error" else {"error", "warning"}
    rows = [one for one in _findings(result) if one["severity"] in wanted]
    rows = baseline.new(rows, known or set())
    for one in rows:
        place = f" ({one['file']}:{one['line']})" if one["file"] and one["line"] else ""
        print(clean(f"djdesk: {one['severity']}: {one['title']}{place}"), file=sys.stderr)
    return FINDINGS if rows else COMPLETE


def _wants(arguments: argparse.Namespace, ending: str) -> bool:
    return any(path.suffix == ending for path in arguments.export)


def _exported(arguments: argparse.Namespace, result: Snapshot, earlier: Snapshot | None) -> bool:
    """Write the requested files; False if one could not be written."""
    if not arguments.export:
        return True
    # Imported here because the report needs Django, which a plain inspection does not.
    from inspector.lab import files
    from inspector.lab.scope import narrowed

    if arguments.own_only:
        result, earlier = narrowed(result), narrowed(earlier) if earlier else None
    whole = True
    for path in arguments.export:
        key = ENDINGS[path.suffix] or f"notebook-{arguments.notebook}"
        try:
            files.write_file(files.KINDS[key], path, result, earlier, lambda what: None)
        except OSError as error:
            print(f"djdesk: {files.sentence(error, path.absolute().parent)}", file=sys.stderr)
            whole = False
        else:
            print(f"djdesk: wrote {path}", file=sys.stderr)
    return whole


def read_snapshot(file: Path) -> Snapshot:
    """Read a snapshot from a file. Raises ``ValueError`` with a message."""
    try:
        data = load_json(read_bytes(file, SNAPSHOT_LIMIT))
    except OSError as error:
        raise ValueError(f"{file} cannot be read: {error.strerror}.") from error
    except Unreadable as error:
        raise ValueError(f"{file} is not JSON: {error}.") from error
    if not isinstance(data, dict) or not isinstance(data.get("sections"), dict):
        raise ValueError(f"{file} is not a snapshot. Make one with --format json.")
    if data.get("schema") != SCHEMA:
        raise ValueError(f"{file} has schema {data.get('schema')}; this djdesk knows {SCHEMA}.")
    return cast(Snapshot, data)


class _Stop:
    """Turns Ctrl+C into a cancel request; the engine then ends the child's process group and
    reports it.
    """

    def __init__(self) -> None:
        self.requested = False

    def __call__(self) -> bool:
        return self.requested

    @contextlib.contextmanager
    def installed(self) -> Iterator[None]:
        def ask(number: int, frame: object) -> None:
            self.requested = True

        before = {one: signal.signal(one, ask) for one in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for one, handler in before.items():
                signal.signal(one, handler)


def _shown(events: Iterator[Event]) -> Iterator[Event]:
    """Pass the events through, showing progress on stderr when it is a terminal."""
    watched = sys.stderr.isatty()
    started = time.monotonic()
    for event in events:
        if watched and event["event"] == "stage":
            share = event["progress"]
            percent = "" if share is None else f"{share:4.0%} "
            seconds = time.monotonic() - started
            sys.stderr.write(f"\r\x1b[K{percent}{event['text']} ({seconds:.1f} s)")
            sys.stderr.flush()
        yield event
    if watched:
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()
