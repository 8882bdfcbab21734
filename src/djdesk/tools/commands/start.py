"""``djdesk start``: run the app in development, in a window or a browser."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

from djdesk.tools.project import add_app_option, on_app


def add_parser(subparsers: argparse._SubParsersAction) -> None:
    parser = subparsers.add_parser(
        "start",
        help="start the app, with debug pages and reload",
        description="Starts the app in this folder. It reloads after changes to Python, templates "
        "and static files. Pages and this terminal show errors; breakpoint() stops here.",
    )
    add_app_option(parser)
    parser.add_argument(
        "--shell", choices=["auto", "electron", "browser"], default="auto",
        help="a window (electron) or your own browser; default: the window, if possible",
    )  # fmt: skip
    parser.add_argument(
        "--no-open", action="store_true",
        help="for scripts: open nothing; the first line of output is "
        '{"event":"ready","url":…,"pid":…}',
    )  # fmt: skip
    parser.add_argument(
        "--as-packaged", action="store_true", help="as users will run it: no debug pages, no reload"
    )
    parser.add_argument("--safe-mode", action="store_true", help="without background tasks")
    parser.add_argument(
        "--data-dir",
        type=Path,
        metavar="DIR",
        help="keep the data there (default: where the app keeps it for users)",
    )
    parser.set_defaults(run=on_app(_start))


def _start(app, options: argparse.Namespace) -> int:
    from djdesk.desktop import data_owner, datadir
    from djdesk.tools import plan
    from djdesk.tools.desktop import Mode, environment
    from djdesk.tools.nodejs import find_node

    node = find_node()
    data_dir = options.data_dir.absolute() if options.data_dir else datadir.default(app)
    mode: Mode = "packaged" if options.as_packaged else "development"
    data_owner.check(data_dir, app)
    env = environment(app, mode, data_dir) | {
        "DJDESK_PLAN": str(plan.write_plan(app)),
        "DJDESK_PYTHON": sys.executable,
        "DJDESK_TERMINAL": "" if options.as_packaged else _terminal(),
    }
    if options.as_packaged:
        collect_static_files(app, data_dir)
    print(f"Data: {data_dir}", file=sys.stderr, flush=True)
    command = [
        node, str(plan.NODE_TOOLS / "start.js"), "--shell", options.shell,
        *(["--no-open"] if options.no_open else []),
        *(["--safe-mode"] if options.safe_mode else []),
        *(["--data-dir", str(data_dir)] if options.data_dir else []),
    ]  # fmt: skip
    if sys.platform != "win32":
        # Replaces this process, so that the shell gets signals and the terminal.
        os.execve(node, command, env)  # noqa: S606
    return subprocess.run(command, env=env, check=False).returncode


def collect_static_files(app, data_dir: Path) -> None:
    """With hashed names, as packaging does. Raises ToolProblem with what is missing."""
    from djdesk.tools.desktop import environment
    from djdesk.tools.problem import ToolProblem

    print("Making the static files…", file=sys.stderr, flush=True)
    done = subprocess.run(
        [
            sys.executable, "-X", "utf8", "-m", "djdesk.desktop.loading", "collectstatic",
            "--noinput", "--clear", "-v", "0",
        ],
        cwd=app.project, capture_output=True, text=True, check=False,
        env=environment(app, "packaged", data_dir),
    )  # fmt: skip
    if done.returncode != 0:
        raise ToolProblem(
            "The static files could not be made.",
            "The message below names the file that a style sheet, script or template asks for.",
            done.stderr.strip()[-2000:],
        )


def _terminal() -> str:
    """The device name of the developer's terminal, or an empty string."""
    if sys.platform == "win32":
        return ""
    try:
        return os.ttyname(sys.stdin.fileno())
    except (AttributeError, OSError, ValueError):
        return ""
