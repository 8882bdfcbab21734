"""``djdesk test …``: the app's own tests, under the desktop settings, on throw-away data."""

from __future__ import annotations

import argparse
import importlib.util
import os
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

from djdesk.tools.project import on_app


def add_parser(subparsers: argparse._SubParsersAction) -> None:
    parser = subparsers.add_parser(
        "test",
        help="run the app's tests with the desktop settings",
        description="Runs pytest if the app configures it, otherwise Django's test runner. Further "
        "arguments are passed on.",
        add_help=False,
    )
    parser.add_argument("arguments", nargs=argparse.REMAINDER, metavar="…")
    parser.set_defaults(run=on_app(_test), app=None)


def _test(app, options: argparse.Namespace) -> int:
    from djdesk.tools.desktop import check_loading, environment

    program = ["-m", "pytest"] if uses_pytest(app.project) else ["-m", "django", "test"]
    with tempfile.TemporaryDirectory(prefix="djdesk-test-", ignore_cleanup_errors=True) as data:
        env = environment(app, "test", Path(data).resolve() / "data")
        env["PYTHONPATH"] = os.pathsep.join(
            [*map(str, app.import_folders), *filter(None, [os.environ.get("PYTHONPATH")])]
        )
        check_loading(app.project, env)
        command = [sys.executable, "-X", "utf8", *program, *options.arguments]
        return subprocess.run(command, cwd=app.project, env=env, check=False).returncode


def uses_pytest(root: Path) -> bool:
    """Whether the app configures pytest, and pytest is there with its Django plugin."""
    file = root / "pyproject.toml"
    project = tomllib.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    configured = "pytest" in project.get("tool", {}) or (root / "pytest.ini").is_file()
    return configured and all(map(importlib.util.find_spec, ("pytest", "pytest_django")))
