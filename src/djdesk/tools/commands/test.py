"""``djdesk test …``: the app's own tests with the desktop settings, on throw-away data."""

from __future__ import annotations

import argparse
import importlib.util
import os
import subprocess
import sys
import tomllib
from pathlib import Path

from djdesk.tools.plan import made
from djdesk.tools.problem import ToolProblem
from djdesk.tools.project import on_app
from djdesk.tools.scratch import temporary_folder


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

    program = ["-m", "django", "test"]
    with temporary_folder("test") as data:
        env = environment(app, "test", data / "data")
        env["PYTHONPATH"] = os.pathsep.join(
            [*map(str, app.import_folders), *filter(None, [os.environ.get("PYTHONPATH")])]
        )
        if uses_pytest(app.project):
            program = ["-m", "pytest"]
        if app.given_project:
            # Do not write byte code into a project that is separate from its table.
            env["PYTHONPYCACHEPREFIX"] = str(made(app) / "pycache")
            if "pytest" in program:
                program += ["-o", f"cache_dir={made(app) / 'pytest'}"]
        check_loading(app.project, env)
        command = [sys.executable, "-X", "utf8", *program, *options.arguments]
        return subprocess.run(command, cwd=app.project, env=env, check=False).returncode


def uses_pytest(root: Path) -> bool:
    """Whether the app configures pytest. Raises ToolProblem if it does but pytest is
    not installed.
    """
    file = root / "pyproject.toml"
    project = tomllib.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    if "pytest" not in project.get("tool", {}) and not (root / "pytest.ini").is_file():
        return False
    missing = [name for name in ("pytest", "pytest_django") if not importlib.util.find_spec(name)]
    if missing:
        raise ToolProblem(
            f"The project's tests run with pytest, but {' and '.join(missing)} is not "
            "installed in this environment.",
            "Install it, with what else the tests need: uv pip install --python "
            f"{sys.executable} pytest pytest-django",
        )
    return True
